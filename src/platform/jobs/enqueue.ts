import { Job } from '../../../entities/job.ts';
import { insertAll } from '../database/index.ts';
import { newId } from '../ids.ts';
import type { Transaction } from '../work.ts';

/** Kinds of jobs and what each carries; `reactions.ts` says what follows from them. Features add theirs by declaration merging. */
// oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-empty-interface -- features fill it
export interface JobPayloads {}
export type JobKind = keyof JobPayloads & string;

/** What it takes to write a job down; a command on the machine's shell has no more. */
export type Enqueuer = Pick<Transaction, 'db' | 'now' | 'afterCommit' | 'wakeJobs'>;

export interface EnqueueOptions {
  /** Not before this instant; now when absent. */
  runAt?: Date;
  /** A second job with the same key, while the first is there, is left out. */
  key?: string;
}

/**
 * Writes down that something must happen, in the caller's transaction: it happens if, and only if, the transaction is
 * committed; at least once, so whoever does it must bear a repeat.
 */
export async function enqueue<Kind extends JobKind>(
  work: Enqueuer,
  kind: Kind,
  payload: JobPayloads[Kind],
  options: EnqueueOptions = {},
): Promise<void> {
  await enqueueAll(work, kind, [{ payload, ...options }]);
}

/** The same for many at once, in one statement. */
export async function enqueueAll<Kind extends JobKind>(
  work: Enqueuer,
  kind: Kind,
  wanted: readonly ({ payload: JobPayloads[Kind] } & EnqueueOptions)[],
): Promise<void> {
  if (wanted.length === 0) return;
  const now = work.now();
  const rows = wanted.map(({ payload, runAt, key }) =>
    Object.assign(new Job(), {
      id: newId(),
      kind,
      payload,
      runAt: runAt ?? now,
      uniqueKey: key ?? null,
      createdAt: now,
    }),
  );
  await insertAll(work.db, Job, rows, { ifNew: rows.some((row) => row.uniqueKey !== null) });
  work.afterCommit(() => work.wakeJobs());
}
