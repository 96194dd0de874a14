import { chance } from '../support/chance.ts';
import { type BooksRow, ThreeWayJoin } from '../../src/reconciliation/join.ts';
import type { FundRow, TradeRow } from '../../src/platform/wechat-pay/index.ts';

const shuffled = <Row>(rows: readonly Row[], random: () => number): Row[] =>
  rows
    .map((row) => ({ row, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ row }) => row);

interface Day {
  books: BooksRow[];
  trade: TradeRow[];
  funds: FundRow[];
}

const AT = '2026-11-24 10:00:00';
const trade = (kind: TradeRow['kind'], id: string, amountFen: number, feeFen: number): TradeRow => ({
  kind,
  at: AT,
  mchid: '1900000001',
  transactionId: kind === 'payment' ? id : `T${id}`,
  outTradeNo: `P${id}`,
  currency: 'CNY',
  amountFen,
  refundId: kind === 'payment' ? '' : `W${id}`,
  outRefundNo: kind === 'payment' ? '' : id,
  refundState: kind === 'payment' ? '' : 'SUCCESS',
  feeFen,
  rate: '0.60%',
  settledFen: 0,
  returnedFen: 0,
  returnedCouponFen: 0,
  orderFen: 0,
  askedBackFen: 0,
});
const fund = (business: string, kind: string, businessId: string, amountFen: number, voucher: string): FundRow => ({
  at: AT,
  businessId,
  flowId: `${businessId}${kind}`,
  business,
  kind,
  amountFen,
  balanceFen: 0,
  applicant: 'system',
  remark: '',
  voucher,
  isIncome: amountFen > 0,
});
const books = (kind: BooksRow['kind'], reference: string, amountFen: number): BooksRow => ({
  kind,
  reference,
  orderId: null,
  happenedAt: new Date(`${AT.replace(' ', 'T')}+08:00`),
  amountFen,
  ...(kind === 'refund' ? { refundState: 'succeeded' as const } : {}),
});

/** A day of payments and refunds on which all agree, but for what chance takes away or spoils. */
function dayOf(random: () => number): Day {
  const day: Day = { books: [], trade: [], funds: [] };
  for (let at = 0; at < 40; at += 1) {
    const isRefund = random() < 0.3;
    const id = `${isRefund ? 'R' : '42'}${String(at).padStart(8, '0')}`;
    const amountFen = 1000 + Math.floor(random() * 100_000);
    const feeFen = Math.round((amountFen * 60) / 10_000);
    const has = { books: random() > 0.1, trade: random() > 0.1, funds: random() > 0.1 };
    const twice = random() < 0.05;
    if (has.books) day.books.push(books(isRefund ? 'refund' : 'payment', id, isRefund ? -amountFen : amountFen));
    if (has.trade) {
      const row = trade(
        isRefund ? 'refund' : 'payment',
        id,
        amountFen + (random() < 0.05 ? 1 : 0),
        isRefund ? -feeFen : feeFen,
      );
      day.trade.push(row, ...(twice ? [row] : []));
    }
    if (!has.funds) continue;
    if (isRefund) day.funds.push(fund('退款', '退款', `W${id}`, -(amountFen - feeFen), random() < 0.5 ? id : ''));
    else
      day.funds.push(
        fund('交易', '交易', id, amountFen, `P${id}`),
        fund('交易', '扣除交易手续费', id, -feeFen, `P${id}`),
      );
  }
  return day;
}

/** Reads the three in pieces that chance cuts and mixes. What was agreed about and is named once more is read again whole, like a day is. */
function leftovers(day: Day, random: () => number): unknown {
  const read = (only?: ReadonlySet<string>) => {
    const join = new ThreeWayJoin({ feeRate: 60, ...(only ? { only } : {}) });
    const pieces = [
      ...shuffled(day.books, random).map((row) => () => join.addBooks([row])),
      ...shuffled(day.trade, random).map((row) => () => join.addTrade([row])),
      ...shuffled(day.funds, random).map((row) => () => join.addFunds([row])),
    ];
    for (const piece of shuffled(pieces, random)) piece();
    return join;
  };
  const first = read();
  const keys = first.leftovers().map(({ subject, reference }) => `${subject}:${reference}`);
  const whole = read(new Set(keys));
  return {
    totals: first.totals,
    entries: whole.leftovers().map(({ funds, ...entry }) => ({ ...entry, hasFunds: funds !== null })),
  };
}

describe('The join of the three', () => {
  it('finds the same in whatever order they are read', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const day = dayOf(chance(seed));
      const first = leftovers(day, chance(seed * 7919));
      for (let again = 1; again <= 5; again += 1)
        expect({ seed, found: leftovers(day, chance(seed * 104_729 + again)) }).toEqual({ seed, found: first });
    }
  });

  it('finds every spoilt row and no other', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const day = dayOf(chance(seed));
      const keys = new Set(
        [
          ...day.books.map(({ reference }) => reference),
          ...day.trade.map((row) => row.outRefundNo || row.transactionId),
        ].concat(day.funds.map(({ businessId }) => businessId.replace(/^WR/, 'R'))),
      );
      const isSound = (key: string) => {
        const book = day.books.filter(({ reference }) => reference === key);
        const rows = day.trade.filter((row) => (row.outRefundNo || row.transactionId) === key);
        const moved = day.funds.filter(({ businessId }) => businessId.replace(/^WR/, 'R') === key);
        if (book.length !== 1 || rows.length !== 1 || moved.length === 0) return false;
        return Math.abs(book[0]!.amountFen) === rows[0]!.amountFen;
      };
      const join = new ThreeWayJoin({ feeRate: 60 });
      join.addBooks(day.books);
      join.addTrade(day.trade);
      join.addFunds(day.funds);
      const found = new Set(join.leftovers().map(({ reference }) => reference));
      for (const key of keys)
        expect({ seed, key, isFound: found.has(key) || found.has(`W${key}`) }).toEqual({
          seed,
          key,
          isFound: !isSound(key),
        });
    }
  });

  it('keeps nothing in mind that all agree about', () => {
    const join = new ThreeWayJoin({ feeRate: 60 });
    for (let at = 0; at < 10_000; at += 1) {
      const id = `42${String(at).padStart(8, '0')}`;
      join.addBooks([books('payment', id, 10_000)]);
      join.addTrade([trade('payment', id, 10_000, 60)]);
      join.addFunds([fund('交易', '交易', id, 10_000, ''), fund('交易', '扣除交易手续费', id, -60, '')]);
    }
    expect(join.leftovers()).toEqual([]);
    expect(join.totals.books).toMatchObject({ payments: 10_000, paidFen: 100_000_000 });
    expect(join.totals.funds).toMatchObject({ payments: 10_000, feeFen: 600_000 });
  });
});
