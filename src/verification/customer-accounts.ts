import { LessThan } from 'typeorm';
import { Account } from '../../entities/account.ts';
import { VERIFICATION_SERVICE } from '../../templates/messages/message.ts';
import type { AccountKind, VerificationState } from '../contracts/accounts.ts';
import type { CustomerAccountView } from '../contracts/customer-accounts.ts';
import { findServicesOnSale } from '../catalogue/index.ts';
import type { Work } from '../platform/work.ts';
import { asItStands, presentToCustomer } from './customer-presenter.ts';
import { accountNotFound } from './errors.ts';
import { foldAll } from './fold-all.ts';

/** What brings an account of this kind to its verification, or through the yearly review. */
const SERVICES: Partial<Record<AccountKind, string>> = { service: VERIFICATION_SERVICE };
const NEEDS_WORK: readonly VerificationState[] = [
  'unverified',
  'failed',
  'qualified_no_name',
  'renewal_due',
  'expired',
];

/** One customer's accounts, newest first, one row more than the page holds. */
export async function listAccountsOf(
  work: Work,
  customerId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<CustomerAccountView[]> {
  const where = { customerId, ...(after ? { id: LessThan(after) } : {}) };
  return present(work, await work.db.find(Account, { where, order: { id: 'DESC' }, take: limit + 1 }));
}

/** @throws {AppError} account.not_found */
export async function showAccountOf(work: Work, customerId: string, id: string): Promise<CustomerAccountView> {
  return (await present(work, [await getAccountOf(work, customerId, id)]))[0]!;
}

/** @throws {AppError} account.not_found, also for an account of somebody else's and for the agency's own */
export async function getAccountOf({ db }: Work, customerId: string, id: string): Promise<Account> {
  const account = await db.findOneBy(Account, { id, customerId });
  if (!account) throw accountNotFound();
  return account;
}

async function present(work: Work, accounts: readonly Account[]): Promise<CustomerAccountView[]> {
  const folded = await foldAll(work, accounts);
  const sold = new Set((await findServicesOnSale(work)).map(({ code }) => code));
  return accounts.map((account) => {
    const known = folded.get(account.id)!;
    const { kind, state } = asItStands(account, known, work.now());
    const serviceCode = SERVICES[kind] ?? '';
    const offer = NEEDS_WORK.includes(state) ? { serviceCode: sold.has(serviceCode) ? serviceCode : null } : null;
    return presentToCustomer(account, known, { work, offer });
  });
}
