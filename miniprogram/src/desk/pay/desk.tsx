import { View } from '@tarojs/components';
import { useEffect } from 'react';
import type { FrontSettings, OrderView } from '../../../../src/contracts/index.ts';
import { orderStates } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { Card, Notice } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { clockFace } from '../../countdown.ts';
import { go } from '../../go.ts';
import { yuan } from '../../money.ts';
import type { Place } from '../../platform/place.ts';
import { useRemaining } from '../../use-remaining.ts';
import { t } from '../../words.ts';
import { Confirming, Paid, Undecided } from './outcome.tsx';
import { OtherScreen } from './other-screen.tsx';
import { usePayment } from './use-payment.ts';

interface DeskProps {
  order: OrderView;
  settings: FrontSettings | null;
  place: Place;
  reload(): Promise<void>;
}

export function Desk({ order, settings, place, reload }: DeskProps) {
  const payment = usePayment(order, settings, reload);
  const { stage } = payment;

  // Whoever comes back from paying elsewhere should not be asked to pay again.
  const before = order.payment;
  useEffect(() => {
    if (before?.state === 'open') void payment.lookOnce(before.number, null);
    // Once, for the attempt that was there when the page opened.
  }, []);

  if (stage.is === 'confirming') return <Confirming />;
  if (stage.is === 'paid') return <Paid amountFen={stage.amountFen} number={order.number} />;
  if (stage.is === 'undecided')
    return (
      <Undecided
        number={order.number}
        onAsk={() => payment.askAgain(stage.number)}
        onPayAgain={payment.startOver}
        busy={payment.busy}
      />
    );
  if (!order.canPay) return <NothingDue order={order} told={stage.told} />;

  const amount = yuan(order.dueFen);
  return (
    <>
      <Due order={order} onOver={() => void reload()} />
      {order.disputedFen > 0 ? (
        <Notice tone="mind">{t('order.disputed', { amount: yuan(order.disputedFen) })}</Notice>
      ) : null}
      {stage.told ? <Notice tone="mind">{stage.told}</Notice> : null}
      <Press wide busy={payment.busy && payment.qr === null} onPress={payment.pay}>
        {t(place === 'browser' ? 'pay.h5' : 'pay.button', { amount })}
      </Press>
      <OtherScreen qr={payment.qr} disabled={payment.busy} onShow={payment.showQr} onHide={payment.hideQr} />
      <View className="pay-safety">{t('pay.safety')}</View>
    </>
  );
}

function Due({ order, onOver }: { order: OrderView; onOver(): void }) {
  const left = useRemaining(order.expiresAt, onOver);
  return (
    <Card>
      <View className="pay-for">
        {order.serviceName} · {order.packageName}
      </View>
      <View className="pay-label">{t('pay.amount')}</View>
      <View className="pay-amount">{yuan(order.dueFen)}</View>
      {left === null ? null : (
        <View className="pay-time">
          {left === 0 ? t('pay.timeOver') : t('pay.timeLeft', { time: clockFace(left) })}
        </View>
      )}
    </Card>
  );
}

function NothingDue({ order, told }: { order: OrderView; told: string | null }) {
  return (
    <View className="state">
      <View className="state-title">{t('pay.orderState', { state: orderStates[order.state] })}</View>
      <View className="state-says">{told ?? t('pay.nothingDue')}</View>
      <Press onPress={() => go.onTo(pages.order(order.number))}>{t('pay.toOrder')}</Press>
    </View>
  );
}
