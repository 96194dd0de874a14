import { Account } from '../../entities/account.ts';
import type { Work } from '../platform/work.ts';
import { accountNotVerified } from './errors.ts';

/**
 * What can be done only for a verified service account is not sold to somebody none of whose service accounts is one now. Of
 * whom no service account is known, or of which nobody has heard how it stands, nothing is refused: staff look.
 * @throws {AppError} order.account_not_verified
 */
export async function assertVerified({ db, now }: Work, customerId: string): Promise<void> {
  const accounts = await db.findBy(Account, { customerId, kind: 'service' });
  const isHopeless = accounts.length > 0 && accounts.every((account) => account.hasRightsAt(now()) === false);
  if (isHopeless) throw accountNotVerified(accounts.map(({ name }) => name));
}
