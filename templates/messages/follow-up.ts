import * as facts from './facts.ts';
import { characterString, thing, time } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** Somebody will ask how the customer was served. */
export const followUp = message({
  name: 'follow-up',
  title: '服务回访通知',
  event: '服务回访',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    serviceName: facts.name,
    topic: facts.typed,
    plannedAt: facts.instant,
  }),
  fields: {
    thing1: ['服务项目', ({ serviceName }) => thing(serviceName)],
    character_string2: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    thing3: ['回访内容', ({ topic }) => thing(topic)],
    time4: ['回访时间', ({ plannedAt }) => time(plannedAt)],
  },
  page: orderPage,
});
