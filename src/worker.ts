import process from 'node:process';
import { loadConfig } from '../config/index.ts';
import { startClockwork } from './platform/jobs/index.ts';
import { run } from './run.ts';
import { timedWork } from './schedule.ts';
import { createWorld } from './world.ts';

/** A process of its own for jobs and the clock, beside any number of servers with `WORKER_IN_SERVER=false`. */
await run(async () => {
  const world = await createWorld(loadConfig(process.env));
  await world.desk.pay.start();
  const clockwork = startClockwork(world.desk, timedWork);
  world.jobs.start();
  world.log.info('working');
  return async () => {
    clockwork.stop();
    await world.close();
  };
});
