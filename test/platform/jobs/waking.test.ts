import { setTimeout as pause } from 'node:timers/promises';
import { enqueue } from '../../../src/platform/jobs/index.ts';
import { startJobWorld } from './job-world.ts';

it('a job is begun within moments of its commit, though the worker looks around rarely', async () => {
  const world = await startJobWorld({ JOB_POLL_MS: '60000' });
  const { desk, jobs } = world.world;
  jobs.start();
  const waits: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    // Asleep again.
    await pause(30);
    const givenAt = performance.now();
    // Nobody has this id, so there is nothing to do but to remove the job.
    await desk.transaction((work) => enqueue(work, 'identity.learn_follower', { identityId: 'nobody' }));
    while ((await world.jobs()).length > 0) await pause(2);
    waits.push(performance.now() - givenAt);
  }
  await world.stop();
  expect(Math.max(...waits)).toBeLessThan(1000);
  expect(waits.toSorted((a, b) => a - b)[5]).toBeLessThan(150);
});
