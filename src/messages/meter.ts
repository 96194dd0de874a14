import { SendMeter } from '../../entities/send-meter.ts';
import type { AppKind } from '../../entities/wechat-identity.ts';
import { shanghaiDay, startOfNextDay } from '../platform/calendar.ts';
import { insertAll, locked } from '../platform/database/index.ts';
import { NotYet } from '../platform/jobs/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';

const MILLI = 1000;

/** What an app may send at this moment, held until the transaction ends: workers draw one after the other. */
export interface Meter {
  /** Messages that may go out now. */
  available: number;
  /** When more may, if there are none; null while there are. */
  nextAt: Date | null;
  /** It is the day's quota that is used up, not the rate. */
  isExhausted: boolean;
  /** Takes so many of them. */
  use(count: number): Promise<void>;
  /** Draws on the rate alone, for messages that count themselves against the day when they are taken up. */
  draw(count: number): Promise<void>;
}

/** WeChat's quota of messages a Beijing day. */
export const dayLimit = ({ config }: Pick<Work, 'config'>, app: AppKind): number =>
  app === 'official-account' ? config.OFFICIAL_ACCOUNT_DAY_LIMIT : config.MINI_PROGRAM_DAY_LIMIT;

/** Draws on the rate and on the day's quota of an app; all workers share both. */
export async function openMeter(work: Transaction, appKind: AppKind): Promise<Meter> {
  const row = await lockRow(work, appKind);
  const now = work.now();
  const perSecond = work.config.SENDS_PER_SECOND;
  // A token is a message; a thousandth of one comes back in each 1/perSecond ms. A burst is what one second allows.
  const refilled = row.milliTokens + Math.max(0, now.getTime() - row.refilledAt.getTime()) * perSecond;
  const tokens = Math.min(perSecond * MILLI, refilled);
  const left = isExhausted(row, now) ? 0 : Math.max(0, dayLimit(work, appKind) - row.usedToday);
  const ready = Math.floor(tokens / MILLI);
  const waitMs = Math.ceil((MILLI - tokens) / perSecond);
  return {
    available: Math.max(0, Math.min(ready, left)),
    nextAt: left === 0 ? startOfNextDay(now) : ready > 0 ? null : new Date(now.getTime() + waitMs),
    isExhausted: left === 0,
    draw: (count) => write(work, row, { milliTokens: tokens - count * MILLI, refilledAt: now }),
    use: (count) =>
      write(work, row, { milliTokens: tokens - count * MILLI, refilledAt: now, usedToday: row.usedToday + count }),
  };
}

/**
 * Counts one message by itself, which does not wait for the rate but for the day's quota.
 * @throws {NotYet} until the quota is new
 */
export async function countOne(work: Transaction, appKind: AppKind): Promise<void> {
  const row = await lockRow(work, appKind);
  if (isExhausted(row, work.now()) || row.usedToday >= dayLimit(work, appKind))
    throw new NotYet(startOfNextDay(work.now()));
  await write(work, row, { usedToday: row.usedToday + 1 });
}

/** WeChat says that the day's quota is used up, whatever we counted. */
export async function markExhausted(desk: Desk, appKind: AppKind): Promise<void> {
  await desk.transaction(async (work) => {
    const row = await lockRow(work, appKind);
    await write(work, row, { exhaustedUntil: startOfNextDay(work.now()) });
  });
}

/** What is used of the day's quota, for showing. */
export async function usedToday(work: Work, appKind: AppKind): Promise<number> {
  const row = await work.db.findOneBy(SendMeter, { appKind });
  if (!row || row.day !== shanghaiDay(work.now())) return 0;
  return isExhausted(row, work.now()) ? Math.max(row.usedToday, dayLimit(work, appKind)) : row.usedToday;
}

const isExhausted = ({ exhaustedUntil }: SendMeter, at: Date): boolean =>
  exhaustedUntil !== null && exhaustedUntil > at;

/** The day and its count go together: a row of today never keeps the count of yesterday. */
const write = async (
  { db }: Transaction,
  { appKind, day, usedToday: used }: SendMeter,
  news: Partial<SendMeter>,
): Promise<void> => void (await db.update(SendMeter, { appKind }, { day, usedToday: used, ...news }));

/** The row of today: yesterday's count is forgotten. */
async function lockRow(work: Transaction, appKind: AppKind): Promise<SendMeter> {
  const find = () => work.db.findOne(SendMeter, { where: { appKind }, ...locked<SendMeter>(work.db) });
  let row = await find();
  if (!row) {
    const first = { appKind, milliTokens: 0, refilledAt: new Date(0), day: shanghaiDay(work.now()), usedToday: 0 };
    await insertAll(work.db, SendMeter, [first], { ifNew: true });
    row = (await find())!;
  }
  const day = shanghaiDay(work.now());
  return row.day === day ? row : Object.assign(row, { day, usedToday: 0 });
}
