import { Clock } from '../../simulator/src/clock.ts';

const START = Date.parse('2026-11-02T02:00:00Z');

/** A clock that stands still between advances, and a diary of what ran when. */
function frozenClock() {
  const clock = new Clock(START);
  clock.setFrozen(true);
  const start = clock.now();
  const diary: [string, number][] = [];
  const note = (what: string) => () => void diary.push([what, clock.now() - start]);
  return { clock, start, diary, note };
}

describe('the virtual clock', () => {
  it('starts where it is told and runs with real time', async () => {
    const clock = new Clock(START);
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(clock.now() - START).toBeGreaterThanOrEqual(14);
    expect(clock.now() - START).toBeLessThan(5000);
  });

  it('runs what is due in order of time, showing the planned instant, and ends exactly where it was sent', async () => {
    const { clock, start, diary, note } = frozenClock();
    clock.at(start + 3000, note('third'));
    clock.at(start + 1000, note('first'));
    clock.at(start + 1000, note('second'));
    clock.at(start + 9000, note('later'));
    expect(await clock.advance(5000)).toBe(start + 5000);
    expect(diary).toEqual([
      ['first', 1000],
      ['second', 1000],
      ['third', 3000],
    ]);
    expect(clock.waiting).toBe(1);
  });

  it('waits for each deed, and runs what a deed plans on the way', async () => {
    const { clock, start, diary, note } = frozenClock();
    clock.at(start + 1000, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      note('slow')();
      clock.at(clock.now() + 500, note('planned on the way'));
    });
    clock.at(start + 1200, note('between'));
    await clock.advance(2000);
    expect(diary).toEqual([
      ['slow', 1000],
      ['between', 1200],
      ['planned on the way', 1500],
    ]);
  });

  it('takes advances one after the other', async () => {
    const { clock, start } = frozenClock();
    await Promise.all([clock.advance(1000), clock.advance(1000)]);
    expect(clock.now()).toBe(start + 2000);
  });

  it('goes on from where it stood when it is let go', async () => {
    const { clock, start } = frozenClock();
    await clock.advance(60_000);
    clock.setFrozen(false);
    await new Promise<void>((resolve) => clock.at(start + 60_010, resolve));
    expect(clock.now() - start).toBeGreaterThanOrEqual(60_010);
    expect(clock.now() - start).toBeLessThan(65_000);
  });

  it('forgets what was cancelled, and everything at a reset', async () => {
    const { clock, start, diary, note } = frozenClock();
    clock.cancel(clock.at(start + 10, note('cancelled')));
    await clock.advance(100);
    clock.at(clock.now() + 10, note('forgotten'));
    clock.reset();
    expect(clock.isFrozen).toBe(false);
    expect(clock.now() - START).toBeLessThan(5000);
    await clock.advance(100);
    expect(diary).toEqual([]);
  });

  it('is driven by real time between advances, and one slow deed does not hold up another', async () => {
    const clock = new Clock();
    const fast = new Promise<void>((resolve) => {
      clock.at(clock.now() + 5, () => new Promise(() => undefined));
      clock.at(clock.now() + 10, resolve);
    });
    await fast;
  });

  it('goes on although a deed fails', async () => {
    const { clock, start, diary, note } = frozenClock();
    const written: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = ((text: string) => written.push(text) > 0) as typeof process.stderr.write;
    clock.at(start + 1, () => {
      throw new Error('broken deed');
    });
    clock.at(start + 2, note('next'));
    await clock.advance(10).finally(() => (process.stderr.write = write));
    expect(diary).toEqual([['next', 2]]);
    expect(written.join('')).toContain('broken deed');
  });
});
