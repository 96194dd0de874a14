import type { ReportQuery } from '../contracts/reports.ts';
import { dayAfter, dayBefore, shanghaiDay } from '../platform/calendar.ts';
import { invalid } from '../platform/http/accept.ts';

const MOST_DAYS = 366;

/** Shanghai days, both included. */
export interface Period {
  from: string;
  to: string;
}

/**
 * The days of a report. A month that is not over ends today.
 * @throws {AppError} request.invalid for days to come, a range that is reversed, or one of more than 366 days
 */
export function periodOf({ day, month, from, to }: ReportQuery, now: Date): Period {
  const today = shanghaiDay(now);
  if (day !== undefined) return checked({ from: day, to: day }, 'day', today);
  if (month === undefined) return checked({ from: from!, to: to! }, 'to', today);
  const period = { from: `${month}-01`, to: lastDayOf(month) };
  return checked(period.from > today ? period : { ...period, to: earlier(period.to, today) }, 'month', today);
}

function checked(period: Period, field: string, today: string): Period {
  const { from, to } = period;
  if (to > today) throw invalid([{ field, message: '不能晚于今天' }]);
  if (from > to) throw invalid([{ field, message: '结束日期不能早于开始日期' }]);
  if (to >= dayAfter(from, MOST_DAYS)) throw invalid([{ field, message: `最多 ${MOST_DAYS} 天` }]);
  return period;
}

function lastDayOf(month: string): string {
  const inNextMonth = dayAfter(`${month}-01`, 31);
  return dayBefore(`${inNextMonth.slice(0, 7)}-01`);
}

const earlier = (one: string, other: string): string => (one < other ? one : other);
