import { setTimeout as pause } from 'node:timers/promises';
import { Job } from '../../../entities/job.ts';
import { enqueue } from '../../../src/platform/jobs/index.ts';
import { type JobWorld, newGate, startJobWorld } from './job-world.ts';

let world: JobWorld;
beforeAll(async () => {
  world = await startJobWorld({ JOB_LEASE_SECONDS: '2', JOB_POLL_MS: '2000' });
});
afterAll(() => world.stop());
afterEach(() => world.clear());

const states = async () => (await world.jobs()).map(({ state, attempts }) => [state, attempts]);

describe('A job', () => {
  it('is done once and then gone', async () => {
    const done: string[] = [];
    const engine = await world.worker(async (what) => void done.push(what));
    await world.give('a');
    expect(await engine.drain()).toBe(1);
    expect(await engine.drain()).toBe(0);
    expect(done).toEqual(['a']);
    expect(await world.jobs()).toEqual([]);
  });

  it('is not there when the transaction that decided it is given up', async () => {
    const decided = world.desk.transaction(async (work) => {
      await enqueue(work, 'payment.settled', { paymentId: 'never' });
      throw new Error('given up');
    });
    await expect(decided).rejects.toThrow('given up');
    expect(await world.jobs()).toEqual([]);
  });

  it('is not seen by a worker before the transaction is committed', async () => {
    const done: string[] = [];
    const engine = await world.worker(async (what) => void done.push(what), { ofItsOwn: true });
    const looked = newGate();
    // The embedded database has one writer at a time: there the worker waits for the transaction to end.
    const isEmbedded = world.world.database.kind === 'embedded';
    let drained: Promise<number> | undefined;
    await world.desk.transaction(async (work) => {
      await enqueue(work, 'payment.settled', { paymentId: 'early' });
      drained = engine.drain().finally(looked.open);
      await (isEmbedded ? pause(50) : looked.opened);
      expect(done).toEqual([]);
    });
    await drained;
    await engine.drain();
    expect(done).toEqual(['early']);
  });

  it('waits for its time', async () => {
    const done: string[] = [];
    const engine = await world.worker(async (what) => void done.push(what));
    await world.give('later', { runAt: new Date(world.desk.now().getTime() + 60_000) });
    expect(await engine.drain()).toBe(0);
    world.advance(60_001);
    await engine.drain();
    expect(done).toEqual(['later']);
  });

  it('is one with another of the same key, also when two ask at the same instant', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, at) => world.give(`from ${at}`, { key: 'the same' })));
    await world.give('other', { key: 'another' });
    await world.give('free');
    await world.give('free');
    expect(await world.jobs()).toHaveLength(4);
  });

  it('may have its key again once it is done', async () => {
    const done: string[] = [];
    const engine = await world.worker(async (what) => void done.push(what));
    for (const what of ['first', 'second']) {
      await world.give(what, { key: 'the same' });
      await engine.drain();
    }
    expect(done).toEqual(['first', 'second']);
  });
});

describe('A worker', () => {
  it('is not held up by a job that takes long', async () => {
    const gate = newGate();
    const done: string[] = [];
    const engine = await world.worker(async (what) => {
      if (what === 'long') await gate.opened;
      done.push(what);
    });
    await world.give('long');
    const drained = engine.drain();
    while ((await states()).every(([state]) => state !== 'running')) await pause(5);
    for (let n = 0; n < 20; n += 1) await world.give(`short ${n}`);
    const second = engine.drain();
    while (done.length < 20) await pause(5);
    gate.open();
    await Promise.all([drained, second]);
    expect(done.at(-1)).toBe('long');
    expect(done).toHaveLength(21);
  });

  it('lets what is under way finish when it is told to stop, and takes nothing new', async () => {
    const [begun, gate] = [newGate(), newGate()];
    const done: string[] = [];
    const engine = await world.worker(async (what) => {
      begun.open();
      await gate.opened;
      done.push(what);
    });
    await world.give('under way');
    engine.start();
    await begun.opened;
    const stopped = engine.stop();
    await world.give('too late');
    gate.open();
    await stopped;
    expect(done).toEqual(['under way']);
    expect(await states()).toEqual([['waiting', 0]]);
  });

  it('keeps a job that takes longer than the lease', async () => {
    const gate = newGate();
    const done: string[] = [];
    const deed = async (what: string) => {
      await gate.opened;
      done.push(what);
    };
    const [engine, other] = [await world.worker(deed), await world.worker(deed, { ofItsOwn: true })];
    await world.give('long');
    const drained = engine.drain();
    while ((await states()).every(([state]) => state !== 'running')) await pause(5);
    for (let looks = 0; looks < 8; looks += 1) {
      await pause(400);
      expect(await other.drain()).toBe(0);
    }
    gate.open();
    await drained;
    expect(done).toEqual(['long']);
    expect(await world.jobs()).toEqual([]);
  });

  it('that died loses its job when the lease ends', async () => {
    await world.give('orphan');
    const lease = { state: 'running' as const, leasedBy: 'who died', attempts: 1 };
    const leasedUntil = new Date(world.desk.now().getTime() + 60_000);
    await world.desk.transaction((work) => work.db.update(Job, { kind: 'payment.settled' }, { ...lease, leasedUntil }));
    const done: string[] = [];
    const engine = await world.worker(async (what) => void done.push(what));
    expect(await engine.drain()).toBe(0);
    world.advance(60_001);
    expect(await engine.drain()).toBe(1);
    expect(done).toEqual(['orphan']);
  });
});

it('two hundred jobs are each done by one of two workers, never by both, never at once', async () => {
  const runs = new Map<string, number>();
  const doers: number[] = [0, 0];
  const underWay = new Set<string>();
  const deedOf = (doer: number) => async (what: string) => {
    expect(underWay.has(what)).toBe(false);
    underWay.add(what);
    runs.set(what, (runs.get(what) ?? 0) + 1);
    doers[doer]! += 1;
    await pause(Math.random() * 4);
    underWay.delete(what);
  };
  const engines = [await world.worker(deedOf(0)), await world.worker(deedOf(1), { ofItsOwn: true })];
  await world.desk.transaction(async (work) => {
    for (let n = 0; n < 200; n += 1) await enqueue(work, 'payment.settled', { paymentId: `${n}` });
  });
  const taken = await Promise.all(engines.map((engine) => engine.drain()));
  expect(taken[0]! + taken[1]!).toBe(200);
  expect(runs.size).toBe(200);
  expect([...runs.values()].every((times) => times === 1)).toBe(true);
  expect(Math.min(...doers)).toBeGreaterThan(0);
  expect(await world.jobs()).toEqual([]);
});
