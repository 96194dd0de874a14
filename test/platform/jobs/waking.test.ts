import { setTimeout as pause } from 'node:timers/promises';
import { enqueue } from '../../../src/platform/jobs/index.ts';
import { until } from '../../support/until.ts';
import { startJobWorld } from './job-world.ts';

it('a job is begun because it was committed, not because the worker looks around now and then', async () => {
  // It looks around less often than this test may take.
  const world = await startJobWorld({ JOB_POLL_MS: '3600000' });
  const { desk, jobs } = world.world;
  jobs.start();
  for (let n = 0; n < 10; n += 1) {
    // Asleep again.
    await pause(30);
    // Nobody has this id, so there is nothing to do but to remove the job.
    await desk.transaction((work) => enqueue(work, 'identity.learn_follower', { identityId: 'nobody' }));
    await until('the job is done', async () => (await world.jobs()).length === 0);
  }
  await world.stop();
});
