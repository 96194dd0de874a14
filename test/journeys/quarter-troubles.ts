import type { ProposeResolutionBody } from '../../src/contracts/index.ts';
import type { KillableWorld } from '../support/killable-world.ts';

export interface Sale {
  orderNumber: string;
  /** Our `out_trade_no`. */
  number: string;
}

/** Something that goes wrong, and what must be found of it. */
export interface Plan {
  expected: string;
  /** @returns false when the day has nothing that it can be done to */
  plant(day: QuarterDay): Promise<boolean>;
  answer: Pick<ProposeResolutionBody, 'resolution' | 'account'> | null;
}

/** Sales and refunds of a day that nothing was done to yet. */
export interface QuarterDay {
  day: string;
  world: KillableWorld;
  sales: Sale[];
  refunds: string[];
}

const LEAVE = { resolution: 'leave' } as const;

const plantInto =
  (kind: string, more: object, of: 'sales' | 'refunds' = 'sales') =>
  async (on: QuarterDay) => {
    const one = on[of].pop();
    if (!one) return false;
    await on.world.lever(`/pay/bills/${on.day}/plant`, {
      kind,
      number: typeof one === 'string' ? one : one.number,
      ...more,
    });
    return true;
  };

/** Twelve kinds of trouble. */
export const PLANS: Readonly<Record<string, Plan>> = {
  missingInTrade: { expected: 'only_here/bill_row', plant: plantInto('missing-row', { bill: 'trade' }), answer: LEAVE },
  missingInFunds: { expected: 'only_here/bill_row', plant: plantInto('missing-row', { bill: 'fund' }), answer: LEAVE },
  twiceInTrade: { expected: 'duplicate/bill_row', plant: plantInto('duplicate-row', { bill: 'trade' }), answer: LEAVE },
  twiceInFunds: { expected: 'duplicate/bill_row', plant: plantInto('duplicate-row', { bill: 'fund' }), answer: LEAVE },
  amountInTrade: {
    expected: 'amount/unknown',
    plant: plantInto('changed-amount', { bill: 'trade', delta: 100 }),
    answer: LEAVE,
  },
  amountInFunds: {
    expected: 'amount/unknown',
    plant: plantInto('changed-amount', { bill: 'fund', delta: 100 }),
    answer: LEAVE,
  },
  fee: { expected: 'fee/unknown', plant: plantInto('changed-fee', { bill: 'trade', delta: 1 }), answer: LEAVE },
  state: {
    expected: 'state/bill_row',
    plant: plantInto('changed-state', { state: 'CLOSED' }, 'refunds'),
    answer: null,
  },
  midnight: { expected: 'day_boundary/clock', plant: plantInto('next-day', {}), answer: null },
  otherSystem: {
    expected: 'only_there/other_system',
    plant: async ({ world, day }) => {
      await world.lever(`/pay/bills/${day}/plant`, { kind: 'extra-payment', amount: 12_345 });
      return true;
    },
    answer: { resolution: 'book', account: 'other_systems' },
  },
  byHand: {
    expected: 'only_there/refund_by_hand',
    plant: async ({ world, sales }) => {
      const sale = sales.pop();
      if (!sale) return false;
      await world.lever(`/pay/orders/${sale.number}/refund-by-hand`, { amount: 1000 });
      return true;
    },
    answer: { resolution: 'adopt' },
  },
  rate: {
    expected: 'fee/rate_changed',
    plant: async () => Promise.resolve(true),
    answer: LEAVE,
  },
};

/** What WeChat does instead of giving a bill; each on mornings of its own. */
export const BILL_FAULTS = [
  'bill-late',
  'bill-empty',
  'bill-wrong-hash',
  'bill-foreign-token',
  'bill-cut',
  'bill-no-bom',
  'bill-wrong-sum',
  'bill-missing-column',
  'bill-extra-column',
  'bill-older-layout',
  'bill-long-line',
  'bill-foreign-merchant',
  'html-502',
];
