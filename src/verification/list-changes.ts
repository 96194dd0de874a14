import { Brackets } from 'typeorm';
import { VerificationEntry } from '../../entities/account.ts';
import type { AccountChangeView } from '../contracts/customer-accounts.ts';
import type { Work } from '../platform/work.ts';
import { getAccountOf } from './customer-accounts.ts';
import { presentChange } from './customer-presenter.ts';
import { foldOf } from './observe.ts';

/**
 * What has changed of a customer's account, latest first, one row more than the page holds: nothing that waits, was refused,
 * or was set aside. A refusal after a refusal is news too, though the state stays.
 * @throws {AppError} account.not_found
 */
export async function listChanges(
  work: Work,
  { customerId, accountId }: { customerId: string; accountId: string },
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<AccountChangeView[]> {
  const account = await getAccountOf(work, customerId, accountId);
  const { setAside } = await foldOf(work, account);
  const found = work.db
    .createQueryBuilder(VerificationEntry, 'entry')
    .where(`entry.accountId = :accountId AND entry.state = 'counted'`, { accountId })
    .andWhere(
      new Brackets((either) =>
        either.where(`entry.changes <> '[]'`).orWhere(
          new Brackets((refused) =>
            refused
              .where(`(entry.said LIKE '%"attempt":"failed"%' OR entry.said LIKE '%"reason":"%')`)
              // A list in SQL is never empty.
              .andWhere('entry.id NOT IN (:...setAside)', { setAside: ['', ...setAside.keys()] }),
          ),
        ),
      ),
    );
  if (after) found.andWhere('entry.id < :after', { after });
  const entries = await found
    .orderBy('entry.id', 'DESC')
    .take(limit + 1)
    .getMany();
  return entries.map(presentChange);
}
