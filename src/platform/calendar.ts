/** Shanghai keeps UTC+8 all year. */
const SHANGHAI_OFFSET_MS = 8 * 3600_000;

/** The Shanghai calendar day of an instant, 'YYYY-MM-DD'. */
export const shanghaiDay = (at: Date): string => new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);

/** An ISO instant as Shanghai clocks show it, `2026-11-25 16:04:05`. */
export const shanghaiTime = (at: string): string =>
  new Date(Date.parse(at) + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');

/** The instant at which the next Shanghai day begins; WeChat's quotas are new then. */
export function startOfNextDay(at: Date): Date {
  const dayMs = 24 * 3600_000;
  return new Date((Math.floor((at.getTime() + SHANGHAI_OFFSET_MS) / dayMs) + 1) * dayMs - SHANGHAI_OFFSET_MS);
}

/** The calendar day so many days later; earlier when negative. */
export const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * 3600_000).toISOString().slice(0, 10);

/** How many days the other is later. */
export const daysBetween = (day: string, later: string): number =>
  Math.round((Date.parse(later) - Date.parse(day)) / (24 * 3600_000));

export const dayBefore = (day: string): string => dayAfter(day, -1);

/** The instant at which a Shanghai day `YYYY-MM-DD` begins. */
export const startOfDay = (day: string): Date => new Date(Date.parse(`${day}T00:00:00Z`) - SHANGHAI_OFFSET_MS);

/** Hours of a Shanghai day, `from` included, `until` not; over midnight when `until` is the smaller one. Minutes of the day. */
export interface Hours {
  from: number;
  until: number;
}

/** When hours that `at` lies in end; null when it lies outside. */
export function endOfHours({ from, until }: Hours, at: Date): Date | null {
  const minuteMs = 60_000;
  const dayMs = 24 * 3600_000;
  const ofDayMs = (at.getTime() + SHANGHAI_OFFSET_MS) % dayMs;
  const minute = Math.floor(ofDayMs / minuteMs);
  const isInside = from <= until ? minute >= from && minute < until : minute >= from || minute < until;
  if (!isInside) return null;
  const begin = at.getTime() - ofDayMs;
  const end = begin + until * minuteMs;
  return new Date(end > at.getTime() ? end : end + dayMs);
}
