import { IsNull } from 'typeorm';
import { Account } from '../../entities/account.ts';
import type { JobPayloads } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';
import { openTasks } from '../tasks/index.ts';
import { askSoon } from './ask-soon.ts';

const WITHIN_MS = 4 * 3600_000;

/** What the task is about that says that WeChat refuses an account; of each refusal one. */
export const aboutRefusal = (accountId: string) => `account-refused:${accountId}`;

/** The job `account.refused`: a person is told why nothing goes out, and WeChat is asked how the account stands. */
export async function learnOfRefusal(desk: Desk, { appid, at }: JobPayloads['account.refused']): Promise<void> {
  await desk.transaction(async (work) => {
    const account = await work.db.findOneBy(Account, { appid, customerId: IsNull() });
    if (!account) return;
    await openTasks(work, [
      {
        kind: 'attention',
        about: `${aboutRefusal(account.id)}:${Date.parse(at)}`,
        title: `微信拒绝服务号发送：${account.name}`,
        note: '服务号没有模板消息接口的权限，可能是认证已过期或被收回。经服务号发送的消息和群发任务已暂停，权限恢复后自动继续。如微信查询显示认证正常，请检查后台接口权限，再恢复模板与群发任务。',
        ownerId: account.consultantId,
        dueAt: new Date(work.now().getTime() + WITHIN_MS),
      },
    ]);
    await askSoon(work, account);
  });
}
