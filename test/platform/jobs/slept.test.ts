import { setTimeout as pause } from 'node:timers/promises';
import { type JobWorld, newGate, startJobWorld } from './job-world.ts';

/** So long that no lease is renewed while a test runs: only the clock of the world ends it. */
const LEASE_MS = 3600_000;

let world: JobWorld;
beforeAll(async () => {
  world = await startJobWorld({ JOB_LEASE_SECONDS: `${LEASE_MS / 1000}`, JOB_POLL_MS: '2000' });
});
afterAll(() => world.stop());
afterEach(() => world.clear());

const states = async () => (await world.jobs()).map(({ state, attempts }) => [state, attempts]);

describe('A worker whose lease ended while it worked', () => {
  it('does not take away what its successor holds', async () => {
    const [slow, successor] = [newGate(), newGate()];
    const engine = await world.worker(() => slow.opened);
    const other = await world.worker(() => successor.opened, { ofItsOwn: true });
    await world.give('contested');
    const slowEnd = engine.drain();
    while ((await states()).every(([state]) => state !== 'running')) await pause(5);
    world.advance(LEASE_MS + 1);
    const successorEnd = other.drain();
    while ((await states()).every(([, attempts]) => attempts !== 2)) await pause(5);
    slow.open();
    await slowEnd;
    expect(await states()).toEqual([['running', 2]]);
    successor.open();
    await successorEnd;
    expect(await world.jobs()).toEqual([]);
  });

  it('does not take its own job a second time after the machine has slept', async () => {
    const gate = newGate();
    let runs = 0;
    const engine = await world.worker(async () => {
      runs += 1;
      await gate.opened;
    });
    await world.give('once');
    const drained = engine.drain();
    while ((await states()).every(([state]) => state !== 'running')) await pause(5);
    world.advance(LEASE_MS + 1);
    const second = engine.drain();
    await pause(50);
    gate.open();
    await Promise.all([drained, second]);
    expect(runs).toBe(1);
  });
});
