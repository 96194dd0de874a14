import { Between, In, LessThanOrEqual, Not } from 'typeorm';
import { Job } from '../../entities/job.ts';
import { LedgerPosting } from '../../entities/ledger.ts';
import { ReconciliationDay } from '../../entities/reconciliation.ts';
import type { BillKindName, FetchFailure, FetchState } from '../contracts/reconciliation.ts';
import { dayAfter, dayBefore, shanghaiDay, startOfDay } from '../platform/calendar.ts';
import { insertAll } from '../platform/database/index.ts';
import { UpstreamError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { doEach, enqueue, type Enqueuer } from '../platform/jobs/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';
import { openTasks } from '../tasks/index.ts';
import { UnusableBill } from './check-bill.ts';
import { aboutMissing, keepBill, matchIfComplete } from './keep-bill.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** Somebody wants the bills of a day now. */
    'bills.fetch': { day: string };
  }
}

const MINUTE_MS = 60_000;
/** Bills are ready after ten (documentation, bills FAQ); a quarter of an hour is left for the queue there. */
const READY_AT_MS = (10 * 60 + 15) * MINUTE_MS;
const AGAIN_MS = 15 * MINUTE_MS;
const DAYS_AT_ONCE = 31;
/** WeChat gives bills of three months; some days are left for whoever must act. */
const WINDOW_DAYS = 89;
const WARN_DAYS = 14;

const COLUMN = { trade: 'trade', fund_flow: 'fundFlow' } as const;

/** Fetches what is missing of all days that are over. */
export async function fetchDueBills(desk: Desk): Promise<void> {
  await desk.transaction(listDays);
  const due = { nextTryAt: LessThanOrEqual(desk.now()) };
  const days = await desk.db.find(ReconciliationDay, {
    where: [
      { ...due, trade: 'wanted' },
      { ...due, fundFlow: 'wanted' },
    ],
    // Days that fail again and again do not keep the others waiting.
    order: { nextTryAt: 'ASC', day: 'ASC' },
    take: DAYS_AT_ONCE,
  });
  const those = {
    of: days,
    about: ({ day }: ReconciliationDay) => ({ day }),
    fault: 'the bills of a day could not be fetched',
  };
  await doEach(desk, those, ({ day }) => fetchBills(desk, { day }));
  await warnOfMissing(desk);
}

/** The days whose bills WeChat gives now. */
export const daysWithBills = (now: Date): { first: string; last: string } => ({
  first: dayAfter(shanghaiDay(now), -WINDOW_DAYS),
  last: dayBefore(shanghaiDay(new Date(now.getTime() - READY_AT_MS))),
});

/** Every day from the first one on that anything is known of, as soon as its bills can be there: days are closed without a gap. */
async function listDays(work: Transaction): Promise<void> {
  const first = await firstDay(work);
  if (first) await makeDays(work, first, daysWithBills(work.now()).last);
}

async function firstDay({ db }: Pick<Work, 'db'>): Promise<string | undefined> {
  const select = { id: true, eventDay: true } as const;
  const [booked] = await db.find(LedgerPosting, { select, order: { eventDay: 'ASC' }, take: 1 });
  const [listed] = await db.find(ReconciliationDay, { order: { day: 'ASC' }, take: 1 });
  return [booked?.eventDay, listed?.day].filter((day) => day !== undefined).toSorted()[0];
}

/** Days, up to this one, of which a bill is not here; null when nothing is known of any of them. */
export async function findMissingDays({ db }: Pick<Work, 'db'>, to: string): Promise<string[] | null> {
  const first = await firstDay({ db });
  if (!first || first > to) return null;
  const rows = await db.find(ReconciliationDay, {
    where: { day: Between(first, to), trade: Not('wanted'), fundFlow: Not('wanted') },
  });
  const here = new Set(rows.map(({ day }) => day));
  return daysFrom(first, to).filter((day) => !here.has(day));
}

function daysFrom(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = dayAfter(day)) days.push(day);
  return days;
}

async function makeDays({ db, now }: Pick<Transaction, 'db' | 'now'>, from: string, to: string): Promise<void> {
  const rows = await db.find(ReconciliationDay, { select: { id: true, day: true }, where: { day: Between(from, to) } });
  const known = new Set(rows.map(({ day }) => day));
  const missing = daysFrom(from, to)
    .filter((day) => !known.has(day))
    .map((day) => Object.assign(new ReconciliationDay(), { id: newId(), day, nextTryAt: now() }));
  await insertAll(db, ReconciliationDay, missing, { ifNew: true });
}

/** The job `bills.fetch`: what is missing of one day. What WeChat does not give now is tried again later. */
export async function fetchBills(desk: Desk, { day }: { day: string }): Promise<void> {
  const row = await desk.db.findOneBy(ReconciliationDay, { day });
  if (!row) return;
  let failure: FetchFailure | null = null;
  for (const kind of ['trade', 'fund_flow'] as const)
    if (row[COLUMN[kind]] === 'wanted') failure = (await fetchOne(desk, kind, day)) ?? failure;
  const nextTryAt = failure ? new Date(desk.now().getTime() + AGAIN_MS) : null;
  await desk.transaction((work) => work.db.update(ReconciliationDay, { day }, { failure, nextTryAt }));
}

/** @returns why it is not here yet */
async function fetchOne(desk: Desk, kind: BillKindName, day: string): Promise<FetchFailure | null> {
  try {
    const application = await desk.pay.applyForBill(kind, day);
    if (application.is === 'creating') return 'creating';
    if (application.is === 'none') return await believeEmpty(desk, kind, day);
    const { offer } = application;
    const name = { kind, day, mchid: desk.config.WECHAT_PAY_MCHID };
    await keepBill(desk, name, await desk.pay.downloadBill(offer), { source: 'wechat', sha1: offer.sha1 });
    return null;
  } catch (error) {
    return failureOf(desk, error, { kind, day });
  }
}

function failureOf(desk: Desk, error: unknown, about: { kind: BillKindName; day: string }): FetchFailure {
  if (error instanceof UpstreamError) return error.kind === 'refused' ? 'refused' : 'unreachable';
  if (error instanceof UnusableBill) {
    const { fault, line, column } = error;
    desk.log.warn({ ...about, fault, line, column }, 'a bill cannot be used');
    return fault === 'hash_differs' ? 'hash_differs' : 'unreadable';
  }
  // The download broke off.
  if ((error as NodeJS.ErrnoException).code) return 'unreachable';
  throw error;
}

/** An empty day is one only when our books agree. */
async function believeEmpty(desk: Desk, kind: BillKindName, day: string): Promise<FetchFailure | null> {
  return desk.transaction(async (work) => {
    const moved = kind === 'trade' ? ['payment', 'disputed_payment', 'refund'] : undefined;
    const isInBooks = await work.db.existsBy(LedgerPosting, {
      eventDay: day,
      kind: In(moved ?? ['payment', 'disputed_payment', 'refund', 'refund_closed', 'withdrawal']),
    });
    if (isInBooks) return 'none_but_books';
    const state: FetchState = 'empty';
    await work.db.update(ReconciliationDay, { day }, { [COLUMN[kind]]: state });
    await matchIfComplete(work, await work.db.findOneByOrFail(ReconciliationDay, { day }));
    return null;
  });
}

/** Somebody looks after a bill that does not come, and again before WeChat does not give it any more. */
async function warnOfMissing(desk: Desk): Promise<void> {
  const today = shanghaiDay(desk.now());
  const missing = await findMissingDays(desk, dayAfter(today, -desk.config.BILLS_ALARM_AFTER_DAYS));
  const tasks = (missing ?? []).flatMap((day) => {
    const closes = dayAfter(day, WINDOW_DAYS);
    const isUrgent = today >= dayAfter(closes, -WARN_DAYS);
    return [{ day, about: `${aboutMissing(day)}:late`, title: `${day} 的微信账单尚未取得` }].concat(
      isUrgent
        ? [{ day, about: `${aboutMissing(day)}:window`, title: `${day} 的微信账单将于 ${closes} 后无法获取` }]
        : [],
    );
  });
  if (tasks.length === 0) return;
  await desk.transaction((work) =>
    openTasks(
      work,
      tasks.map(({ about, title, day }) => ({
        kind: 'attention',
        about,
        title,
        note: `请查看 ${day} 的对账状态；必要时从微信商户平台下载账单后人工上传。`,
        customerId: null,
        orderNumber: null,
        dueAt: startOfDay(dayAfter(today)),
      })),
    ),
  );
}

/** Asking for bills needs no more. */
type Asking = Enqueuer & Pick<Transaction, 'audit'>;

/**
 * Somebody wants the bills of these days, whether or not anything is known of them yet.
 * @returns the days of which something is missing and was asked for now
 */
export async function fetchDays(work: Asking, { from, to }: { from: string; to: string }): Promise<string[]> {
  await makeDays(work, from, to);
  const day = Between(from, to);
  const wanted = await work.db.find(ReconciliationDay, {
    where: [
      { day, trade: 'wanted' },
      { day, fundFlow: 'wanted' },
    ],
    order: { day: 'ASC' },
  });
  for (const row of wanted) await fetchNow(work, row.day);
  return wanted.map((row) => row.day);
}

const keyOf = (day: string): string => `bills.fetch:${day}`;

/** Days whose job is still to be done; whether somebody is at one of them, or was and could not do it. */
export async function daysBeingFetched(
  { db, now }: Pick<Transaction, 'db' | 'now'>,
  days: readonly string[],
): Promise<{ left: string[]; isWorkedOn: boolean; wasTried: boolean }> {
  const jobs = await db.findBy(Job, { uniqueKey: In(days.map(keyOf)) });
  const keys = new Set(jobs.map(({ uniqueKey }) => uniqueKey));
  return {
    left: days.filter((day) => keys.has(keyOf(day))),
    isWorkedOn: jobs.some(({ state, leasedUntil }) => state === 'running' && leasedUntil && leasedUntil > now()),
    wasTried: jobs.some(({ lastFault }) => lastFault !== null),
  };
}

/** Somebody does not want to wait for the next turn. */
export async function fetchNow(work: Asking, day: string): Promise<void> {
  const row = await work.db.findOneByOrFail(ReconciliationDay, { day });
  await enqueue(work, 'bills.fetch', { day }, { key: keyOf(day) });
  work.audit({ deed: 'bills-asked-for', subject: { kind: 'reconciliation-day', id: row.id }, after: { day } });
}
