import * as facts from './facts.ts';
import { characterString, thing, time } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** A material was looked at and must be handed in again. */
export const materialRejected = message({
  name: 'material-rejected',
  title: '材料退回通知',
  event: '材料被退回',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    material: facts.name,
    reason: facts.typed,
    reviewedAt: facts.instant,
  }),
  fields: {
    thing1: ['材料名称', ({ material }) => thing(material)],
    character_string2: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    thing3: ['退回原因', ({ reason }) => thing(reason)],
    time4: ['审核时间', ({ reviewedAt }) => time(reviewedAt)],
  },
  page: orderPage,
});
