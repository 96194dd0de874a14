import * as facts from './facts.ts';
import { characterString, thing, time } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** The case waits for materials of the customer. */
export const materialsWanted = message({
  name: 'materials-wanted',
  title: '材料提交提醒',
  event: '需要提交材料',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    serviceName: facts.name,
    materials: facts.typed,
    dueAt: facts.instant,
  }),
  fields: {
    thing1: ['服务项目', ({ serviceName }) => thing(serviceName)],
    character_string2: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    thing3: ['所需材料', ({ materials }) => thing(materials)],
    time4: ['截止时间', ({ dueAt }) => time(dueAt)],
  },
  page: orderPage,
});
