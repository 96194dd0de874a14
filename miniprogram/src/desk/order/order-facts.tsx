import { View } from '@tarojs/components';
import type { InstalmentView, MilestoneView, OrderView } from '../../../../src/contracts/index.ts';
import { instalmentStates, lineKinds, preCheckVerdicts } from '../../../../src/contracts/index.ts';
import { Badge, Card, Fact } from '../../components/card.tsx';
import { Step } from '../../components/step.tsx';
import { yuan } from '../../money.ts';
import { shanghaiMinute } from '../../shanghai-time.ts';
import { toneOfInstalment, toneOfVerdict } from '../../tones.ts';
import { t } from '../../words.ts';

export function OrderFacts({ order }: { order: OrderView }) {
  return (
    <>
      {order.instalments.length > 1 ? <Instalments instalments={order.instalments} /> : null}
      {order.milestones.length > 0 ? <Milestones milestones={order.milestones} /> : null}
      <Card title={t('order.lines')}>
        {order.lines.map(({ kind, name, amountFen }) => (
          <Fact key={`${kind} ${name}`} label={kind === 'service' ? name : `${name}（${lineKinds[kind]}）`}>
            {yuan(amountFen)}
          </Fact>
        ))}
        <Fact label={t('order.amount')} strong>
          {yuan(order.amountFen)}
        </Fact>
      </Card>
      <Buyer order={order} />
      {order.preCheck.length > 0 ? <PreCheckKept items={order.preCheck} /> : null}
      <Card>
        <Fact label={t('order.number')}>{order.number}</Fact>
        <Fact label={t('order.placedAt')}>{shanghaiMinute(order.placedAt)}</Fact>
        {order.cancelledAt === null ? null : (
          <Fact label={t('order.cancelledAt')}>{shanghaiMinute(order.cancelledAt)}</Fact>
        )}
      </Card>
    </>
  );
}

function Instalments({ instalments }: { instalments: InstalmentView[] }) {
  return (
    <Card title={t('order.instalments')}>
      {instalments.map(({ position, name, milestoneName, amountFen, state, paidAt }) => (
        <View className="order-instalment" key={position}>
          <Fact label={t('confirm.instalment', { position, name })}>{yuan(amountFen)}</Fact>
          <View className="order-instalment-state">
            <View className="order-small">
              {paidAt === null
                ? t('order.instalmentAt', { milestone: milestoneName })
                : t('order.paidAt', { time: shanghaiMinute(paidAt) })}
            </View>
            <Badge tone={toneOfInstalment(state)}>{instalmentStates[state]}</Badge>
          </View>
        </View>
      ))}
    </Card>
  );
}

function Milestones({ milestones }: { milestones: MilestoneView[] }) {
  return (
    <Card title={t('order.milestones')}>
      {milestones.map(({ code, name, reachedAt }) => (
        <Step is={reachedAt === null ? 'open' : 'done'} title={name} key={code}>
          <View className="order-small">{reachedAt === null ? t('order.notReached') : shanghaiMinute(reachedAt)}</View>
        </Step>
      ))}
    </Card>
  );
}

function Buyer({ order: { buyer, province, note } }: { order: OrderView }) {
  return (
    <Card title={t('order.buyer')}>
      {buyer.companyName === null ? null : <Fact label={t('confirm.companyName')}>{buyer.companyName}</Fact>}
      {buyer.creditCode === null ? null : <Fact label={t('confirm.creditCode')}>{buyer.creditCode}</Fact>}
      <Fact label={t('confirm.contactName')}>{buyer.contactName}</Fact>
      <Fact label={t('confirm.contactPhone')}>{buyer.contactPhoneMasked}</Fact>
      {province === null ? null : <Fact label={t('order.province')}>{province}</Fact>}
      {note === null ? null : <Fact label={t('order.note')}>{note}</Fact>}
    </Card>
  );
}

function PreCheckKept({ items }: { items: OrderView['preCheck'] }) {
  return (
    <Card title={t('order.preCheck')}>
      {items.map(({ code, question, verdict, advice }) => (
        <View className="order-check" key={code}>
          <View className="order-check-head">
            <View className="order-check-question">{question}</View>
            <Badge tone={toneOfVerdict(verdict)}>{preCheckVerdicts[verdict]}</Badge>
          </View>
          {advice === null ? null : <View className="order-small">{t('service.advice', { advice })}</View>}
        </View>
      ))}
    </Card>
  );
}
