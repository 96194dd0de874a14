import type { Account } from '../../entities/account.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat is to be asked about an account. */
    'verification.ask': { accountId: string };
  }
}

/** WeChat is asked about the account now, if it can be. */
export async function askSoon(work: Transaction, { id, nextAskAt }: Pick<Account, 'id' | 'nextAskAt'>): Promise<void> {
  if (nextAskAt) await enqueue(work, 'verification.ask', { accountId: id }, { key: `verification.ask:${id}` });
}
