import process from 'node:process';
import { loadConfig } from '../config/index.ts';
import { startClockwork } from './platform/jobs/index.ts';
import { timedWork } from './schedule.ts';
import { createWorld } from './world.ts';

/** A process of its own for jobs and the clock, beside any number of servers with `WORKER_IN_SERVER=false`. */
const world = await createWorld(loadConfig(process.env));
await world.desk.pay.start();
const clockwork = startClockwork(world.desk, timedWork);
world.jobs.start();
world.log.info('working');

let end: Promise<void> | undefined;
const stop = async () => {
  clockwork.stop();
  await world.close();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void (end ??= stop()));
