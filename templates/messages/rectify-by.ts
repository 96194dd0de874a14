import * as facts from './facts.ts';
import { characterString, date, thing } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** What a review refused must be mended within the time allowed. */
export const rectifyBy = message({
  name: 'rectify-by',
  title: '整改提醒',
  event: '需要整改',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    serviceName: facts.name,
    task: facts.typed,
    byDay: facts.day,
  }),
  fields: {
    thing1: ['服务项目', ({ serviceName }) => thing(serviceName)],
    character_string2: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    thing3: ['整改内容', ({ task }) => thing(task)],
    date4: ['整改期限', ({ byDay }) => date(byDay)],
  },
  page: orderPage,
});
