import * as facts from './facts.ts';
import { characterString, thing, time } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** The case reached a stage. */
export const stageReached = message({
  name: 'stage-reached',
  title: '办理进度通知',
  event: '办理进度更新',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    serviceName: facts.name,
    stage: facts.name,
    reachedAt: facts.instant,
  }),
  fields: {
    thing1: ['服务项目', ({ serviceName }) => thing(serviceName)],
    character_string2: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    thing3: ['当前进度', ({ stage }) => thing(stage)],
    time4: ['更新时间', ({ reachedAt }) => time(reachedAt)],
  },
  page: orderPage,
});
