export { startClockwork, takeTurn, type TimedWork } from './clockwork.ts';
export { type JobEngine, createJobEngine } from './engine.ts';
export { doEach } from './do-each.ts';
export { enqueue, enqueueAll, type Enqueuer, type JobPayloads } from './enqueue.ts';
export { NotYet } from './not-yet.ts';
export type { Reactions } from './run.ts';
