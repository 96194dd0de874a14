import { View } from '@tarojs/components';
import type { OrderView } from '../../../../src/contracts/index.ts';
import { cancelReasons, orderStates } from '../../../../src/contracts/index.ts';
import { Badge, Card, Fact, Notice } from '../../components/card.tsx';
import { clockFace } from '../../countdown.ts';
import { yuan } from '../../money.ts';
import { shanghaiMinute } from '../../shanghai-time.ts';
import { toneOfOrder } from '../../tones.ts';
import { useRemaining } from '../../use-remaining.ts';
import { t } from '../../words.ts';

/** What it is, where it stands, and what must not be overlooked. */
export function OrderHead({ order, onOver }: { order: OrderView; onOver(): void }) {
  return (
    <>
      <Card>
        <View className="order-head">
          <View className="order-name">{order.serviceName}</View>
          <Badge tone={toneOfOrder(order.state)}>{orderStates[order.state]}</Badge>
        </View>
        <View className="order-package">{order.packageName}</View>
        <Fact label={t('order.amount')} strong>
          {yuan(order.amountFen)}
        </Fact>
        <Fact label={t('order.paid')}>{yuan(order.paidFen)}</Fact>
        {order.dueFen > 0 ? <Fact label={t('order.due')}>{yuan(order.dueFen)}</Fact> : null}
        {order.cancelReason === null ? null : <View className="order-small">{cancelReasons[order.cancelReason]}</View>}
      </Card>
      {order.disputedFen > 0 ? (
        <Notice tone="mind">{t('order.disputed', { amount: yuan(order.disputedFen) })}</Notice>
      ) : null}
      <PayBefore expiresAt={order.expiresAt} onOver={onOver} />
    </>
  );
}

function PayBefore({ expiresAt, onOver }: { expiresAt: string | null; onOver(): void }) {
  const left = useRemaining(expiresAt, onOver);
  if (expiresAt === null || left === null) return null;
  const says = left === 0 ? t('pay.timeOver') : t('pay.timeLeft', { time: clockFace(left) });
  return (
    <Notice tone="mind">
      {says}
      <View className="order-small">{t('order.expiresAt', { time: shanghaiMinute(expiresAt) })}</View>
    </Notice>
  );
}
