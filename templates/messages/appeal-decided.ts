import * as facts from './facts.ts';
import { characterString, thing, time } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** Somebody who did not take the first decision has decided. */
export const appealDecided = message({
  name: 'appeal-decided',
  title: '申诉结果通知',
  event: '申诉有结果',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    serviceName: facts.name,
    result: facts.verdict(['成立', '不成立']),
    remark: facts.typed,
    decidedAt: facts.instant,
  }),
  fields: {
    thing1: ['服务项目', ({ serviceName }) => thing(serviceName)],
    character_string2: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    phrase3: ['申诉结果', ({ result }) => result],
    thing4: ['结果说明', ({ remark }) => thing(remark)],
    time5: ['处理时间', ({ decidedAt }) => time(decidedAt)],
  },
  page: orderPage,
});
