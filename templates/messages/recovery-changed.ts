import * as facts from './facts.ts';
import { thing, time } from './fields.ts';
import { message, ordersPage } from './message.ts';
import { z } from 'zod';

/** The expected recovery changed; told to the people who were told of the incident. */
export const recoveryChanged = message({
  name: 'recovery-changed',
  title: '恢复时间变更通知',
  event: '预计恢复时间变更',
  facts: z.strictObject({
    system: facts.name,
    cause: facts.typed,
    recoveryAt: facts.instant,
  }),
  fields: {
    thing1: ['暂停系统', ({ system }) => thing(system)],
    thing2: ['变更原因', ({ cause }) => thing(cause)],
    time3: ['预计恢复', ({ recoveryAt }) => time(recoveryAt)],
  },
  page: ordersPage,
});
