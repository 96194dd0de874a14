import { UpstreamError } from '../../../src/platform/errors.ts';
import { doEach, NotYet } from '../../../src/platform/jobs/index.ts';
import { type JobWorld, startJobWorld } from './job-world.ts';

let world: JobWorld;
beforeAll(async () => {
  world = await startJobWorld();
});
afterAll(() => world.stop());
afterEach(() => world.clear());

const those = { of: new Set(['a', 'b', 'c']), about: (letter: string) => ({ letter }), fault: 'it did not work' };
const logged = () =>
  world.logged.map((line) => {
    const { level, msg, letter } = JSON.parse(line) as Record<string, unknown>;
    return [level, msg, letter];
  });

describe('Of many things that are done one after the other', () => {
  it('one that fails keeps no other from being done, is logged, and its fault is handed on', async () => {
    const [broken, busy] = [new Error('broken'), new UpstreamError('wechat-pay', 'refused', 'busy', true)];
    const done: string[] = [];
    const fault = await doEach(world.desk, those, async (letter) => {
      if (letter === 'a') throw busy;
      if (letter === 'b') throw broken;
      done.push(letter);
    });
    expect(done).toEqual(['c']);
    expect(fault).toBe(busy);
    // What WeChat does is no fault of ours.
    expect(logged()).toEqual([
      ['warn', those.fault, 'a'],
      ['error', those.fault, 'b'],
    ]);
  });

  it('one for which it is not time yet is handed on, and is nothing to log', async () => {
    const later = new NotYet(new Date());
    expect(await doEach(world.desk, those, () => Promise.reject(later))).toBe(later);
    expect(logged()).toEqual([]);
  });

  it('nothing is handed on when all went well', async () => {
    expect(await doEach(world.desk, those, () => Promise.resolve())).toBeUndefined();
    expect(logged()).toEqual([]);
  });
});
