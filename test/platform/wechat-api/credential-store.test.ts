import { setTimeout as pause } from 'node:timers/promises';
import { WechatToken } from '../../../entities/wechat-token.ts';
import type { Database } from '../../../src/platform/database/index.ts';
import { UpstreamError } from '../../../src/platform/errors.ts';
import { CredentialStore } from '../../../src/platform/wechat-api/credential-store.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { testClock, testLog, testVault } from './gateway-world.ts';

const NAME = 'wx0123456789abcdef:access_token';
const LIFE_SECONDS = 7200;
const vault = testVault();

let fresh: TestDatabase;
let clock: ReturnType<typeof testClock>;
let fetched: number;
let fetchToken: () => Promise<{ value: string; lifeSeconds: number }>;

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

beforeEach(async () => {
  clock = testClock();
  fetched = 0;
  fetchToken = async () => {
    const value = `T${(fetched += 1)}`;
    await pause(20);
    return { value, lifeSeconds: LIFE_SECONDS };
  };
  await fresh.database.transaction((db) => db.clear(WechatToken));
});

/** What one process has: nothing but the database is shared between two of them. */
const storeOn = (database: Database, options: { fetchMs?: number; vault?: typeof vault } = {}) =>
  new CredentialStore({
    upstream: 'official-account',
    name: NAME,
    fetch: () => fetchToken(),
    fetchMs: 1000,
    database,
    vault,
    now: () => clock.now(),
    log: testLog().log,
    ...options,
  });

const rowOf = () => fresh.database.reader.findOneByOrFail(WechatToken, { name: NAME });
const changeRow = (change: Partial<WechatToken>) =>
  fresh.database.transaction((db) => db.update(WechatToken, { name: NAME }, change));
const many = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work));
const valuesOf = (held: { value: string }[]) => [...new Set(held.map(({ value }) => value))];
const refusal = () =>
  new UpstreamError('official-account', 'refused', 'address_not_allowed', false, { action: 'surface' });
const busy = () => new UpstreamError('official-account', 'refused', 'busy', true, { action: 'backoff' });

describe('one token for everybody', () => {
  it('is fetched once for twenty callers at once', async () => {
    const store = storeOn(fresh.database);
    expect(valuesOf(await many(20, () => store.current()))).toEqual(['T1']);
    expect(fetched).toBe(1);
  });

  it('is fetched once though another process stored it just after this one had looked in vain', async () => {
    const other = storeOn(fresh.database);
    const { reader } = fresh.database;
    let looks = 0;
    const findOneBy = async (...asked: Parameters<typeof reader.findOneBy>) => {
      const seen = await reader.findOneBy(...asked);
      if ((looks += 1) === 1) await other.current();
      return seen;
    };
    const late = Object.assign(Object.create(reader) as typeof reader, { findOneBy });
    expect(valuesOf([await storeOn({ ...fresh.database, reader: late }).current()])).toEqual(['T1']);
    expect(fetched).toBe(1);
  });

  it('costs twenty callers of one process one turn with the database', async () => {
    let turns = 0;
    const transaction: Database['transaction'] = (deed, options) => (
      (turns += 1),
      fresh.database.transaction(deed, options)
    );
    const store = storeOn({ ...fresh.database, transaction });
    await store.current();
    clock.advance(LIFE_SECONDS * 1000);
    turns = 0;
    await many(20, () => store.current());
    expect(turns).toBe(2);
  });

  it('is fetched once by two processes with twenty callers each', async () => {
    const [one, other] = [storeOn(fresh.database), storeOn(fresh.database)];
    const held = await Promise.all([many(20, () => one.current()), many(20, () => other.current())]);
    expect(valuesOf(held.flat())).toEqual(['T1']);
    expect(fetched).toBe(1);
  });

  it('outlives the process', async () => {
    await storeOn(fresh.database).current();
    expect((await storeOn(fresh.database).current()).value).toBe('T1');
    expect(fetched).toBe(1);
  });

  it('lies sealed in the database, and a row under another name does not open', async () => {
    const value = 'long enough not to come about by chance';
    fetchToken = () => Promise.resolve({ value, lifeSeconds: LIFE_SECONDS });
    await storeOn(fresh.database).current();
    const row = await rowOf();
    expect(row.valueSealed).not.toContain(value);
    expect(vault.open(row.valueSealed!, NAME)).toBe(value);
    expect(() => vault.open(row.valueSealed!, 'another')).toThrow();
  });

  it('is fetched anew when it was sealed with another key', async () => {
    await storeOn(fresh.database).current();
    expect((await storeOn(fresh.database, { vault: testVault() }).current()).value).toBe('T2');
  });
});

describe('before the end of its life', () => {
  it('is kept until five minutes before, then replaced once, by whichever process asks', async () => {
    const [one, other] = [storeOn(fresh.database), storeOn(fresh.database)];
    await one.current();
    clock.advance((LIFE_SECONDS - 301) * 1000);
    expect((await one.current()).value).toBe('T1');
    clock.advance(20_000);
    const held = await Promise.all([many(10, () => one.current()), many(10, () => other.current())]);
    expect(valuesOf(held.flat())).toContain('T2');
    expect((await one.current()).value).toBe('T2');
    expect(fetched).toBe(2);
  });

  it('is used on while WeChat is in trouble, and WeChat is left alone for ten seconds', async () => {
    const store = storeOn(fresh.database);
    await store.current();
    clock.advance((LIFE_SECONDS - 200) * 1000);
    fetchToken = () => Promise.reject(((fetched += 1), busy()));
    expect((await store.current()).value).toBe('T1');
    expect((await store.current()).value).toBe('T1');
    expect(fetched).toBe(2);
    clock.advance(10_000);
    await store.current();
    expect(fetched).toBe(3);
  });

  it('is used on while another process fetches, without waiting for it', async () => {
    // Whoever waited would wait longer than any test may take.
    const store = storeOn(fresh.database, { fetchMs: 3600_000 });
    await store.current();
    clock.advance((LIFE_SECONDS - 200) * 1000);
    await changeRow({ fetchedBy: 'another process', fetchedUntil: new Date(clock.now().getTime() + 60_000) });
    expect((await store.current()).value).toBe('T1');
    expect(fetched).toBe(1);
  });

  it('is not used on when it is dead', async () => {
    const store = storeOn(fresh.database);
    await store.current();
    clock.advance(LIFE_SECONDS * 1000);
    fetchToken = () => Promise.reject(busy());
    await expect(store.current()).rejects.toMatchObject({ code: 'busy' });
  });
});

describe('the lease', () => {
  it('of a process that died is taken over when it ran out, and not before', async () => {
    const store = storeOn(fresh.database);
    await store.current();
    clock.advance(LIFE_SECONDS * 1000);
    await changeRow({ fetchedBy: 'a dead process', fetchedUntil: new Date(clock.now().getTime() + 3000) });
    const asked = many(5, () => store.current());
    await pause(200);
    expect(fetched).toBe(1);
    clock.advance(3001);
    expect(valuesOf(await asked)).toEqual(['T2']);
    expect(fetched).toBe(2);
    expect(await rowOf()).toMatchObject({ generation: 2, fetchedBy: null, fetchedUntil: null });
  });

  it('that was lost writes nothing', async () => {
    let finishSlow: (() => void) | undefined;
    const slow = storeOn(fresh.database);
    const quick = storeOn(fresh.database);
    const quickly = fetchToken;
    fetchToken = () =>
      new Promise((resolve) => (finishSlow = () => resolve({ value: 'LATE', lifeSeconds: LIFE_SECONDS })));
    const late = slow.current();
    while (!finishSlow) await pause(5);
    fetchToken = quickly;
    clock.advance(60_000);
    expect((await quick.current()).value).toBe('T1');
    finishSlow();
    await late;
    expect((await quick.current()).value).toBe('T1');
  });

  it('is given back after a failure, so that the next caller need not wait', async () => {
    const store = storeOn(fresh.database);
    const works = fetchToken;
    fetchToken = () => Promise.reject(busy());
    await expect(store.current()).rejects.toMatchObject({ code: 'busy', retryable: true });
    fetchToken = works;
    expect((await store.current()).value).toBe('T1');
  });

  it('ends a wait that leads nowhere', async () => {
    const store = storeOn(fresh.database, { fetchMs: -1900 });
    await store.current();
    clock.advance(LIFE_SECONDS * 1000);
    await changeRow({ fetchedBy: 'a process', fetchedUntil: new Date(clock.now().getTime() + 3_600_000) });
    await expect(store.current()).rejects.toMatchObject({
      kind: 'not_sent',
      code: 'token_unavailable',
      retryable: true,
    });
  });
});

it('does not ask again at once after a refusal that only an operator can end', async () => {
  const store = storeOn(fresh.database);
  fetchToken = () => Promise.reject(((fetched += 1), refusal()));
  await expect(store.current()).rejects.toMatchObject({ code: 'address_not_allowed' });
  await expect(store.current()).rejects.toMatchObject({ code: 'address_not_allowed' });
  expect(fetched).toBe(1);
  clock.advance(10_000);
  await expect(store.current()).rejects.toMatchObject({ code: 'address_not_allowed' });
  expect(fetched).toBe(2);
});

describe('a refused token', () => {
  it('is replaced once, however many callers were refused in two processes', async () => {
    const [one, other] = [storeOn(fresh.database), storeOn(fresh.database)];
    const held = await one.current();
    const next = await Promise.all([many(20, () => one.after(held)), many(20, () => other.after(held))]);
    expect(valuesOf(next.flat())).toEqual(['T2']);
    expect(fetched).toBe(2);
  });

  it('that somebody replaced meanwhile costs no fetch', async () => {
    const [one, other] = [storeOn(fresh.database), storeOn(fresh.database)];
    const held = await one.current();
    await other.after(held);
    expect((await one.after(held)).value).toBe('T2');
    expect(fetched).toBe(2);
  });

  it('is never given back, even when it seems to live and another process is fetching', async () => {
    const store = storeOn(fresh.database);
    const held = await store.current();
    await changeRow({ fetchedBy: 'a process', fetchedUntil: new Date(clock.now().getTime() + 1000) });
    const asked = store.after(held);
    await pause(150);
    clock.advance(1001);
    expect((await asked).value).toBe('T2');
  });
});
