import * as facts from './facts.ts';
import { characterString, thing, time } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** The authority, or the supplier, has decided or still looks at it. */
export const resultAnnounced = message({
  name: 'result-announced',
  title: '审核结果通知',
  event: '审核出结果',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    serviceName: facts.name,
    result: facts.verdict(['通过', '不通过', '待审核']),
    remark: facts.typed,
    decidedAt: facts.instant,
  }),
  fields: {
    thing1: ['服务项目', ({ serviceName }) => thing(serviceName)],
    character_string2: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    phrase3: ['审核结果', ({ result }) => result],
    thing4: ['结果说明', ({ remark }) => thing(remark)],
    time5: ['审核时间', ({ decidedAt }) => time(decidedAt)],
  },
  page: orderPage,
});
