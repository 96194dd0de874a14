import { Account } from '../../entities/account.ts';
import { locked } from '../platform/database/index.ts';
import type { Transaction } from '../platform/work.ts';
import { openTasks } from '../tasks/index.ts';

const WITHIN_MS = 24 * 3600_000;

/** What the task is about that says that an account is not authorised any more; of each loss one. */
export const aboutLoss = (accountId: string) => `authorisation-lost:${accountId}`;

/** The owner took the authorisation back, or WeChat takes our key no more: that is noticed, and said. */
export async function loseAccount(work: Transaction, appid: string): Promise<void> {
  const account = await work.db.findOne(Account, { where: { appid }, ...locked<Account>(work.db) });
  if (!account || account.askFailure === 'authorisation_lost') return;
  await work.db.update(Account, { id: account.id }, { askFailure: 'authorisation_lost', nextAskAt: null });
  await openTasks(work, [
    {
      kind: 'attention',
      about: `${aboutLoss(account.id)}:${work.now().getTime()}`,
      title: `账号已取消授权：${account.name}`,
      note: '无法再自动查询认证状态和接收推送。请联系客户重新授权，或凭证明人工录入。',
      ownerId: account.consultantId,
      customerId: account.customerId,
      dueAt: new Date(work.now().getTime() + WITHIN_MS),
    },
  ]);
}
