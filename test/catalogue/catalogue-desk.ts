import { createLog } from '../../src/platform/log.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { createDesk, type Desk } from '../../src/platform/work.ts';

/** A desk as one process has it. The catalogue needs the database, the clock and the log; whatever else it touched would be missing. */
export function deskOn(database: Database, now: () => Date = () => new Date()): Desk {
  const absent = undefined as never;
  return createDesk({
    database,
    now,
    log: createLog('silent'),
    config: absent,
    vault: absent,
    pay: absent,
    officialAccount: absent,
    miniProgram: absent,
    openPlatform: null,
    wakeJobs: absent,
  });
}
