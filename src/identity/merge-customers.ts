import { type EntityManager, In } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { CustomerMerge, type MovedRows } from '../../entities/customer-merge.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { type HeldRow, type Holding, holdings } from './holdings.ts';
import { openPhone, sealPhone } from './phone-number.ts';
import { getSurvivor } from './survivor.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** Follows every merge: what others wrote for the merged customer while the merge was being committed. */
    'identity.finish_merge': { mergeId: string };
  }
}

/** Longer than any request or job that began before the merge takes. */
const STRAGGLERS_AFTER_MS = 60_000;
/** Ids in one statement. */
const CHUNK = 500;

/** Makes `from` part of `into`: everything that belongs to it moves, and the trail says what did, so that it can be undone. */
export async function mergeCustomers(
  work: Transaction,
  { from: fromId, into: intoId, because }: { from: string; into: string; because: string },
): Promise<void> {
  const { from, into } = await lockPair(work.db, fromId, intoId);
  const moved = { ...(await moveHoldings(work.db, from.id, into.id)), taken_over: await takeOver(work, from, into) };
  await work.db.update(Customer, { id: from.id }, { mergedIntoId: into.id });
  const merge = Object.assign(new CustomerMerge(), {
    id: newId(),
    fromCustomerId: from.id,
    intoCustomerId: into.id,
    because,
    moved,
    mergedAt: work.now(),
  });
  await work.db.insert(CustomerMerge, merge);
  const runAt = new Date(work.now().getTime() + STRAGGLERS_AFTER_MS);
  await enqueue(work, 'identity.finish_merge', { mergeId: merge.id }, { runAt });
}

/** The job `identity.finish_merge`: moves what came too late, and adds it to the trail. */
export async function finishMerge(desk: Desk, { mergeId }: { mergeId: string }): Promise<void> {
  await desk.transaction(
    async (work) => {
      const where = { id: mergeId };
      const merge = await work.db.findOne(CustomerMerge, { where, ...locked<CustomerMerge>(work.db) });
      if (!merge || merge.undoneAt) return;
      const into = await getSurvivor(work.db, merge.intoCustomerId);
      const late = await moveHoldings(work.db, merge.fromCustomerId, into.id);
      if (Object.keys(late).length === 0) return;
      for (const [table, ids] of Object.entries(late)) merge.moved[table] = [...(merge.moved[table] ?? []), ...ids];
      await work.db.update(CustomerMerge, where, { moved: merge.moved });
    },
    { retryDuplicates: true },
  );
}

/** Locks both in one order, whoever asks. */
async function lockPair(
  db: EntityManager,
  fromId: string,
  intoId: string,
): Promise<{ from: Customer; into: Customer }> {
  const pair = await db.find(Customer, {
    where: { id: In([fromId, intoId]) },
    order: { id: 'ASC' },
    ...locked<Customer>(db),
  });
  const from = pair.find((customer) => customer.id === fromId);
  const into = pair.find((customer) => customer.id === intoId);
  if (!from || !into || from === into || from.mergedIntoId || into.mergedIntoId)
    throw new Error('only two present customers can be merged');
  return { from, into };
}

/** Ids of the rows that changed hands, by table. */
async function moveHoldings(db: EntityManager, fromId: string, intoId: string): Promise<MovedRows> {
  const moved: MovedRows = {};
  for (const holding of holdings) {
    const ids = await findMovable(db, holding, fromId, intoId);
    for (let start = 0; start < ids.length; start += CHUNK)
      await db.update(holding.entity, { id: In(ids.slice(start, start + CHUNK)) }, { customerId: intoId });
    if (ids.length > 0) moved[db.connection.getMetadata(holding.entity).tableName] = ids;
  }
  return moved;
}

/** What the receiver has under the same unique key already stays where it is: it is the answer to another request. */
async function findMovable(db: EntityManager, holding: Holding, fromId: string, intoId: string): Promise<string[]> {
  const rows = await rowsOf(db, holding, fromId);
  if (rows.length === 0 || !holding.uniqueWith) return rows.map((row) => row.id);
  const keyOf = (row: HeldRow) => JSON.stringify(holding.uniqueWith?.map((column) => row[column as keyof HeldRow]));
  const taken = new Set((await rowsOf(db, holding, intoId)).map(keyOf));
  return rows.filter((row) => !taken.has(keyOf(row))).map((row) => row.id);
}

const rowsOf = (db: EntityManager, { entity, uniqueWith = [] }: Holding, customerId: string): Promise<HeldRow[]> =>
  db.find(entity, {
    select: Object.fromEntries(['id', 'customerId', ...uniqueWith].map((column) => [column, true])),
    where: { customerId },
    ...locked<HeldRow>(db),
  });

/** The survivor learns what only the other one told us; the names of these columns. */
async function takeOver(work: Transaction, from: Customer, into: Customer): Promise<string[]> {
  const news: Partial<Customer> = {};
  if (from.nickname && !into.nickname) news.nickname = from.nickname;
  if (from.phoneSealed && !into.phoneSealed)
    news.phoneSealed = sealPhone(work.vault, into.id, openPhone(work.vault, from) ?? '');
  if (Object.keys(news).length > 0) await work.db.update(Customer, { id: into.id }, news);
  return Object.keys(news);
}
