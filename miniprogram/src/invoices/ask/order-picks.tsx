import { View } from '@tarojs/components';
import type { ReactNode } from 'react';
import type { OrderInvoicingView } from '../../../../src/contracts/index.ts';
import { Card } from '../../components/card.tsx';
import { Picks } from '../../components/picks.tsx';
import { yuan } from '../../money.ts';
import { t } from '../../words.ts';

interface OrderPicksProps {
  orders: OrderInvoicingView[];
  picked: string[];
  /** Below the orders. */
  end: ReactNode;
  onToggle(number: string): void;
}

export function OrderPicks({ orders, picked, end, onToggle }: OrderPicksProps) {
  return (
    <Card title={t('askInvoice.orders')} hint={t('askInvoice.ordersWhy')}>
      <Picks
        label={t('askInvoice.orders')}
        picked={picked}
        onToggle={onToggle}
        options={orders.map((order) => ({ value: order.orderNumber, shown: <Invoiceable order={order} /> }))}
      />
      {end}
    </Card>
  );
}

/** What can be invoiced of an order, and why it is less than was paid. */
function Invoiceable({ order }: { order: OrderInvoicingView }) {
  const { orderNumber, serviceName, paidFen, refundedFen, passedThroughFen, invoicedFen, invoiceableFen } = order;
  const less = [
    refundedFen > 0 ? t('askInvoice.refunded', { amount: yuan(refundedFen) }) : null,
    passedThroughFen > 0 ? t('askInvoice.passedThrough', { amount: yuan(passedThroughFen) }) : null,
    invoicedFen > 0 ? t('askInvoice.invoiced', { amount: yuan(invoicedFen) }) : null,
  ].filter((part) => part !== null);
  return (
    <View>
      <View className="ask-invoice-head">
        <View className="ask-invoice-name">{serviceName}</View>
        <View className="ask-invoice-amount">{yuan(invoiceableFen)}</View>
      </View>
      <View className="ask-invoice-small">{orderNumber}</View>
      {less.length === 0 ? null : (
        <View className="ask-invoice-small">
          {[t('askInvoice.paid', { amount: yuan(paidFen) }), ...less].join(' · ')}
        </View>
      )}
    </View>
  );
}
