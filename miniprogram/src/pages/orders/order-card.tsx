import { View } from '@tarojs/components';
import type { OrderSummaryView } from '../../../../src/contracts/index.ts';
import { orderStates } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { Badge } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { go } from '../../go.ts';
import { yuan } from '../../money.ts';
import { shanghaiMinute } from '../../shanghai-time.ts';
import { toneOfOrder } from '../../tones.ts';
import { t } from '../../words.ts';

export function OrderCard({ order }: { order: OrderSummaryView }) {
  return (
    <View className="card">
      <View
        className="card-tappable"
        hoverClass="card-pressed"
        ariaRole="link"
        onClick={() => go.to(pages.order(order.number))}
      >
        <View className="orders-head">
          <View className="orders-name">{order.serviceName}</View>
          <Badge tone={toneOfOrder(order.state)}>{orderStates[order.state]}</Badge>
        </View>
        <View className="orders-package">{order.packageName}</View>
        <View className="orders-amount">{yuan(order.amountFen)}</View>
        <View className="orders-small">{t('orders.placedAt', { time: shanghaiMinute(order.placedAt) })}</View>
      </View>
      {order.dueFen > 0 ? <Due order={order} /> : null}
    </View>
  );
}

function Due({ order }: { order: OrderSummaryView }) {
  return (
    <View className="orders-due">
      <View className="orders-due-says">
        <View className="orders-due-amount">{t('orders.due', { amount: yuan(order.dueFen) })}</View>
        {order.expiresAt === null ? null : (
          <View className="orders-small">{t('orders.payBefore', { time: shanghaiMinute(order.expiresAt) })}</View>
        )}
      </View>
      <Press onPress={() => go.to(pages.pay(order.number))}>{t('orders.pay')}</Press>
    </View>
  );
}
