import { In, LessThan, LessThanOrEqual, Not } from 'typeorm';
import { Job } from '../../../entities/job.ts';
import { locked, skipLocked } from '../database/index.ts';
import type { Desk, Transaction } from '../work.ts';
import { backoffMs, MAX_ATTEMPTS } from './put-back.ts';

/** Who died more often than this over one job may well have died of it. */
const HARMLESS_DEATHS = 3;

/** What a worker holds, and nobody else. `attempts` grows with every taking, so an earlier holder cannot pass for a later one. */
export const heldBy = (workerId: string, { id, attempts }: Job) => ({ id, attempts, leasedBy: workerId });

export interface Wanted {
  workerId: string;
  limit: number;
  /** Jobs that this worker is doing, whatever its leases say: a machine may have slept. */
  except: readonly string[];
}

/** Takes due jobs for a worker. Two workers never hold one job; a worker that died loses its jobs when their leases end. */
export async function takeDueJobs(desk: Desk, wanted: Wanted): Promise<Job[]> {
  return desk.transaction(async (work) => {
    const lost = await findLost(work, wanted);
    const due = await findDue(work, wanted.limit - lost.length);
    const taken = [...lost, ...due];
    if (taken.length === 0) return [];
    const lease = { state: 'running', leasedBy: wanted.workerId, leasedUntil: leaseEnd(work) } as const;
    await work.db.update(Job, { id: In(taken.map(({ id }) => id)) }, { ...lease, attempts: () => 'attempts + 1' });
    return taken.map((job) => Object.assign(job, lease, { attempts: job.attempts + 1 }));
  });
}

/** Jobs that are due, or whose worker did not come back; nobody takes them by this. */
export async function findDueJobs(
  { db, now }: Desk,
  { limit, except }: Pick<Wanted, 'limit' | 'except'>,
): Promise<Pick<Job, 'id' | 'kind' | 'attempts'>[]> {
  const select = { id: true, kind: true, attempts: true } as const;
  const others = except.length > 0 ? { id: Not(In([...except])) } : {};
  const lost = await db.find(Job, {
    select,
    where: { state: 'running', leasedUntil: LessThan(now()), ...others },
    take: limit,
  });
  const due = await db.find(Job, {
    select,
    where: { state: 'waiting', runAt: LessThanOrEqual(now()) },
    order: { runAt: 'ASC' },
    take: limit,
  });
  return [...lost, ...due];
}

/** Takes one job for a worker; null when it is not due, done, or somebody else's. */
export async function takeJob(desk: Desk, workerId: string, id: string): Promise<Job | null> {
  return desk.transaction(async (work) => {
    const job = await work.db.findOne(Job, { where: { id }, ...locked<Job>(work.db) });
    if (!job) return null;
    const isDue = job.state === 'waiting' && job.runAt <= work.now();
    const isLost = job.state === 'running' && job.leasedUntil !== null && job.leasedUntil < work.now();
    if (isLost && job.attempts > HARMLESS_DEATHS) await putAside(work, job);
    if (!isDue && (!isLost || job.attempts > HARMLESS_DEATHS)) return null;
    const lease = {
      state: 'running',
      leasedBy: workerId,
      leasedUntil: leaseEnd(work),
      attempts: job.attempts + 1,
    } as const;
    await work.db.update(Job, { id }, lease);
    return Object.assign(job, lease);
  });
}

/** Moves the ends of leases. @returns the jobs that are not this worker's any more */
export async function renewLeases(desk: Desk, workerId: string, jobs: readonly Job[]): Promise<Job[]> {
  return desk.transaction(async (work) => {
    const lost: Job[] = [];
    for (const job of jobs) {
      const { affected } = await work.db.update(Job, heldBy(workerId, job), { leasedUntil: leaseEnd(work) });
      if (affected !== 1) lost.push(job);
    }
    return lost;
  });
}

const leaseEnd = ({ now, config }: Transaction) => new Date(now().getTime() + config.JOB_LEASE_SECONDS * 1000);

/** In the order of the index, so that only what is taken is locked. */
async function findDue(work: Transaction, limit: number): Promise<Job[]> {
  if (limit <= 0) return [];
  return work.db.find(Job, {
    where: { state: 'waiting', runAt: LessThanOrEqual(work.now()) },
    order: { runAt: 'ASC' },
    take: limit,
    ...skipLocked<Job>(work.db),
  });
}

/** Jobs whose worker did not come back. Those that seem to kill their workers are put back, to be tried ever more rarely. */
async function findLost(work: Transaction, { limit, except }: Wanted): Promise<Job[]> {
  const lost = await work.db.find(Job, {
    where: {
      state: 'running',
      leasedUntil: LessThan(work.now()),
      ...(except.length > 0 ? { id: Not(In([...except])) } : {}),
    },
    take: limit,
    ...skipLocked<Job>(work.db),
  });
  const deadly = lost.filter(({ attempts }) => attempts > HARMLESS_DEATHS);
  for (const job of deadly) await putAside(work, job);
  return lost.filter((job) => !deadly.includes(job));
}

async function putAside(work: Transaction, { id, kind, attempts }: Job): Promise<void> {
  const gaveUp = attempts >= MAX_ATTEMPTS;
  const runAt = new Date(work.now().getTime() + backoffMs(attempts));
  const next = gaveUp ? { state: 'dead' as const, uniqueKey: null } : { state: 'waiting' as const, runAt };
  await work.db.update(Job, { id }, { ...next, leasedBy: null, leasedUntil: null, lastFault: 'worker_died' });
  work.log[gaveUp ? 'error' : 'warn']({ job: id, kind, attempts, gaveUp }, 'the worker of a job died');
}
