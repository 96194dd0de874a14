import { In } from 'typeorm';
import { type Account, VerificationEntry } from '../../entities/account.ts';
import type { Work } from '../platform/work.ts';
import { foldEntries } from './observe.ts';
import type { Folded } from './standing.ts';

/** What is known of each of these accounts, by id. */
export async function foldAll(
  { db, now }: Pick<Work, 'db' | 'now'>,
  accounts: readonly Pick<Account, 'id' | 'answeredAt'>[],
): Promise<Map<string, Folded>> {
  const entries = await db.find(VerificationEntry, {
    where: { accountId: In(accounts.map(({ id }) => id)), state: 'counted' },
    order: { id: 'ASC' },
  });
  const byAccount = new Map<string, VerificationEntry[]>(accounts.map(({ id }) => [id, []]));
  for (const entry of entries) byAccount.get(entry.accountId)!.push(entry);
  return new Map(accounts.map((account) => [account.id, foldEntries(byAccount.get(account.id)!, account, now())]));
}
