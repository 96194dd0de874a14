import { type Account, VerificationEntry } from '../../entities/account.ts';
import { say } from '../messages/index.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { mendTasks, openTasks } from '../tasks/index.ts';
import { findContacts } from './contacts.ts';
import { adviceFor, effectsOf, lossOf } from './effects.ts';
import { aboutRefusal } from './learn-of-refusal.ts';
import { foldOf, lockAccount, type VerificationChanged } from './observe.ts';
import { aboutReview } from './remind.ts';
import type { Standing } from './standing.ts';

const WITHIN_MS = 24 * 3600_000;

const aboutEnd = (accountId: string) => `verification-expired:${accountId}`;
const aboutFailure = (accountId: string) => `verification-failed:${accountId}`;

/**
 * The job `verification.changed`: who is concerned is told once of each end and each refusal, and what a task asked for and has
 * come about by now is off the list. News may come in any order: what holds now counts.
 */
export async function tellOfVerification(desk: Desk, changed: VerificationChanged): Promise<void> {
  await desk.transaction(
    async (work) => {
      const account = await lockAccount(work, changed.accountId);
      const { standing } = await foldOf(work, account);
      await tellOfEnd(work, account, changed);
      await tellOfFailure(work, account, standing);
      await closeReviews(work, account);
      if (account.rights !== 'granted') return;
      await mendTasks(work, null, aboutEnd(account.id));
      await mendTasks(work, null, aboutRefusal(account.id));
    },
    { retryDuplicates: true },
  );
}

/** A later end is another period, and an end that has come asks for more than a review. */
async function closeReviews(work: Transaction, { id, rights, expiresAt }: Account): Promise<void> {
  const endDay = rights === 'granted' && expiresAt ? shanghaiDay(expiresAt) : null;
  await mendTasks(work, null, aboutReview(id), endDay);
}

async function tellOfEnd(
  work: Transaction,
  account: Account,
  { entryId, from, to }: VerificationChanged,
): Promise<void> {
  if (account.state !== 'expired' || to !== 'expired' || from === 'expired') return;
  const endDay = await endDayOf(work, account, entryId);
  const facts = { accountName: account.name, expiredDay: endDay, effect: lossOf(account.kind) };
  for (const customerId of await findContacts(work, account))
    await say(work, 'verification-expired', {
      customerId,
      about: `account:${account.id}:expired:${endDay}`,
      facts,
      isUrgent: false,
    });
  await openTasks(work, [
    {
      ...taskOf(work, account),
      about: `${aboutEnd(account.id)}:${endDay}`,
      title: `认证已过期：${account.name}`,
      note: `认证于 ${endDay} 失效：${effectsOf(account).join('；')}。${adviceFor(account) ?? ''}`,
    },
  ]);
}

/** As far as it is known; a right that was taken away earlier ended when that was said. */
async function endDayOf({ db, now }: Transaction, { expiresAt }: Account, entryId: string): Promise<string> {
  if (expiresAt && expiresAt <= now()) return shanghaiDay(expiresAt);
  return shanghaiDay((await db.findOneByOrFail(VerificationEntry, { id: entryId })).happenedAt);
}

async function tellOfFailure(work: Transaction, account: Account, { failure }: Standing): Promise<void> {
  const about = aboutFailure(account.id);
  const mark = failure && `${failure.at.getTime()}`;
  await mendTasks(work, null, about, mark);
  if (!failure) return;
  const isNaming = failure.part === 'naming';
  const what = isNaming ? '名称认证未通过，接口权限不受影响' : '资质认证未通过';
  await openTasks(work, [
    {
      ...taskOf(work, account),
      about: `${about}:${mark}`,
      title: `${isNaming ? '名称认证' : '认证'}未通过：${account.name}`,
      note: `${what}。原因：${failure.reason ?? '微信未说明'}`,
    },
  ]);
}

const taskOf = (work: Transaction, { consultantId, customerId }: Account) => ({
  kind: 'attention' as const,
  ownerId: consultantId,
  customerId,
  dueAt: new Date(work.now().getTime() + WITHIN_MS),
});
