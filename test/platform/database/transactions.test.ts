import { setTimeout as pause } from 'node:timers/promises';
import { type EntityManager, LessThan, MoreThan } from 'typeorm';
import { ScheduleSlot } from '../../../entities/schedule-slot.ts';
import { WechatNotice } from '../../../entities/wechat-notice.ts';
import { WechatToken } from '../../../entities/wechat-token.ts';
import { isDuplicate, locked } from '../../../src/platform/database/index.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

const isMysql = Boolean(process.env.TEST_MYSQL_URL);

let fresh: TestDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());
beforeEach(() => fresh.database.transaction((db) => db.deleteAll(WechatToken)));

/** A counter that only a transaction of its own can keep right. */
const newCounter = (name: string) =>
  fresh.database.transaction(async (db) => void (await db.insert(WechatToken, { name, generation: 0 })));
const counted = async (name: string) => (await fresh.database.reader.findOneByOrFail(WechatToken, { name })).generation;

async function countUp(db: EntityManager, name: string): Promise<void> {
  const counter = await db.findOneOrFail(WechatToken, { where: { name }, ...locked(db) });
  await pause(Math.random() * 3);
  await db.update(WechatToken, { name }, { generation: counter.generation + 1 });
}

const newSlot = (name: string) => ({ name, slot: 'now', takenAt: new Date() });

describe('Fifty transactions at once', () => {
  it('each see what the others committed, with reading going on between', async () => {
    await newCounter('shared');
    const seen: number[] = [];
    const watch = async () => {
      for (let looks = 0; looks < 20; looks += 1) {
        seen.push(await counted('shared'));
        await pause(2);
      }
    };
    const writes = Array.from({ length: 50 }, () => fresh.database.transaction((db) => countUp(db, 'shared')));
    await Promise.all([...writes, watch()]);
    expect(await counted('shared')).toBe(50);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('fail alone: what one gave up is not there, what the others wrote is', async () => {
    const deeds = Array.from({ length: 50 }, (_, at) =>
      fresh.database.transaction(async (db) => {
        await db.insert(ScheduleSlot, newSlot(`try-${at}`));
        await pause(Math.random() * 3);
        if (at % 5 === 0) throw new Error('given up');
      }),
    );
    const outcomes = await Promise.allSettled(deeds);
    const kept = (await fresh.database.reader.find(ScheduleSlot)).map(({ name }) => name);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    expect(new Set(kept)).toEqual(
      new Set(
        Array.from({ length: 50 }, (_, at) => at)
          .filter((at) => at % 5 !== 0)
          .map((at) => `try-${at}`),
      ),
    );
  });

  it('of two processes count together too', async () => {
    await newCounter('two processes');
    const other = await fresh.open();
    const deeds = Array.from({ length: 40 }, (_, at) =>
      (at % 2 === 0 ? fresh.database : other).transaction((db) => countUp(db, 'two processes')),
    );
    await Promise.all(deeds);
    expect(await counted('two processes')).toBe(40);
  });
});

describe('Reading', () => {
  it('sees nothing of a transaction before it is committed', async () => {
    await newCounter('quiet');
    await fresh.database.transaction(async (db) => {
      await db.update(WechatToken, { name: 'quiet' }, { generation: 7 });
      expect(await counted('quiet')).toBe(0);
    });
    expect(await counted('quiet')).toBe(7);
  });

  if (isMysql) {
    it('in a transaction sees what others committed since it began, whichever connection it has', async () => {
      await newCounter('moving');
      const other = await fresh.open();
      const move = () =>
        other.transaction(async (db) => void (await db.update(WechatToken, { name: 'moving' }, { generation: 7 })));
      const look = async (db: EntityManager) => (await db.findOneByOrFail(WechatToken, { name: 'moving' })).generation;
      // Each transaction is held open while the next one begins, so that each has a connection of its own.
      const lookTwice = (more: number): Promise<number[]> =>
        fresh.database.transaction(async (db) => {
          expect(await look(db)).toBe(0);
          const inner = more > 0 ? await lookTwice(more - 1) : await move();
          return [await look(db), ...(inner ?? [])];
        });
      expect(await lookTwice(11)).toEqual(Array<number>(12).fill(7));
    });
  } else {
    it('cannot write, not even while a transaction is open', async () => {
      const stray = () => fresh.database.reader.insert(ScheduleSlot, newSlot('stray'));
      await expect(stray()).rejects.toThrow(/readonly|read-only/i);
      await fresh.database.transaction(async () => {
        await expect(stray()).rejects.toThrow(/readonly|read-only/i);
      });
      expect(await fresh.database.reader.existsBy(ScheduleSlot, { name: 'stray' })).toBe(false);
    });
  }
});

describe('A row that is there already', () => {
  it.each([
    ['by its primary key', (db: EntityManager) => db.insert(ScheduleSlot, newSlot('twice'))],
    [
      'by a unique index',
      (db: EntityManager) =>
        db.query(
          "INSERT INTO web_sign_ins (id, stateHash, browserHash, scope, backTo, startedAt) VALUES (?, 'same', '', '', '', '2026-11-22')",
          [String(Math.random())],
        ),
    ],
  ])('is known %s', async (_name, insert) => {
    await fresh.database.transaction(insert);
    const fault = await fresh.database.transaction(insert).catch((error: unknown) => error);
    expect(isDuplicate(fault)).toBe(true);
    const other = await fresh.database
      .transaction((db) => db.query('SELECT * FROM nothing'))
      .catch((error: unknown) => error);
    expect(isDuplicate(other)).toBe(false);
  });

  it('makes the transaction run again where that was asked for, and only there', async () => {
    await fresh.database.transaction((db) => db.insert(ScheduleSlot, newSlot('met')));
    let runs = 0;
    const meet = async (db: EntityManager) => {
      runs += 1;
      if (runs === 1) await db.insert(ScheduleSlot, newSlot('met'));
    };
    await expect(fresh.database.transaction(meet)).rejects.toThrow();
    expect(runs).toBe(1);
    runs = 0;
    await fresh.database.transaction(meet, { retryDuplicates: true });
    expect(runs).toBe(2);
  });

  it('fails in the end when it stays', async () => {
    let runs = 0;
    const insert = async (db: EntityManager) => {
      runs += 1;
      await db.insert(ScheduleSlot, newSlot('met'));
    };
    await expect(fresh.database.transaction(insert, { retryDuplicates: true })).rejects.toThrow();
    expect(runs).toBe(5);
  });
});

if (isMysql) {
  it('lets two who wait for one another both come to their end', async () => {
    await newCounter('left');
    await newCounter('right');
    let runs = 0;
    let arrived = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => (open = resolve));
    const inOrder = (names: string[]) =>
      fresh.database.transaction(async (db) => {
        runs += 1;
        await countUp(db, names[0]!);
        arrived += 1;
        if (arrived === 2) open();
        await both;
        await countUp(db, names[1]!);
      });
    await Promise.all([inOrder(['left', 'right']), inOrder(['right', 'left'])]);
    expect([await counted('left'), await counted('right')]).toEqual([2, 2]);
    expect(runs).toBe(3);
  });
}

describe('What is stored', () => {
  it('tells capitals from small letters', async () => {
    await newCounter('oABCdef');
    await newCounter('oabcDEF');
    await fresh.database.transaction((db) => db.update(WechatToken, { name: 'oABCdef' }, { generation: 3 }));
    expect([await counted('oABCdef'), await counted('oabcDEF')]).toEqual([3, 0]);
    expect(await fresh.database.reader.existsBy(WechatToken, { name: 'OABCDEF' })).toBe(false);
  });

  it.each([
    '2026-11-22T15:59:59.999Z',
    '2026-11-22T16:00:00.000Z',
    '2026-01-01T00:00:00.001Z',
    '1999-12-31T23:59:59.500Z',
    '2099-06-30T12:00:00.010Z',
  ])('gives an instant back to the millisecond: %s', async (text) => {
    const receivedAt = new Date(text);
    const notice = { id: text, eventType: 'x', outcome: 'ignored', receivedAt };
    await fresh.database.transaction((db) => db.insert(WechatNotice, notice));
    const { reader } = fresh.database;
    expect((await reader.findOneByOrFail(WechatNotice, { id: text })).receivedAt).toEqual(receivedAt);
    const justAfter = new Date(receivedAt.getTime() + 1);
    expect(await reader.countBy(WechatNotice, { id: text, receivedAt: LessThan(justAfter) })).toBe(1);
    expect(await reader.countBy(WechatNotice, { id: text, receivedAt: LessThan(receivedAt) })).toBe(0);
    expect(
      await reader.countBy(WechatNotice, { id: text, receivedAt: MoreThan(new Date(receivedAt.getTime() - 1)) }),
    ).toBe(1);
  });

  it.each(['', ' 空白 ', '😀👩‍👩‍👧', "'; DROP TABLE jobs; --", '\u202Eabc', '\\', '中文'.repeat(500)])(
    'gives text back to the letter: %j',
    async (text) => {
      await fresh.database.transaction((db) =>
        db.insert(WechatToken, { name: 'text', generation: 0, valueSealed: text }),
      );
      expect((await fresh.database.reader.findOneByOrFail(WechatToken, { name: 'text' })).valueSealed).toBe(text);
    },
  );

  if (!isMysql) {
    it('is never cut: text with a NUL is refused', async () => {
      const insert = (db: EntityManager) =>
        db.insert(WechatToken, { name: 'text', generation: 0, valueSealed: 'a\u0000b' });
      await expect(fresh.database.transaction(insert)).rejects.toThrow(/NUL/);
    });
  }

  it.each([0, -1, 335, 2_147_483_647, -2_147_483_648])('gives a whole number back: %d', async (generation) => {
    await fresh.database.transaction((db) => db.insert(WechatToken, { name: 'number', generation }));
    expect(await counted('number')).toBe(generation);
    const [{ half }] = await fresh.database.reader.query<[{ half: unknown }]>(
      'SELECT CAST(? / 2 AS CHAR) AS half',
      [335],
    );
    expect(String(half)).toMatch(isMysql ? /^167\.5/ : /^167$/);
  });
});
