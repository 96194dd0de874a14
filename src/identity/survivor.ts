import { type EntityManager, type FindOneOptions, In } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { locked } from '../platform/database/index.ts';
import type { Transaction } from '../platform/work.ts';

/** The customer that an id stands for today: one that was merged leads to its survivor. Null when there is no such customer. */
export const findSurvivor = (db: EntityManager, customerId: string): Promise<Customer | null> =>
  follow(db, customerId, {});

/** @throws {Error} when there is no such customer */
export async function getSurvivor(db: EntityManager, customerId: string): Promise<Customer> {
  return present(await findSurvivor(db, customerId));
}

/** The same, to be written to: nobody merges it away before the transaction ends. @throws {Error} when there is no such customer */
export async function lockSurvivor(work: Transaction, customerId: string): Promise<Customer> {
  return present(await follow(work.db, customerId, locked<Customer>(work.db)));
}

/** Ids of a customer and of all who were merged into them. */
export async function membersOf(db: EntityManager, customerId: string): Promise<string[]> {
  const members = [customerId];
  for (let found = members; found.length > 0;) {
    const merged = await db.find(Customer, { select: { id: true }, where: { mergedIntoId: In(found) } });
    found = merged.map((customer) => customer.id);
    members.push(...found);
  }
  return members;
}

async function follow(db: EntityManager, customerId: string, lock: FindOneOptions<Customer>): Promise<Customer | null> {
  const find = (id: string) => db.findOne(Customer, { where: { id }, ...lock });
  let customer = await find(customerId);
  while (customer?.mergedIntoId) customer = await find(customer.mergedIntoId);
  return customer;
}

function present(customer: Customer | null): Customer {
  if (!customer) throw new Error('no such customer');
  return customer;
}
