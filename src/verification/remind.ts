import { Between, In, MoreThan } from 'typeorm';
import { Account } from '../../entities/account.ts';
import { VerificationReminder } from '../../entities/account-reminder.ts';
import { say } from '../messages/index.ts';
import { dayAfter, daysBetween, shanghaiDay, startOfDay } from '../platform/calendar.ts';
import { newId } from '../platform/ids.ts';
import { doEach } from '../platform/jobs/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { moveTask, openTasks } from '../tasks/index.ts';
import { findContacts } from './contacts.ts';
import { adviceFor, reviewAdviceFor } from './effects.ts';
import { lockAccount } from './observe.ts';

/** Shanghai days before the end on which the yearly review is called to mind. */
const STEPS = [90, 60, 30, 14, 7, 3, 1] as const;
const SLICE = 500;

/** What the consultant's task is about, of every period one. */
export const aboutReview = (accountId: string) => `verification-due:${accountId}`;

/** By the clock, once a day: whoever is concerned is told of reviews that are due. A step that was slept through is not made up for, the next one tells. */
export async function remindOfReviews(desk: Desk): Promise<void> {
  const those = {
    of: newlyDue(desk),
    about: ({ id }: Account) => ({ account: id }),
    fault: 'a review could not be called to mind',
  };
  const fault = await doEach(desk, those, ({ id }) =>
    desk.transaction((work) => remind(work, id), { retryDuplicates: true }),
  );
  // Once a day is too seldom: who could not be told is tried again with the whole turn.
  if (fault) throw fault as Error;
}

async function* newlyDue({ db, now }: Desk): AsyncGenerator<Account> {
  const until = startOfDay(dayAfter(shanghaiDay(now()), STEPS[0] + 1));
  for (let after = ''; ;) {
    const slice = await db.find(Account, {
      where: { id: MoreThan(after), rights: 'granted', expiresAt: Between(now(), until) },
      order: { id: 'ASC' },
      take: SLICE,
    });
    const reminded = await db.findBy(VerificationReminder, { accountId: In(slice.map(({ id }) => id)) });
    yield* slice.filter((one) => isNews(one, reminded, now()));
    if (slice.length < SLICE) return;
    after = slice.at(-1)!.id;
  }
}

interface Due {
  endDay: string;
  daysLeft: number;
  /** The last one that is reached. */
  step: number;
}

/** Null when it is not time yet, or too late. */
function dueOf({ rights, expiresAt }: Account, now: Date): Due | null {
  if (rights !== 'granted' || !expiresAt || expiresAt < now) return null;
  const endDay = shanghaiDay(expiresAt);
  const daysLeft = daysBetween(shanghaiDay(now), endDay);
  const step = STEPS.findLast((days) => days >= daysLeft);
  return step === undefined ? null : { endDay, daysLeft, step };
}

function isNews(account: Account, reminded: readonly VerificationReminder[], now: Date): boolean {
  const due = dueOf(account, now);
  const isThis = ({ accountId, endDay, days }: VerificationReminder) =>
    accountId === account.id && endDay === due?.endDay && days === due.step;
  return due !== null && !reminded.some(isThis);
}

async function remind(work: Transaction, accountId: string): Promise<void> {
  const account = await lockAccount(work, accountId);
  const due = dueOf(account, work.now());
  if (!due) return;
  const { endDay, step: days } = due;
  if (await work.db.existsBy(VerificationReminder, { accountId, endDay, days })) return;
  await work.db.insert(VerificationReminder, { id: newId(), accountId, endDay, days, remindedAt: work.now() });
  const facts = { accountName: account.name, dueDay: endDay, advice: reviewAdviceFor(account.state, due.daysLeft) };
  for (const customerId of await findContacts(work, account))
    await say(work, 'verification-due', {
      customerId,
      about: `account:${accountId}:due:${endDay}:${days}`,
      facts,
      isUrgent: false,
    });
  await putOnList(work, account, due);
}

/** One task a period, due before the next step; whoever has ended it is not asked again. */
async function putOnList(work: Transaction, account: Account, { endDay, daysLeft, step }: Due): Promise<void> {
  const about = `${aboutReview(account.id)}:${endDay}`;
  const next = STEPS.find((days) => days < step);
  const dueAt = next === undefined ? account.expiresAt! : startOfDay(dayAfter(endDay, -next));
  const title = `认证年审还剩 ${daysLeft} 天：${account.name}`;
  await openTasks(work, [
    {
      kind: 'attention',
      about,
      title,
      note: `认证有效期至 ${endDay}。${adviceFor(account) ?? ''}`,
      ownerId: account.consultantId,
      customerId: account.customerId,
      dueAt,
    },
  ]);
  await moveTask(work, about, { dueAt, title });
}
