import { Job } from '../../../entities/job.ts';
import { ScheduleSlot } from '../../../entities/schedule-slot.ts';
import { plannedTurn, takeTurn } from '../../../src/platform/jobs/clockwork.ts';
import { timedWork } from '../../../src/schedule.ts';
import { createWorld } from '../../../src/world.ts';
import { type JobWorld, startJobWorld } from './job-world.ts';

let world: JobWorld;
beforeAll(async () => {
  world = await startJobWorld();
});
afterAll(() => world.stop());
afterEach(() => world.clear());

const turns = async () => (await world.jobs()).map(({ kind, payload }) => ({ kind, ...payload }));

describe('A turn of timed work', () => {
  it('is taken once by ten who come at the same instant', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => createWorld(world.world.config)));
    const desks = [world, ...others].map(({ desk }) => desk);
    const at = new Date('2026-11-22T02:00:00Z');
    const taken = await Promise.all(Array.from({ length: 10 }, (_, n) => takeTurn(desks[n % 5]!, 'reconcile', at)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await turns()).toEqual([{ kind: 'schedule.turn', name: 'reconcile', slot: '2026-11-22T02:00:00.000Z' }]);
    expect(await takeTurn(world.desk, 'reconcile', new Date('2026-11-22T02:10:00Z'))).toBe(true);
    expect(await takeTurn(world.desk, 'other', at)).toBe(true);
    await Promise.all(others.map((each) => each.close()));
  });

  it('is not lost when the transaction that takes it fails', async () => {
    const at = new Date('2026-11-23T02:00:00Z');
    await world.desk.transaction(async (work) => void (await work.db.query('ALTER TABLE jobs RENAME TO jobs_away')));
    await expect(takeTurn(world.desk, 'reconcile', at)).rejects.toThrow();
    await world.desk.transaction(async (work) => void (await work.db.query('ALTER TABLE jobs_away RENAME TO jobs')));
    expect(await world.desk.db.existsBy(ScheduleSlot, { slot: at.toISOString() })).toBe(false);
    expect(await takeTurn(world.desk, 'reconcile', at)).toBe(true);
    expect(await world.desk.db.countBy(Job, { kind: 'schedule.turn' })).toBe(1);
  });

  it.each([
    ['0 15 10 * * *', '2026-11-22T02:15:00.000Z', '2026-11-22T02:15:00.000Z'],
    ['0 15 10 * * *', '2026-11-22T02:15:07.300Z', '2026-11-22T02:15:00.000Z'],
    ['0 */10 * * * *', '2026-11-22T02:19:59.999Z', '2026-11-22T02:10:00.000Z'],
    ['0 */10 * * * *', '2026-11-22T02:20:00.001Z', '2026-11-22T02:20:00.000Z'],
    ['0 20 4 * * *', '2026-11-22T00:00:00.000Z', '2026-11-21T20:20:00.000Z'],
  ])('%s at %s is the one planned for %s, however late a process wakes', (pattern, at, planned) => {
    expect(plannedTurn(pattern, new Date(at)).toISOString()).toBe(planned);
  });
});

it('all timed work has a name of its own, a pattern with seconds, and comes to its turn', async () => {
  expect(new Set(timedWork.map(({ name }) => name)).size).toBe(timedWork.length);
  for (const { name, pattern } of timedWork) {
    expect(pattern.split(' ')).toHaveLength(6);
    await takeTurn(world.desk, name, plannedTurn(pattern, new Date()));
  }
  // The comparison of templates is a job of its own that a turn asks for.
  expect(await world.world.jobs.drain()).toBe(timedWork.length + 1);
  // Nobody is there to ask: what only WeChat can tell is asked again.
  const left = (await world.jobs()).map(({ kind, payload }) => [kind, (payload as { name?: string }).name]);
  expect(left).toEqual([
    ['schedule.turn', 'complaints.pull'],
    ['schedule.turn', 'accounts.take_over'],
    ['templates.sync', undefined],
  ]);
});
