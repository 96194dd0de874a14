import { View } from '@tarojs/components';
import type { OwnRefundView } from '../../../../src/contracts/index.ts';
import { Badge, Card, Notice } from '../../components/card.tsx';
import { Step } from '../../components/step.tsx';
import { yuan } from '../../money.ts';
import { progressOf } from '../../refund-progress.ts';
import { shanghaiMinute } from '../../shanghai-time.ts';
import { t } from '../../words.ts';

/** Money on its way back, newest first. `refunds` null: it could not be asked for. */
export function Refunds({ refunds }: { refunds: OwnRefundView[] | null }) {
  if (refunds === null) return <Notice tone="mind">{t('refund.unknown')}</Notice>;
  if (refunds.length === 0) return null;
  return (
    <Card title={t('refund.title')}>
      {refunds.map((refund) => (
        <RefundWay key={refund.createdAt} refund={refund} />
      ))}
    </Card>
  );
}

function RefundWay({ refund }: { refund: OwnRefundView }) {
  const { tone, words, steps } = progressOf(refund);
  return (
    <View className="order-refund">
      <View className="order-head">
        <View className="order-refund-amount">{yuan(refund.amountFen)}</View>
        <Badge tone={tone}>{words}</Badge>
      </View>
      <View className="order-small order-refund-reason">{t('refund.reasonIs', { reason: refund.reason })}</View>
      {steps.map(({ is, title, at, says }, position) => (
        <Step is={is} title={title} key={position}>
          {says === null ? null : <View className="order-small">{says}</View>}
          {at === null ? null : <View className="order-small">{shanghaiMinute(at)}</View>}
        </Step>
      ))}
    </View>
  );
}
