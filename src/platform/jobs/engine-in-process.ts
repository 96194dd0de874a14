import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '../../../entities/job.ts';
import { newId } from '../ids.ts';
import type { Metrics } from '../metrics.ts';
import type { Desk } from '../work.ts';
import { renewLeases, takeDueJobs } from './lease.ts';
import { type Reactions, runJob } from './run.ts';

/** How many jobs one process does at a time. */
const AT_ONCE = 8;
/** So often within a lease it is renewed while the job goes on. */
const RENEWALS_PER_LEASE = 3;

export interface JobEngine {
  start(): void;
  /** Something may be due now. */
  wake(): void;
  /** Lets what is under way finish, takes nothing new. */
  stop(): Promise<void>;
  /** Does everything that is due, and what follows from it, now; returns how many. For tests and for a clean end. */
  drain(): Promise<number>;
}

/** Looks for due jobs in the database and does them in this process. */
export function createJobEngine(desk: Desk, reactions: Reactions, metrics: Metrics): JobEngine {
  const workerId = newId();
  const underWay = new Map<string, { job: Job; ended: Promise<void> }>();
  let renewals: NodeJS.Timeout | undefined;
  let isStopping = false;
  let loop: Promise<void> | undefined;
  let nap = new AbortController();
  let woken = false;

  const wake = () => {
    woken = true;
    nap.abort();
  };

  async function takeMore(): Promise<number> {
    const limit = AT_ONCE - underWay.size;
    if (limit <= 0) return 0;
    const jobs = await takeDueJobs(desk, { workerId, limit, except: [...underWay.keys()] });
    for (const job of jobs) underWay.set(job.id, { job, ended: work(job) });
    if (jobs.length > 0) keepLeases();
    return jobs.length;
  }

  async function work(job: Job): Promise<void> {
    try {
      const outcome = await runJob(desk, reactions, workerId, job);
      metrics.jobs.inc({ kind: job.kind, outcome });
    } catch (error) {
      desk.log.error({ err: error, job: job.id, kind: job.kind }, 'how a job went could not be written down');
    } finally {
      underWay.delete(job.id);
      wake();
    }
  }

  /** A job may take longer than its lease; while this process lives, nobody else shall take it. */
  function keepLeases(): void {
    const everyMs = (desk.config.JOB_LEASE_SECONDS * 1000) / RENEWALS_PER_LEASE;
    renewals ??= setInterval(() => void renew(), everyMs).unref();
  }

  async function renew(): Promise<void> {
    if (underWay.size === 0) {
      clearInterval(renewals);
      renewals = undefined;
      return;
    }
    try {
      const jobs = [...underWay.values()].map(({ job }) => job);
      const lost = (await renewLeases(desk, workerId, jobs)).filter(({ id }) => underWay.has(id));
      for (const { id, kind } of lost) desk.log.warn({ job: id, kind }, 'a job under way was taken by another worker');
    } catch (error) {
      desk.log.error({ err: error }, 'leases cannot be renewed');
    }
  }

  async function run(): Promise<void> {
    while (!isStopping) {
      woken = false;
      const taken = await takeMore().catch((error: unknown) => {
        desk.log.error({ err: error }, 'jobs cannot be taken');
        return 0;
      });
      if (taken > 0 || woken || isStopping) continue;
      nap = new AbortController();
      await pause(desk.config.JOB_POLL_MS, undefined, { signal: nap.signal }).catch(() => undefined);
    }
  }

  const ends = () => [...underWay.values()].map(({ ended }) => ended);

  return {
    start: () => void (loop ??= run()),
    wake,
    async stop() {
      isStopping = true;
      wake();
      await loop;
      await Promise.all(ends());
      clearInterval(renewals);
    },
    async drain() {
      let total = 0;
      for (;;) {
        const taken = await takeMore();
        total += taken;
        if (underWay.size > 0) await Promise.race(ends());
        else if (taken === 0) return total;
      }
    },
  };
}
