import * as facts from './facts.ts';
import { amount, characterString, thing, time } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** The customer’s money arrived and was counted. */
export const orderPaid = message({
  name: 'order-paid',
  title: '订单支付成功通知',
  event: '订单支付成功',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    serviceName: facts.name,
    amountFen: facts.fen,
    paidAt: facts.instant,
  }),
  fields: {
    character_string1: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    thing2: ['服务项目', ({ serviceName }) => thing(serviceName)],
    amount3: ['支付金额', ({ amountFen }) => amount(amountFen)],
    time4: ['支付时间', ({ paidAt }) => time(paidAt)],
  },
  page: orderPage,
});
