import { Job } from '../../../entities/job.ts';
import type { Desk } from '../work.ts';
import type { JobKind, JobPayloads } from './enqueue.ts';
import { heldBy } from './lease.ts';
import { NotYet } from './not-yet.ts';
import { faultOf, fateOf, WORRYING_ATTEMPTS } from './put-back.ts';

/** What is done for a kind of job. It may be done again after a crash, so it must bear a repeat. */
export type Reactions = { [Kind in JobKind]: (desk: Desk, payload: JobPayloads[Kind]) => Promise<void> };

export type Outcome = 'done' | 'put_back' | 'given_up';

/** Does one job that this worker holds, and writes down how it went. */
export async function runJob(desk: Desk, reactions: Reactions, workerId: string, job: Job): Promise<Outcome> {
  try {
    const reaction = reactions[job.kind as JobKind] as ((desk: Desk, payload: unknown) => Promise<void>) | undefined;
    if (!reaction) throw new Error(`no reaction to ${job.kind}`);
    await reaction(desk, job.payload);
  } catch (error) {
    return putBack(desk, workerId, job, error);
  }
  await desk.transaction(async (work) => void (await work.db.delete(Job, heldBy(workerId, job))));
  return 'done';
}

async function putBack(desk: Desk, workerId: string, job: Job, error: unknown): Promise<Outcome> {
  const fate = fateOf(job, error, desk.now());
  const gaveUp = fate.state === 'dead';
  if (!(error instanceof NotYet)) {
    const { id, kind, attempts } = job;
    const isWorrying = gaveUp || attempts === WORRYING_ATTEMPTS;
    desk.log[isWorrying ? 'error' : 'warn']({ job: id, kind, attempts, gaveUp, err: error }, 'job failed');
  }
  await desk.transaction(async (work) => {
    await work.db.update(Job, heldBy(workerId, job), {
      ...fate,
      leasedBy: null,
      leasedUntil: null,
      lastFault: error instanceof NotYet ? job.lastFault : faultOf(error),
      // A job that was given up stands in nobody's way.
      ...(gaveUp ? { uniqueKey: null } : {}),
    });
  });
  return gaveUp ? 'given_up' : 'put_back';
}
