import { randomBytes } from 'node:crypto';

/** Decimal digits that do not repeat after a restart: a merchant's database outlives this program. */
export const randomDigits = (count: number): string => Array.from(randomBytes(count), (byte) => byte % 10).join('');

/** RFC 3339 in Beijing time, to the second: `2026-11-02T10:00:05+08:00`. */
export const beijingTime = (at: number): string => `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

/** `20261102100005`, Beijing time, as WeChat's numbers begin. */
export const beijingDigits = (at: number): string => beijingTime(at).slice(0, 19).replace(/\D/g, '');
