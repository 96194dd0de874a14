import { setTimeout as pause } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { sha256 } from '../crypto.ts';
import type { Desk } from '../work.ts';
import type { JobEngine } from './engine.ts';
import { type Hands, HANDS } from './hands.ts';
import { findDueJobs, takeJob } from './lease.ts';

const QUEUE = 'jobs';
/** Rows that are carried at once. */
const CARRIED_AT_ONCE = 500;
/** Redis only carries: what it holds for this database is found under this name, and can be lost. */
const prefixOf = ({ config }: Desk) => `tongban-${sha256(config.DATABASE_URL ?? config.DATA_FOLDER).slice(0, 16)}`;

/**
 * BullMQ carries the ids of due rows to workers; the row is the truth. A worker takes the row by its lease, so an id that comes twice
 * is done once, and rows whose ids were lost with Redis are carried again.
 */
export function createBullEngine(desk: Desk, hands: Hands, redisUrl: string): JobEngine {
  const prefix = prefixOf(desk);
  // A server that cannot reach Redis goes on: the row waits.
  const sender = new Redis(redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: true, lazyConnect: true });
  const queue = new Queue(QUEUE, { connection: sender, prefix });
  let receiver: Redis | undefined;
  let worker: Worker | undefined;
  let loop: Promise<void> | undefined;
  let isStopping = false;
  /** Ids that came and are not dealt with yet. */
  let received = 0;
  let nap = new AbortController();
  for (const source of [sender, queue]) source.on('error', noteTrouble(desk));

  /** @returns how many rows are due, carried before or now */
  async function carry(): Promise<number> {
    const due = await findDueJobs(desk, { limit: CARRIED_AT_ONCE, except: hands.underWay() });
    if (due.length === 0) return 0;
    await queue.addBulk(
      due.map(({ id, kind, attempts }) => ({
        name: kind,
        data: { id },
        // The same for who carries it again while it is there; another one after each attempt.
        opts: { jobId: `${id}-${attempts}`, removeOnComplete: true, removeOnFail: true },
      })),
    );
    return due.length;
  }

  function hire(): void {
    if (worker) return;
    receiver = new Redis(redisUrl, { maxRetriesPerRequest: null });
    receiver.on('error', noteTrouble(desk));
    const done = async ({ data: { id } }: { data: { id: string } }) => {
      received += 1;
      try {
        // A machine may have slept, and its own lease have run out.
        const job = hands.underWay().includes(id) ? null : await takeJob(desk, hands.workerId, id);
        if (job) await hands.work(job);
      } finally {
        received -= 1;
        if (loop) wake();
      }
    };
    worker = new Worker(QUEUE, done, { connection: receiver, prefix, concurrency: HANDS });
    worker.on('error', noteTrouble(desk));
  }

  async function run(): Promise<void> {
    while (!isStopping) {
      nap = new AbortController();
      await carry().catch((error: unknown) => desk.log.error({ err: error }, 'jobs cannot be carried'));
      await pause(desk.config.JOB_POLL_MS, undefined, { signal: nap.signal }).catch(() => undefined);
    }
  }

  const wake = () => {
    nap.abort();
    // A server that does no jobs itself sends word to those who do.
    if (!loop && !desk.config.WORKER_IN_SERVER && !isStopping) void carry().catch(noteTrouble(desk));
  };

  return {
    start() {
      hire();
      loop ??= run();
    },
    wake,
    async stop() {
      isStopping = true;
      nap.abort();
      await loop;
      await worker?.close();
      await hands.allEnd();
      await queue.close();
      sender.disconnect();
      receiver?.disconnect();
    },
    async drain() {
      hire();
      const before = hands.ended();
      for (;;) {
        const [wasIdle, ended] = [received === 0, hands.ended()];
        const due = await carry();
        // A job that ended while the database was read may have left another one behind.
        const isIdle = wasIdle && received === 0 && hands.ended() === ended;
        if (due === 0 && isIdle) return hands.ended() - before;
        await pause(5);
      }
    },
  };
}

const noteTrouble = (desk: Desk) => (error: unknown) =>
  desk.log.warn({ err: error }, 'Redis does not do what it should; jobs wait in the database');
