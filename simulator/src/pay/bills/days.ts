import { beijingTime } from '../numbers.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The first instant of a Beijing day (`2026-11-02`), virtual Unix milliseconds. */
export const startOf = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);

/** The Beijing day of an instant. */
export const dayOf = (at: number): string => beijingTime(at).slice(0, 10);

export const dayAfter = (day: string): string => dayOf(startOf(day) + DAY_MS);

export const dayBefore = (day: string): string => dayOf(startOf(day) - DAY_MS);

/** The instant from which the bill of a day can be had: an hour of the next day. */
export const readyAt = (day: string, hour: number): number => startOf(dayAfter(day)) + hour * HOUR_MS;

/** Whether instants are of a day. */
export function within(day: string): (at: number) => boolean {
  const start = startOf(day);
  return (at) => at >= start && at < start + DAY_MS;
}

export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(startOf(text)) && dayOf(startOf(text)) === text;

export function monthsBefore(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() - months);
  return date.toISOString().slice(0, 10);
}
