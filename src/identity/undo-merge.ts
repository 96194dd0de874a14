import { In } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { CustomerMerge } from '../../entities/customer-merge.ts';
import { locked } from '../platform/database/index.ts';
import type { Transaction } from '../platform/work.ts';
import { mergeNotFound } from './errors.ts';
import { holdings } from './holdings.ts';
import { openPhone } from './phone-number.ts';
import { getSurvivor } from './survivor.ts';

const CHUNK = 500;

/**
 * Makes two customers of one again. Exactly the rows that the merge moved go back; what came after it stays with the survivor.
 * Signing in does not join the two again. Undoing twice is undoing once.
 * @throws {AppError} request.not_found
 */
export async function undoMerge(work: Transaction, mergeId: string): Promise<void> {
  const where = { id: mergeId };
  const merge = await work.db.findOne(CustomerMerge, { where, ...locked<CustomerMerge>(work.db) });
  if (!merge) throw mergeNotFound();
  if (merge.undoneAt) return;
  // Who holds the rows today: the survivor may have been merged again since.
  const holder = await getSurvivor(work.db, merge.intoCustomerId);
  const customers = await work.db.find(Customer, {
    where: { id: In([merge.fromCustomerId, holder.id]) },
    order: { id: 'ASC' },
    ...locked<Customer>(work.db),
  });
  const from = customers.find((customer) => customer.id === merge.fromCustomerId);
  if (!from) throw mergeNotFound();

  await moveBack(work, merge, holder.id);
  await giveBack(work, merge.moved.taken_over ?? [], from, holder);
  await work.db.update(Customer, { id: from.id }, { mergedIntoId: null });
  await work.db.update(CustomerMerge, where, { undoneAt: work.now() });
}

/** A row that another undoing has given to somebody else meanwhile is not taken from them. */
async function moveBack(work: Transaction, { fromCustomerId, moved }: CustomerMerge, holderId: string): Promise<void> {
  for (const { entity } of holdings) {
    const ids = moved[work.db.connection.getMetadata(entity).tableName] ?? [];
    for (let start = 0; start < ids.length; start += CHUNK) {
      const theirs = { id: In(ids.slice(start, start + CHUNK)), customerId: holderId };
      await work.db.update(entity, theirs, { customerId: fromCustomerId });
    }
  }
}

/** Takes from the holder what they only had from the other one, unless it has changed since. */
async function giveBack(work: Transaction, columns: string[], from: Customer, holder: Customer): Promise<void> {
  const news: Partial<Customer> = {};
  if (columns.includes('nickname') && holder.nickname === from.nickname) news.nickname = null;
  if (columns.includes('phoneSealed') && openPhone(work.vault, holder) === openPhone(work.vault, from))
    news.phoneSealed = null;
  if (Object.keys(news).length > 0) await work.db.update(Customer, { id: holder.id }, news);
}
