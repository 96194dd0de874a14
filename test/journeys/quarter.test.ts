import { jest } from '@jest/globals';
import { KillableWorld } from '../support/killable-world.ts';
import { runQuarter } from './quarter.ts';
import { PLANS } from './quarter-troubles.ts';

jest.setTimeout(600_000);

let world: KillableWorld;
beforeAll(async () => {
  world = await KillableWorld.start();
}, 60_000);
afterAll(() => world.stop());

it('Day after day is sold, goes wrong, is killed, fetched, compared and closed; the books end as WeChat’s do, to the fen', async () => {
  const result = await runQuarter(world, { days: 3, ordersADay: 9, each: 1, seed: 20_261_126 });
  expect(result.found).toEqual(result.planned);
  expect(Object.values(result.planned).reduce((sum, count) => sum + count, 0)).toBe(Object.keys(PLANS).length);
  expect([result.wrongDays, result.spoiltTaken]).toEqual([[], []]);
  expect([result.booksFen, result.billFen]).toEqual([result.realFen, result.realFen]);
  expect(result).toMatchObject({ orders: 27, closedThrough: result.lastDay });
  expect(result.kills).toBeGreaterThanOrEqual(4);
});
