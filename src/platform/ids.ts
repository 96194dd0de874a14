import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import { shanghaiDay } from './calendar.ts';

/** A UUID v7: sorts by age. */
export const newId = (): string => v7();

/** Digits only, so that it can be said on the telephone: Shanghai day and 8 random digits. */
const dayAndDigits = (at: Date) =>
  `${shanghaiDay(at).replaceAll('-', '').slice(2)}${String(randomInt(100_000_000)).padStart(8, '0')}`;

/** Like `TB26112204815926`. Unique by the database; the caller draws again on a duplicate. */
export const newOrderNumber = (at: Date): string => `TB${dayAndDigits(at)}`;

/** WeChat's `out_refund_no`: like `R26112204815926137502`, unique at the merchant for ever. */
export const newRefundNumber = (at: Date): string =>
  `R${dayAndDigits(at)}${String(randomInt(1_000_000)).padStart(6, '0')}`;

/** WeChat's `out_trade_no`: like `P26112204815926137502`, 6 to 32 letters and digits, never used twice. */
export const newPaymentNumber = (at: Date): string =>
  `P${dayAndDigits(at)}${String(randomInt(1_000_000)).padStart(6, '0')}`;
