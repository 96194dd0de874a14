import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startRedis } from '../../../scripts/redis.mjs';
import { until } from '../../support/until.ts';
import { type JobWorld, startJobWorld } from './job-world.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
let world: JobWorld;
beforeEach(async () => {
  redis = await startRedis();
  world = await startJobWorld({ JOB_LEASE_SECONDS: '1', JOB_POLL_MS: '50', REDIS_URL: redis.url });
});
afterEach(async () => {
  await world.stop();
  await redis.stop();
});

/** A worker that notes what it does, and how often. */
async function worker() {
  const done = new Map<string, number>();
  const engine = await world.worker(async (what) => {
    await pause(2);
    done.set(what, (done.get(what) ?? 0) + 1);
  });
  return { engine, done };
}

const once = (count: number) => Array.from({ length: count }, () => 1);

it('Redis that dies loses no job and does none twice; they are done when it is back, empty', async () => {
  const { engine, done } = await worker();
  engine.start();
  await world.give('before');
  await until('it is done', () => done.has('before'));
  await redis.stop();
  for (let n = 0; n < 20; n += 1) await world.give(`meanwhile ${n}`);
  await pause(300);
  expect(done.size).toBe(1);
  expect(await world.jobs()).toHaveLength(20);
  redis = await startRedis({ port: redis.port });
  await until('they are done', () => done.size === 21);
  await until('nothing is left', async () => (await world.jobs()).length === 0);
  expect([...done.values()]).toEqual(once(21));
  expect(world.logged.join('\n')).toContain('jobs wait in the database');
}, 60_000);

it('Redis that forgets everything is told again', async () => {
  const { engine, done } = await worker();
  for (let n = 0; n < 50; n += 1) await world.give(`job ${n}`);
  engine.start();
  const client = new Redis(redis.url);
  for (let flush = 0; flush < 5; flush += 1) {
    await pause(15);
    await client.flushall();
  }
  client.disconnect();
  await until('all are done', () => done.size === 50);
  expect([...done.values()]).toEqual(once(50));
  await until('nothing is left', async () => (await world.jobs()).length === 0);
}, 60_000);
