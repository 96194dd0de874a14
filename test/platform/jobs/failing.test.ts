import { NotYet } from '../../../src/platform/jobs/index.ts';
import { listDeadJobs, requeueDeadJobs } from '../../../src/platform/jobs/dead-jobs.ts';
import { fateOf, MAX_ATTEMPTS } from '../../../src/platform/jobs/put-back.ts';
import { UpstreamError } from '../../../src/platform/errors.ts';
import { Job } from '../../../entities/job.ts';
import { type JobWorld, startJobWorld } from './job-world.ts';

let world: JobWorld;
beforeAll(async () => {
  world = await startJobWorld();
});
afterAll(() => world.stop());
afterEach(() => world.clear());

const refusal = new UpstreamError('official-account', 'refused', 'openid_unknown', false, { action: 'drop' });
const giveUp = () => Promise.reject(refusal);
const onlyJob = async () => {
  const [job, ...more] = await world.jobs();
  expect(more).toEqual([]);
  return job!;
};

describe('A job that fails', () => {
  it('is tried again later and later, until it is done', async () => {
    const triedAt: number[] = [];
    const engine = await world.worker(async () => {
      triedAt.push(world.desk.now().getTime());
      if (triedAt.length < 5) throw new TypeError('13800000001 is not a number');
    });
    await world.give('stubborn');
    for (let tries = 0; tries < 5; tries += 1) {
      await engine.drain();
      expect(await engine.drain()).toBe(0);
      const [job] = await world.jobs();
      if (job) world.advance(job.runAt.getTime() - world.desk.now().getTime() + 1);
    }
    expect(await world.jobs()).toEqual([]);
    const waits = triedAt.slice(1).map((at, n) => (at - triedAt[n]!) / 1000);
    for (const [n, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(0.75 * 2 ** (n + 1));
      expect(wait).toBeLessThan(1.25 * 2 ** (n + 1) + 1);
    }
  });

  it('is remembered by the name of its fault, not by its words', async () => {
    const engine = await world.worker(() => Promise.reject(new TypeError('13800000001 is not a number')));
    await world.give('x');
    await engine.drain();
    expect(await onlyJob()).toMatchObject({ state: 'waiting', attempts: 1, lastFault: 'TypeError', leasedBy: null });
  });

  it('is given up after all its attempts, with a line that somebody must see', async () => {
    const engine = await world.worker(() => Promise.reject(new Error('always')));
    await world.give('x');
    await world.desk.transaction((work) =>
      work.db.update(Job, { kind: 'payment.settled' }, { attempts: MAX_ATTEMPTS - 2 }),
    );
    await engine.drain();
    expect(await onlyJob()).toMatchObject({ state: 'waiting', attempts: MAX_ATTEMPTS - 1 });
    world.advance(2 * 3600_000);
    await engine.drain();
    expect(await onlyJob()).toMatchObject({ state: 'dead', attempts: MAX_ATTEMPTS, lastFault: 'Error' });
    expect(
      world.logged.filter((line) => line.includes('"gaveUp":true') && line.includes('"level":"error"')),
    ).toHaveLength(1);
    world.advance(30 * 24 * 3600_000);
    expect(await engine.drain()).toBe(0);
  });

  it('is given up at once when WeChat’s refusal is final', async () => {
    const engine = await world.worker(giveUp);
    await world.give('x');
    await engine.drain();
    expect(await onlyJob()).toMatchObject({ state: 'dead', attempts: 1, lastFault: 'refused: openid_unknown' });
  });

  it('is tried again rarely when one of us must mend something first', () => {
    const ours = new UpstreamError('official-account', 'refused', 'address_not_allowed', false, { action: 'surface' });
    const fate = fateOf({ attempts: 1 }, ours, new Date(0));
    expect(fate).toEqual({ state: 'waiting', attempts: 1, runAt: new Date(600_000) });
    expect(fateOf({ attempts: MAX_ATTEMPTS }, ours, new Date(0))).toEqual({ state: 'dead' });
  });

  it('lives through three days without WeChat', () => {
    const silence = new UpstreamError('wechat-pay', 'unknown', 'timeout', true);
    let at = Date.parse('2026-11-22T00:00:00Z');
    for (let attempts = 1; attempts < MAX_ATTEMPTS; attempts += 1) {
      const fate = fateOf({ attempts }, silence, new Date(at));
      if (fate.state === 'dead') throw new Error(`given up at attempt ${attempts}`);
      expect(fate.runAt.getTime() - at).toBeLessThanOrEqual(1.25 * 3600_000);
      at = fate.runAt.getTime();
    }
    expect(at).toBeGreaterThan(Date.parse('2026-11-24T12:00:00Z'));
  });

  it('waits for the new day or the new minute when a quota is used up', () => {
    const tooMuch = (action: 'wait_day' | 'wait_minute') =>
      new UpstreamError('official-account', 'rate_limited', 'quota', true, { action });
    const evening = new Date('2026-11-22T15:59:00Z');
    const day = fateOf({ attempts: 1 }, tooMuch('wait_day'), evening);
    const minute = fateOf({ attempts: 1 }, tooMuch('wait_minute'), evening);
    // Midnight in Shanghai is 16:00 UTC.
    expect(day).toMatchObject({ state: 'waiting', runAt: new Date('2026-11-22T16:01:00Z') });
    expect(minute).toMatchObject({ state: 'waiting', runAt: new Date('2026-11-22T16:00:00Z') });
    const morning = fateOf({ attempts: 1 }, tooMuch('wait_day'), new Date('2026-11-22T16:00:00Z'));
    expect(morning).toMatchObject({ runAt: new Date('2026-11-23T16:01:00Z') });
  });

  it('that only waits for something loses no attempt, and leaves no warning', async () => {
    let looks = 0;
    const engine = await world.worker(async () => {
      looks += 1;
      if (looks <= 3) throw new NotYet(new Date(world.desk.now().getTime() + 5000));
    });
    await world.give('patient');
    for (let n = 1; n <= 3; n += 1) {
      await engine.drain();
      expect(await onlyJob()).toMatchObject({ state: 'waiting', attempts: 0, lastFault: null });
      world.advance(5001);
    }
    await engine.drain();
    expect(await world.jobs()).toEqual([]);
    expect(world.logged).toEqual([]);
  });

  it('is not tried for ever in a row when it kills its workers', async () => {
    let runs = 0;
    const engine = await world.worker(async () => void (runs += 1));
    await world.give('deadly');
    const died = (attempts: number) =>
      world.desk.transaction((work) =>
        work.db.update(
          Job,
          { kind: 'payment.settled' },
          { state: 'running', attempts, leasedBy: 'x', leasedUntil: new Date(0) },
        ),
      );
    await died(4);
    expect(await engine.drain()).toBe(0);
    expect(await onlyJob()).toMatchObject({ state: 'waiting', attempts: 4, lastFault: 'worker_died' });
    await died(MAX_ATTEMPTS);
    expect(await engine.drain()).toBe(0);
    expect(await onlyJob()).toMatchObject({ state: 'dead' });
    expect(runs).toBe(0);
  });

  it('of a kind that nobody knows is kept', async () => {
    const engine = await world.worker(() => Promise.resolve());
    await world.give('x');
    await world.desk.transaction((work) =>
      work.db.update(Job, { kind: 'payment.settled' }, { kind: 'from.a.newer.release' }),
    );
    await engine.drain();
    expect(await onlyJob()).toMatchObject({ state: 'waiting', attempts: 1 });
  });
});

describe('Jobs that were given up', () => {
  it('stand in the way of no new job with the same key', async () => {
    const engine = await world.worker(giveUp);
    await world.give('first', { key: 'the same' });
    await engine.drain();
    await world.give('second', { key: 'the same' });
    expect((await world.jobs()).map(({ state }) => state)).toEqual(['dead', 'waiting']);
  });

  it('are listed newest first, page by page', async () => {
    const engine = await world.worker(giveUp);
    for (const what of ['a', 'b', 'c']) await world.give(what);
    await engine.drain();
    await world.give('alive');
    const first = await listDeadJobs(world.desk, { limit: 2 });
    expect(first.map(({ payload }) => payload.paymentId)).toEqual(['c', 'b', 'a']);
    const next = await listDeadJobs(world.desk, { limit: 2, after: first[1]!.id });
    expect(next.map(({ payload }) => payload.paymentId)).toEqual(['a']);
  });

  it('are done when somebody has them tried again, with all their attempts', async () => {
    let isMended = false;
    const done: string[] = [];
    const engine = await world.worker(async (what) => {
      if (!isMended) throw refusal;
      done.push(what);
    });
    for (const what of ['a', 'b']) await world.give(what);
    await engine.drain();
    isMended = true;
    const [a] = await world.jobs();
    expect(await world.desk.transaction((work) => requeueDeadJobs(work, [a!.id, 'nothing']))).toBe(1);
    expect(await world.desk.transaction((work) => requeueDeadJobs(work, [a!.id]))).toBe(0);
    await engine.drain();
    expect(done).toEqual(['a']);
    expect((await world.jobs()).map(({ state, attempts }) => [state, attempts])).toEqual([['dead', 1]]);
  });
});
