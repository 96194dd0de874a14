import { In } from 'typeorm';
import type { Customer } from '../../entities/customer.ts';
import { CustomerMerge } from '../../entities/customer-merge.ts';
import { UnionidAnchor } from '../../entities/unionid-anchor.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { Transaction } from '../platform/work.ts';
import { mergeCustomers } from './merge-customers.ts';
import { getSurvivor, membersOf } from './survivor.ts';

/**
 * Lets nobody else decide about this person until the transaction ends. Taken before anything else is locked: two apps that
 * meet one person at the same instant write different rows, and neither would see the other's.
 */
export async function lockPerson(work: Transaction, unionid: string): Promise<void> {
  // An update in place of a failed insert takes the exclusive lock at once; waiting first for a shared one would deadlock.
  await work.db.upsert(UnionidAnchor, { unionid, lockedAt: work.now() }, ['unionid']);
}

/** The eldest customer who has this unionid in some app. */
export async function findEldest(work: Transaction, unionid: string): Promise<Customer | null> {
  return (await customersOf(work, unionid))[0] ?? null;
}

/**
 * Makes everybody with this unionid one customer: the eldest stays. A merge that a person has undone is not made again: someone
 * has judged that these two are not one, and WeChat's word has not changed since. Needs `lockPerson`.
 */
export async function joinByUnionid(work: Transaction, unionid: string): Promise<void> {
  const [eldest, ...others] = await customersOf(work, unionid);
  if (!eldest) return;
  for (const other of others) {
    if (await wereSeparated(work, eldest.id, other.id)) continue;
    await mergeCustomers(work, { from: other.id, into: eldest.id, because: 'unionid' });
  }
}

/** Keeps the unionid of a known identity, and joins whoever has the same. */
export async function learnUnionid(work: Transaction, identityId: string, unionid: string): Promise<void> {
  await lockPerson(work, unionid);
  await work.db.update(WechatIdentity, { id: identityId }, { unionid });
  await joinByUnionid(work, unionid);
}

/** Eldest first. */
async function customersOf(work: Transaction, unionid: string): Promise<Customer[]> {
  const identities = await work.db.findBy(WechatIdentity, { unionid });
  const customers = new Map<string, Customer>();
  for (const { customerId } of identities) {
    const survivor = await getSurvivor(work.db, customerId);
    customers.set(survivor.id, survivor);
  }
  return [...customers.values()].toSorted(byAge);
}

const byAge = (a: Customer, b: Customer): number =>
  a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);

/** Has somebody undone a merge between these two, or between any who have become them? */
async function wereSeparated(work: Transaction, oneId: string, otherId: string): Promise<boolean> {
  const [one, other] = [await membersOf(work.db, oneId), await membersOf(work.db, otherId)];
  const merges = await work.db.find(CustomerMerge, {
    where: [
      { fromCustomerId: In(one), intoCustomerId: In(other) },
      { fromCustomerId: In(other), intoCustomerId: In(one) },
    ],
  });
  return merges.some((merge) => merge.undoneAt !== null);
}
