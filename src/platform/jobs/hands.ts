import type { Job } from '../../../entities/job.ts';
import { newId } from '../ids.ts';
import type { Metrics } from '../metrics.ts';
import type { Desk } from '../work.ts';
import { renewLeases } from './lease.ts';
import { type Reactions, runJob } from './run.ts';

/** How many jobs one process does at a time. */
export const HANDS = 8;
/** So often within a lease it is renewed while the job goes on. */
const RENEWALS_PER_LEASE = 3;

/** Jobs that this process holds and does; whichever way they came. */
export interface Hands {
  readonly workerId: string;
  /** Ids of the jobs under way. */
  underWay(): string[];
  /** Jobs that have ended since the beginning. */
  ended(): number;
  /** Does a job that this worker has taken; resolves when how it went is written down. */
  work(job: Job): Promise<void>;
  /** Resolves when one of those under way has ended. */
  oneEnds(): Promise<void>;
  /** Resolves when all have. */
  allEnd(): Promise<void>;
}

export function createHands(desk: Desk, reactions: Reactions, metrics: Metrics): Hands {
  const workerId = newId();
  const held = new Map<string, { job: Job; ended: Promise<void> }>();
  let renewals: NodeJS.Timeout | undefined;
  let count = 0;

  async function work(job: Job): Promise<void> {
    try {
      const outcome = await runJob(desk, reactions, workerId, job);
      metrics.jobs.inc({ kind: job.kind, outcome });
    } catch (error) {
      desk.log.error({ err: error, job: job.id, kind: job.kind }, 'how a job went could not be written down');
    } finally {
      count += 1;
      held.delete(job.id);
      if (held.size === 0) stopRenewing();
    }
  }

  /** A job may take longer than its lease; while this process lives, nobody else shall take it. */
  function keepLeases(): void {
    const everyMs = (desk.config.JOB_LEASE_SECONDS * 1000) / RENEWALS_PER_LEASE;
    renewals ??= setInterval(() => void renew(), everyMs).unref();
  }

  function stopRenewing(): void {
    clearInterval(renewals);
    renewals = undefined;
  }

  async function renew(): Promise<void> {
    try {
      const jobs = [...held.values()].map(({ job }) => job);
      const lost = (await renewLeases(desk, workerId, jobs)).filter(({ id }) => held.has(id));
      for (const { id, kind } of lost) desk.log.warn({ job: id, kind }, 'a job under way was taken by another worker');
    } catch (error) {
      desk.log.error({ err: error }, 'leases cannot be renewed');
    }
  }

  const ends = () => [...held.values()].map(({ ended }) => ended);
  return {
    workerId,
    underWay: () => [...held.keys()],
    ended: () => count,
    work(job) {
      const ended = work(job);
      held.set(job.id, { job, ended });
      keepLeases();
      return ended;
    },
    oneEnds: () => Promise.race(ends()),
    async allEnd() {
      await Promise.all(ends());
    },
  };
}
