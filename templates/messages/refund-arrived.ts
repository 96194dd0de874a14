import * as facts from './facts.ts';
import { amount, characterString, thing, time } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** Money went back to the customer. */
export const refundArrived = message({
  name: 'refund-arrived',
  title: '退款到账通知',
  event: '退款到账',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    amountFen: facts.fen,
    arrivedAt: facts.instant,
    reason: facts.typed,
  }),
  fields: {
    character_string1: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    amount2: ['退款金额', ({ amountFen }) => amount(amountFen)],
    time3: ['到账时间', ({ arrivedAt }) => time(arrivedAt)],
    thing4: ['退款原因', ({ reason }) => thing(reason)],
  },
  page: orderPage,
});
