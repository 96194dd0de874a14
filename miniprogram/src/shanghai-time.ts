const EIGHT_HOURS = 8 * 60 * 60 * 1000;

/** `2026-11-22`, the day that it is in Shanghai. */
export const shanghaiDay = (instant: string): string => shanghaiMinute(instant).slice(0, 10);

/** `2026-11-22 09:30` on Shanghai's clock, wherever the phone is. China has kept no summer time since 1991. */
export function shanghaiMinute(instant: string): string {
  return new Date(Date.parse(instant) + EIGHT_HOURS).toISOString().slice(0, 16).replace('T', ' ');
}
