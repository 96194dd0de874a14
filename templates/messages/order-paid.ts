import { amount, characterString, thing, time } from './fields.ts';
import type { MessageTemplate } from './message.ts';

export interface OrderPaidFacts {
  orderNumber: string;
  serviceName: string;
  amountFen: number;
  /** ISO instant. */
  paidAt: string;
}

const fields = (facts: OrderPaidFacts) => ({
  character_string1: characterString(facts.orderNumber),
  thing2: thing(facts.serviceName),
  amount3: amount(facts.amountFen),
  time4: time(new Date(facts.paidAt)),
});

/** The customer's money arrived and was counted. */
export const orderPaid: MessageTemplate<OrderPaidFacts> = {
  name: 'order-paid',
  title: '订单支付成功通知',
  officialAccount: fields,
  miniProgram: fields,
  page: (facts) => `desk/order/index?number=${facts.orderNumber}`,
};
