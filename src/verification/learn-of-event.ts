import { Account, type Observation } from '../../entities/account.ts';
import { setAsideReasons } from '../contracts/accounts.ts';
import type { VerificationTold } from '../messages/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { openTasks } from '../tasks/index.ts';
import { askSoon } from './ask-soon.ts';
import { foldOf, observe } from './observe.ts';

const DAY_MS = 24 * 3600_000;

/** What the tasks are about that say that an event was set aside; of each one. */
export const aboutStrange = (accountId: string) => `verification-strange:${accountId}`;

/** The job `verification.told`. An event is a hint: it is written down, and WeChat is asked as soon as can be. */
export async function learnOfEvent(desk: Desk, told: VerificationTold): Promise<void> {
  await desk.transaction(
    async (work) => {
      const account = await work.db.findOneBy(Account, { appid: told.appid });
      if (!account) return work.log.warn({ event: told.event }, 'WeChat speaks of an account that is not known');
      const entry = await observe(work, account.id, {
        source: 'event',
        event: told.event,
        mark: told.dedupeKey.slice(-96),
        said: saidBy(told),
        happenedAt: new Date(told.at),
        raw: JSON.stringify(told.content),
      });
      if (!entry) return;
      if (told.content.type === 'verification') await tellOfStrange(work, account.id, entry.id);
      await askSoon(work, account);
    },
    { retryDuplicates: true },
  );
}

/** Notes of the steps in between are kept, and nothing depends on them. */
function saidBy({ content, at }: VerificationTold): Observation {
  if (content.type === 'verification_note') return {};
  const { until, reason } = content;
  const expiresAt = until === null ? {} : { expiresAt: until };
  switch (content.step) {
    case 'qualification_passed':
      // With it the real name counts as checked (getaccountbasicinfo, realname_status).
      return { isQualified: true, attempt: 'passed', realName: 'passed', ...expiresAt };
    case 'qualification_failed':
      return { attempt: 'failed', reason };
    case 'naming_passed':
      // The qualification always passes before the name.
      return { isQualified: true, isNamed: true, realName: 'passed', ...expiresAt };
    case 'naming_failed':
      return { isNamed: false, reason };
    case 'review_due':
      return { isQualified: true, reviewFrom: at, ...expiresAt };
    case 'expired':
      return { isQualified: false, ...expiresAt };
  }
}

/** What contradicts what is known already, and does not count, is for a person to look at, unless WeChat says how it is. */
async function tellOfStrange(work: Transaction, accountId: string, entryId: string): Promise<void> {
  const account = await work.db.findOneByOrFail(Account, { id: accountId });
  const reason = (await foldOf(work, account)).setAside.get(entryId);
  if (!reason) return;
  await openTasks(work, [
    {
      kind: 'attention',
      about: `${aboutStrange(accountId)}:${entryId}`,
      title: `认证推送异常：${account.name}`,
      note: `微信推送的内容未采信：${setAsideReasons[reason]}。请到微信后台核对后人工录入。`,
      ownerId: account.consultantId,
      customerId: account.customerId,
      dueAt: new Date(work.now().getTime() + DAY_MS),
    },
  ]);
}
