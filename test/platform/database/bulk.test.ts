import { Job } from '../../../entities/job.ts';
import { ScheduleSlot } from '../../../entities/schedule-slot.ts';
import { insertAll, updateAll } from '../../../src/platform/database/index.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

let fresh: TestDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());
beforeEach(() => fresh.database.transaction((db) => db.deleteAll(Job)));

const at = new Date('2026-11-22T08:00:00.123Z');
const newJob = (id: string, more: Partial<Job> = {}) =>
  Object.assign(new Job(), { id, kind: 'x', payload: { 名: '😀', list: [1, null] }, runAt: at, createdAt: at }, more);
const jobs = () => fresh.database.reader.find(Job, { order: { id: 'ASC' } });

describe('insertAll', () => {
  it('writes the same as saving one by one', async () => {
    const rows = [
      newJob('1', { uniqueKey: 'k', leasedUntil: at, attempts: 3 }),
      newJob('2', { lastFault: 'it\'s \\ a "fault"' }),
    ];
    await fresh.database.transaction((db) => insertAll(db, Job, rows));
    const inBulk = await jobs();
    await fresh.database.transaction(async (db) => {
      await db.deleteAll(Job);
      for (const row of rows) await db.save(Job, row);
    });
    expect(inBulk).toEqual(await jobs());
    expect(inBulk).toEqual(rows);
  });

  it('does nothing for nobody', async () => {
    await fresh.database.transaction((db) => insertAll(db, Job, []));
    expect(await jobs()).toEqual([]);
  });

  it('fails as a whole when one row is there already', async () => {
    await fresh.database.transaction((db) => insertAll(db, Job, [newJob('2')]));
    await expect(fresh.database.transaction((db) => insertAll(db, Job, [newJob('1'), newJob('2')]))).rejects.toThrow();
    expect((await jobs()).map(({ id }) => id)).toEqual(['2']);
  });

  it('leaves out, where asked, what meets a unique key, and changes nothing of what is there', async () => {
    await fresh.database.transaction((db) => insertAll(db, Job, [newJob('1', { uniqueKey: 'taken' })]));
    const rows = [newJob('2', { uniqueKey: 'taken', kind: 'other' }), newJob('1', { kind: 'other' }), newJob('3')];
    await fresh.database.transaction((db) => insertAll(db, Job, rows, { ifNew: true }));
    expect((await jobs()).map(({ id, kind }) => [id, kind])).toEqual([
      ['1', 'x'],
      ['3', 'x'],
    ]);
  });

  it('still fails, where asked to leave out what is there, on any other fault', async () => {
    const row = { id: '1', kind: 'x', payload: {}, createdAt: at, attempts: 0, state: 'waiting' as const };
    await expect(fresh.database.transaction((db) => insertAll(db, Job, [row], { ifNew: true }))).rejects.toThrow(
      /runAt/,
    );
  });

  it('takes tables whose key is not called id', async () => {
    const slot = { name: 'a', slot: 'b', takenAt: at };
    await fresh.database.transaction((db) => insertAll(db, ScheduleSlot, [slot]));
    await fresh.database.transaction((db) => insertAll(db, ScheduleSlot, [slot], { ifNew: true }));
    expect(await fresh.database.reader.count(ScheduleSlot)).toBe(1);
  });

  it('takes hundreds at once', async () => {
    const many = Array.from({ length: 600 }, (_, n) => newJob(String(n).padStart(4, '0')));
    await fresh.database.transaction((db) => insertAll(db, Job, many));
    expect(await jobs()).toEqual(many);
  });
});

describe('updateAll', () => {
  it('writes the named columns of each row, and no other', async () => {
    const rows = [newJob('1'), newJob('2', { lastFault: 'old' }), newJob('3')];
    await fresh.database.transaction((db) => insertAll(db, Job, rows));
    Object.assign(rows[0]!, { attempts: 1, leasedUntil: at, payload: { n: 1 }, kind: 'not named' });
    Object.assign(rows[1]!, { attempts: 2, lastFault: null, payload: { n: 2 } });
    const named = ['attempts', 'leasedUntil', 'payload', 'lastFault'] as const;
    await fresh.database.transaction((db) => updateAll(db, Job, rows.slice(0, 2), named));
    expect(
      (await jobs()).map(({ kind, attempts, leasedUntil, payload, lastFault }) => ({
        kind,
        attempts,
        leasedUntil,
        payload,
        lastFault,
      })),
    ).toEqual([
      { kind: 'x', attempts: 1, leasedUntil: at, payload: { n: 1 }, lastFault: null },
      { kind: 'x', attempts: 2, leasedUntil: null, payload: { n: 2 }, lastFault: null },
      { kind: 'x', attempts: 0, leasedUntil: null, payload: rows[2]!.payload, lastFault: null },
    ]);
  });

  it('does nothing for nobody', async () => {
    await fresh.database.transaction((db) => updateAll(db, Job, [], ['kind']));
  });
});
