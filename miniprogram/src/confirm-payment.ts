import type { PaymentView } from '../../src/contracts/index.ts';

export interface Confirming {
  /** Asks the server what it knows; the server asks WeChat. */
  look(): Promise<PaymentView>;
  wait(ms: number): Promise<void>;
  /** True when nobody waits for the answer any more. */
  isOver(): boolean;
}

/** Waits between two looks, in milliseconds: quick at first, then every few seconds, about a minute in all. */
export const afterPaying = [0, 2000, 2000, 3000, 3000, 4000, 5000, 5000, 6000, 8000, 10_000, 12_000];

/** While a code is on this screen and somebody pays with another phone: ten minutes, not too eagerly. */
export const whileShown = Array.from({ length: 150 }, () => 4000);

/**
 * Asks until the server has made up its mind: `paid`, `closed` or `failed`. Null when it has not after the last wait;
 * a look that fails is only a look lost.
 */
export async function untilDecided({ look, wait, isOver }: Confirming, waits: number[]): Promise<PaymentView | null> {
  for (const ms of waits) {
    await wait(ms);
    if (isOver()) return null;
    const payment = await look().catch(() => null);
    if (payment && payment.state !== 'open' && payment.state !== 'created') return payment;
  }
  return null;
}
