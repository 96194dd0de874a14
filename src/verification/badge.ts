import { randomBytes } from 'node:crypto';
import { Account } from '../../entities/account.ts';
import type { BadgeView } from '../contracts/customer-accounts.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { getAccountOf } from './customer-accounts.ts';
import { asItStands, canShowBadge, presentBadge } from './customer-presenter.ts';
import { badgeNotFound, badgeUnfit } from './errors.ts';
import { foldOf, lockAccount } from './observe.ts';

/** 128 bits: whoever has not been given it does not find it. */
const newBadgeCode = (): string => randomBytes(16).toString('base64url');
const BADGE_CODE = /^[A-Za-z0-9_-]{22}$/;

/**
 * Switches the public page on, under a code that never was before; the page that is on already stays as it is.
 * @returns its code
 * @throws {AppError} account.not_found, account.badge_unfit
 */
export async function switchBadgeOn(work: Transaction, customerId: string, accountId: string): Promise<string> {
  await getAccountOf(work, customerId, accountId);
  const account = await lockAccount(work, accountId);
  if (account.badgeCode) return account.badgeCode;
  if (!canShowBadge(asItStands(account, await foldOf(work, account), work.now()))) throw badgeUnfit();
  const badgeCode = newBadgeCode();
  await work.db.update(Account, { id: accountId }, { badgeCode });
  return badgeCode;
}

/** @throws {AppError} account.not_found */
export async function switchBadgeOff(work: Transaction, customerId: string, accountId: string): Promise<void> {
  await getAccountOf(work, customerId, accountId);
  await work.db.update(Account, { id: accountId }, { badgeCode: null });
}

/** As the account stands at this moment. @throws {AppError} account.badge_not_found */
export async function getBadge(work: Work, code: string): Promise<BadgeView> {
  // MariaDB passes over blanks at the end of what is looked for.
  const account = BADGE_CODE.test(code) ? await work.db.findOneBy(Account, { badgeCode: code }) : null;
  const badge = account && presentBadge(account, await foldOf(work, account), work.now());
  if (!badge) throw badgeNotFound();
  return badge;
}
