import * as facts from './facts.ts';
import { thing, time } from './fields.ts';
import { message, ordersPage } from './message.ts';
import { z } from 'zod';

/** An outbound system is suspended. */
export const incidentNotice = message({
  name: 'incident-notice',
  title: '系统暂停通知',
  event: '系统暂停',
  facts: z.strictObject({
    system: facts.name,
    cause: facts.typed,
    sinceAt: facts.instant,
    recoveryAt: facts.instant,
  }),
  fields: {
    thing1: ['暂停系统', ({ system }) => thing(system)],
    thing2: ['暂停原因', ({ cause }) => thing(cause)],
    time3: ['暂停时间', ({ sinceAt }) => time(sinceAt)],
    time4: ['预计恢复', ({ recoveryAt }) => time(recoveryAt)],
  },
  page: ordersPage,
});
