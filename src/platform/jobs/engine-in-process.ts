import { setTimeout as pause } from 'node:timers/promises';
import type { Desk } from '../work.ts';
import type { JobEngine } from './engine.ts';
import { type Hands, HANDS } from './hands.ts';
import { takeDueJobs } from './lease.ts';

/** Looks for due jobs in the database and does them in this process. */
export function createInProcessEngine(desk: Desk, hands: Hands): JobEngine {
  let isStopping = false;
  let loop: Promise<void> | undefined;
  let nap = new AbortController();
  let woken = false;

  const wake = () => {
    woken = true;
    nap.abort();
  };

  async function takeMore(): Promise<number> {
    const { workerId } = hands;
    const limit = HANDS - hands.underWay().length;
    if (limit <= 0) return 0;
    const jobs = await takeDueJobs(desk, { workerId, limit, except: hands.underWay() });
    for (const job of jobs) void hands.work(job).then(wake);
    return jobs.length;
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

  return {
    start: () => void (loop ??= run()),
    wake,
    async stop() {
      isStopping = true;
      wake();
      await loop;
      await hands.allEnd();
    },
    async drain() {
      let total = 0;
      for (;;) {
        const taken = await takeMore();
        total += taken;
        if (hands.underWay().length > 0) await hands.oneEnds();
        else if (taken === 0) return total;
      }
    },
  };
}
