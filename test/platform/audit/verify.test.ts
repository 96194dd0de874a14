import { AuditEntry, AuditHead } from '../../../entities/audit-entry.ts';
import { verifyAudit, writeAudit } from '../../../src/platform/audit/index.ts';
import { createVault } from '../../../src/platform/crypto.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

/** More than are read at once. */
const ENTRIES = 4100;
const AT_ONCE = 100;
const vault = createVault('5a'.repeat(32));
const context = { actor: { kind: 'operator' }, vault, now: () => new Date('2026-11-25T08:00:00.123Z') } as const;

let fresh: TestDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  await append(ENTRIES);
}, 60_000);
afterAll(() => fresh.drop());

async function append(count: number): Promise<void> {
  for (let written = 0; written < count; written += AT_ONCE) {
    const deeds = Array.from({ length: AT_ONCE }, (_none, at) => ({
      deed: 'staff-member-changed' as const,
      subject: { kind: 'staff-member', id: `m${written + at}` },
      before: { name: '旧名' },
      after: { name: '新名' },
    }));
    await fresh.database.transaction((db) => writeAudit(db, context, deeds));
  }
}

const verify = () => verifyAudit(fresh.database.reader, vault);
const change = (sql: string, values: unknown[] = []) => fresh.database.transaction((db) => db.query(sql, values));

/** Tampers, verifies, mends. */
async function after(tamper: () => Promise<unknown>, mend: () => Promise<unknown>): Promise<string[]> {
  await tamper();
  const { faults, faultCount } = await verify();
  await mend();
  expect(faultCount).toBe(faults.length);
  return faults;
}

const keep = (number: number) => fresh.database.reader.findOneByOrFail(AuditEntry, { number });
const putBack = (entry: AuditEntry) =>
  fresh.database.transaction(async (db) => {
    await db.delete(AuditEntry, { number: entry.number });
    await db.insert(AuditEntry, entry);
  });

describe('A trail', () => {
  it('that was left alone is whole', async () => {
    expect(await verify()).toMatchObject({ entries: ENTRIES, faults: [], faultCount: 0 });
  });

  it.each(['deed', 'actorKind', 'actorId', 'apiKeyId', 'subjectKind', 'subjectId', 'before', 'requestId', 'at'])(
    'covers %s',
    async (column) => {
      const entry = await keep(5);
      const value = column === 'at' ? '2026-11-25 08:00:00.124' : 'x';
      const tamper = () => change(`UPDATE audit_entries SET \`${column}\` = ? WHERE number = 5`, [value]);
      expect(await after(tamper, () => putBack(entry))).toEqual(['entry 5 was altered']);
    },
  );

  it('shows what was taken away, at the beginning, within and at the end', async () => {
    for (const [number, said] of [
      [1, 'entry 1 is missing'],
      [500, 'entry 500 is missing'],
      [ENTRIES, `entry ${ENTRIES} is missing`],
    ] as const) {
      const entry = await keep(number);
      const faults = await after(
        () => change('DELETE FROM audit_entries WHERE number = ?', [number]),
        () => putBack(entry),
      );
      expect(faults).toEqual([said]);
    }
  });

  it('shows an end that was put further back, by whoever has the database alone', async () => {
    const [last, head] = [
      await keep(ENTRIES),
      await fresh.database.reader.findOneByOrFail(AuditHead, { name: 'audit' }),
    ];
    const before = await keep(ENTRIES - 1);
    const cut = async () => {
      await change('DELETE FROM audit_entries WHERE number = ?', [ENTRIES]);
      await change('UPDATE audit_heads SET number = ?, hash = ?', [ENTRIES - 1, before.hash]);
    };
    const mend = async () => {
      await putBack(last);
      await change('UPDATE audit_heads SET number = ?, hash = ?', [head.number, head.hash]);
    };
    expect(await after(cut, mend)).toEqual(['the record of where the trail ends was altered']);
    const faults = await after(
      () => change('DELETE FROM audit_heads'),
      () => fresh.database.transaction((db) => db.insert(AuditHead, head)),
    );
    expect(faults).toEqual(['the record of where the trail ends is missing']);
  });

  it('shows an entry with a hash that somebody without the key made, and two that changed places', async () => {
    const [first, second] = [await keep(10), await keep(11)];
    const forged = await after(
      () => change('UPDATE audit_entries SET hash = ? WHERE number = 10', ['f'.repeat(64)]),
      () => putBack(first),
    );
    expect(forged).toEqual(['entry 10 was altered', 'entry 11 does not follow entry 10']);
    const swap = async () => {
      await putBack({ ...first, number: 11 });
      await putBack({ ...second, number: 10 });
    };
    const faults = await after(swap, async () => {
      await putBack(first);
      await putBack(second);
    });
    expect(faults).toEqual(expect.arrayContaining(['entry 10 was altered', 'entry 11 was altered']));
    expect(await verify()).toMatchObject({ faultCount: 0 });
  });
});

it('one byte changed in 100,000 entries is found, and which entry that is', async () => {
  await append(100_000 - ENTRIES);
  await change("UPDATE audit_entries SET `after` = REPLACE(`after`, '新名', '新各') WHERE number = 71234");
  expect(await verify()).toMatchObject({ entries: 100_000, faults: ['entry 71234 was altered'], faultCount: 1 });
}, 60_000);
