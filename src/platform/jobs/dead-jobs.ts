import { In, LessThan } from 'typeorm';
import { Job } from '../../../entities/job.ts';
import type { Transaction, Work } from '../work.ts';

/** Jobs that were given up, newest first, one row more than the page holds. What they carry stays with them. */
export const listDeadJobs = ({ db }: Work, { after, limit }: { after?: string; limit: number }): Promise<Job[]> =>
  db.find(Job, {
    where: { state: 'dead', ...(after ? { id: LessThan(after) } : {}) },
    order: { id: 'DESC' },
    take: limit + 1,
  });

/** Gives jobs that were given up all their attempts back, from now on. @returns how many; those not dead any more are left alone */
export async function requeueDeadJobs(work: Transaction, ids: readonly string[]): Promise<number> {
  const { affected } = await work.db.update(
    Job,
    { id: In([...ids]), state: 'dead' },
    { state: 'waiting', runAt: work.now(), attempts: 0 },
  );
  work.afterCommit(() => work.wakeJobs());
  return affected ?? 0;
}
