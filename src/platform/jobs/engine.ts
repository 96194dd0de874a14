import type { Metrics } from '../metrics.ts';
import type { Desk } from '../work.ts';
import { createBullEngine } from './engine-bullmq.ts';
import { createInProcessEngine } from './engine-in-process.ts';
import { createHands } from './hands.ts';
import type { Reactions } from './run.ts';

export interface JobEngine {
  start(): void;
  /** Something may be due now. */
  wake(): void;
  /** Lets what is under way finish, takes nothing new. */
  stop(): Promise<void>;
  /** Does everything that is due, and what follows from it, now; returns how many. For tests and for a clean end. */
  drain(): Promise<number>;
}

/** Does jobs: as they are found in the database, or, with Redis, as they are carried to any number of workers. */
export function createJobEngine(desk: Desk, reactions: Reactions, metrics: Metrics): JobEngine {
  const hands = createHands(desk, reactions, metrics);
  const { REDIS_URL } = desk.config;
  return REDIS_URL ? createBullEngine(desk, hands, REDIS_URL) : createInProcessEngine(desk, hands);
}
