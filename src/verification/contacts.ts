import { In, IsNull } from 'typeorm';
import { Account } from '../../entities/account.ts';
import { AccountContact } from '../../entities/account-reminder.ts';
import { Customer } from '../../entities/customer.ts';
import { insertAll } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { accountNotFound, customerNotFound } from './errors.ts';
import { lockAccount } from './observe.ts';

/** Ids of all who are told of an account: whose it is first, if it is not our own. */
export async function findContacts(
  { db }: Work,
  { id, customerId }: Pick<Account, 'id' | 'customerId'>,
): Promise<string[]> {
  const further = await db.find(AccountContact, { where: { accountId: id }, order: { id: 'ASC' } });
  return [...new Set([...(customerId ? [customerId] : []), ...further.map((contact) => contact.customerId)])];
}

/**
 * Says who is told of an account besides whose it is.
 * @throws {AppError} account.not_found, customer.not_found
 */
export async function setContacts(work: Transaction, accountId: string, customerIds: readonly string[]): Promise<void> {
  const { db } = work;
  if (!(await db.existsBy(Account, { id: accountId }))) throw accountNotFound();
  await lockAccount(work, accountId);
  const wanted = [...new Set(customerIds)];
  const known = await db.countBy(Customer, { id: In(wanted), mergedIntoId: IsNull() });
  if (known !== wanted.length) throw customerNotFound();
  const before = (await db.findBy(AccountContact, { accountId })).map(({ customerId }) => customerId);
  const gone = before.filter((id) => !wanted.includes(id));
  await db.delete(AccountContact, { accountId, customerId: In(gone) });
  const rows = wanted
    .filter((id) => !before.includes(id))
    .map((customerId) =>
      Object.assign(new AccountContact(), { id: newId(), accountId, customerId, createdAt: work.now() }),
    );
  await insertAll(db, AccountContact, rows);
  work.audit({
    deed: 'account-contacts-set',
    subject: { kind: 'account', id: accountId },
    before: { contacts: before },
    after: { contacts: wanted },
  });
}
