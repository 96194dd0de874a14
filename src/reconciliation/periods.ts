import { In, LessThanOrEqual, Like } from 'typeorm';
import { Difference, PeriodEvent, ReconciliationDay } from '../../entities/reconciliation.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import {
  type CloseObstacle,
  closeObstacles,
  type PeriodDeed,
  periodDeeds,
  type PeriodEventView,
  type PeriodView,
} from '../contracts/reconciliation.ts';
import { lockMark, moveMark, readMark } from '../ledger/index.ts';
import type { StaffActor } from '../platform/actor.ts';
import { dayAfter, dayBefore, shanghaiDay } from '../platform/calendar.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { cannotClose, notClosed, notNext, ownReopening, reopenAsked, reopenNotAsked } from './errors.ts';

const EVENTS_SHOWN = 50;

/**
 * Locks a day, or a month with every day of it that is still open. Nothing is booked into it any more; what comes later stands
 * in the books of its own day and names the one it belongs to.
 * @throws {AppError} period.not_next when an earlier day is open, period.cannot_close naming what is in the way
 */
export async function closePeriod(work: Transaction, who: StaffActor, period: string): Promise<void> {
  const closedThrough = await lockMark(work, 'closed_through');
  const next = await nextDay(work, closedThrough);
  const days = daysOf(period).filter((day) => day > closedThrough && next !== null && day >= next);
  if (next === null || days[0] !== next) throw notNext(next);
  const last = days.at(-1)!;
  const obstacles = await obstaclesOf(work, days);
  if (obstacles.length > 0) throw cannotClose(obstacles.map(({ code }) => code));
  await moveMark(work, 'closed_through', last);
  await work.db.update(ReconciliationDay, { day: In(days) }, { state: 'closed' });
  await write(work, who, { deed: 'close', period });
}

/** A day, or every day of a month. */
function daysOf(period: string): string[] {
  if (period.length === 10) return [period];
  const days: string[] = [];
  for (let day = `${period}-01`; day.startsWith(period); day = dayAfter(day)) days.push(day);
  return days;
}

/** The first day that is open; the very first one that anything is known of, while none is closed. */
async function nextDay({ db }: Work, closedThrough: string): Promise<string | null> {
  if (closedThrough) return dayAfter(closedThrough);
  const [first] = await db.find(ReconciliationDay, { order: { day: 'ASC' }, take: 1 });
  return first?.day ?? null;
}

async function obstaclesOf(work: Work, days: readonly string[]): Promise<PeriodView['obstacles']> {
  const today = shanghaiDay(work.now());
  const matched = await work.db.countBy(ReconciliationDay, { day: In([...days]), state: In(['matched', 'closed']) });
  const open = await work.db.countBy(Difference, {
    day: LessThanOrEqual(days.at(-1)!),
    state: In(['open', 'proposed']),
  });
  const counts: [CloseObstacle, number][] = [
    ['not_over', days.filter((day) => day >= today).length],
    ['not_matched', days.length - matched],
    ['open_differences', open],
  ];
  return counts.filter(([, count]) => count > 0).map(([code, count]) => ({ code, words: closeObstacles[code], count }));
}

/**
 * Asks for a closed day, and all after it, to be open again.
 * @throws {AppError} period.not_closed, period.reopening_asked
 */
export async function askToReopen(work: Transaction, who: StaffActor, day: string, note: string): Promise<void> {
  if (day > (await lockMark(work, 'closed_through'))) throw notClosed();
  if (await findAsked(work)) throw reopenAsked();
  await write(work, who, { deed: 'reopen_asked', period: day, note });
}

/**
 * Another person agrees, or does not.
 * @throws {AppError} period.reopening_not_asked, period.own_reopening, period.not_closed
 */
export async function decideReopening(work: Transaction, who: StaffActor, agree: boolean): Promise<void> {
  const closedThrough = await lockMark(work, 'closed_through');
  const asked = await findAsked(work);
  if (!asked) throw reopenNotAsked();
  if (asked.by === who.id) throw ownReopening();
  const { period: day, id: answers } = asked;
  if (agree) {
    if (day > closedThrough) throw notClosed();
    const before = dayBefore(day);
    const isFirst = !(await work.db.existsBy(ReconciliationDay, { day: LessThanOrEqual(before) }));
    await moveMark(work, 'closed_through', isFirst ? '' : before);
    const days = await work.db.findBy(ReconciliationDay, { state: 'closed' });
    const open = days.filter((one) => one.day >= day).map(({ id }) => id);
    await work.db.update(ReconciliationDay, { id: In(open) }, { state: 'matched' });
  }
  await write(work, who, { deed: agree ? 'reopen' : 'reopen_refused', period: day, answers });
}

async function findAsked({ db }: Work): Promise<PeriodEvent | null> {
  const [asked] = await db.find(PeriodEvent, { where: { deed: 'reopen_asked' }, order: { id: 'DESC' }, take: 1 });
  return asked && !(await db.existsBy(PeriodEvent, { answers: asked.id })) ? asked : null;
}

async function write(
  work: Transaction,
  who: StaffActor,
  event: { deed: PeriodDeed; period: string; note?: string; answers?: string },
): Promise<void> {
  const { deed, period, note } = event;
  await work.db.insert(
    PeriodEvent,
    Object.assign(new PeriodEvent(), { id: newId(), by: who.id, at: work.now(), ...event }),
  );
  const deeds = {
    close: 'period-closed',
    reopen_asked: 'period-reopening-asked',
    reopen: 'period-reopened',
    reopen_refused: 'period-reopening-refused',
  } as const;
  work.audit({ deed: deeds[deed], subject: { kind: 'period', id: period }, after: { note } });
}

/** @param month only what happened to it */
export async function showPeriods(work: Work, month?: string): Promise<PeriodView> {
  const closedThrough = await readMark(work, 'closed_through');
  const next = await nextDay(work, closedThrough);
  const events = await work.db.find(PeriodEvent, {
    where: month ? { period: Like(`${month}%`) } : {},
    order: { id: 'DESC' },
    take: EVENTS_SHOWN,
  });
  const members = await work.db.findBy(StaffMember, { id: In(events.map(({ by }) => by)) });
  const names = new Map(members.map(({ id, name }) => [id, name]));
  return {
    closedThrough: closedThrough || null,
    next,
    obstacles: next ? await obstaclesOf(work, [next]) : [],
    events: events.map(({ id, deed, period, by, at, note }): PeriodEventView => ({
      id,
      deed,
      deedWords: periodDeeds[deed],
      period,
      by: names.get(by) ?? '',
      at: at.toISOString(),
      note,
    })),
  };
}
