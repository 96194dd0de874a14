import { dayAfter, shanghaiDay } from '../platform/calendar.ts';
import { daysWithBills } from '../reconciliation/index.ts';

/** Shanghai days, both included. */
export interface Days {
  from: string;
  to: string;
}

const MOST_DAYS = 92;

/** @throws {Error} one sentence */
export function listableDays({ from, to }: Days, now: Date): Days {
  for (const day of [from, to]) if (!isDay(day)) throw new Error(`${day} 不是日期（YYYY-MM-DD） · is not a date`);
  if (from > to) throw new Error(`开始日期 ${from} 晚于结束日期 ${to} · the first day is after the last one`);
  if (to > shanghaiDay(now)) throw new Error(`${to} 还没有到 · is still to come`);
  if (dayAfter(from, MOST_DAYS - 1) < to)
    throw new Error(`一次最多 ${MOST_DAYS} 天 · at most ${MOST_DAYS} days at once`);
  return { from, to };
}

/** Those that WeChat gives bills of now. @throws {Error} one sentence */
export function fetchableDays(days: Days, now: Date): Days {
  const { from, to } = listableDays(days, now);
  const { first, last } = daysWithBills(now);
  if (to > last)
    throw new Error(
      `${to} 的账单要到次日 10:15 以后才能获取 · bills of a day are there from 10:15 of the next day (Beijing time)`,
    );
  if (from < first)
    throw new Error(
      `微信支付只提供近三个月的账单，最早 ${first} · WeChat Pay gives bills of three months; the first day is ${first}`,
    );
  return { from, to };
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && dayAfter(text, 0) === text;
