import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { at, billWorld, DAY, fenOf, NEXT_DAY, type ReadBill } from './bill-support.ts';
import { pull } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const LATER = '2026-11-04';
let simulator: RunningSimulator;
let world: ReturnType<typeof billWorld>;
let paid: string;
let refunded: string;
let other: string;

beforeAll(async () => {
  simulator = await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') });
  world = billWorld(simulator);
});
/** 100.00 paid and 30.00 of it refunded on the first day, 20.00 paid on the second. */
beforeEach(async () => {
  await simulator.world.reset();
  await pull(simulator, '/clock', { frozen: true });
  await pull(simulator, '/notices/settings', { mode: 'held' });
  paid = await world.pay(10_000);
  await world.moveTo(`${DAY} 15:20:00`);
  refunded = await world.refund(paid, 3000);
  await world.moveTo(`${NEXT_DAY} 08:00:00`);
  other = await world.pay(2000);
  await world.moveTo(`${LATER} 10:00:00`);
});
afterAll(() => simulator.stop());

interface Day {
  planted: object[];
  books: Record<string, number>;
}
const plant = (kind: string, more: object = {}, day = DAY) =>
  pull<Day>(simulator, `/pay/bills/${day}/plant`, { kind, ...more });
const trade = (day = DAY) => world.bill('trade', day);
const fund = (day = DAY) => world.bill('fundflow', day);
const numbers = ({ rows }: ReadBill) =>
  rows.map((row) => (row['商户退款单号'] === '0' ? row['商户订单号'] : row['商户退款单号']));
const vouchers = ({ rows }: ReadBill) => rows.map((row) => row['业务凭证号']);
const signed = (row: Record<string, string>) => fenOf(row['收支金额(元)']!) * (row['收支类型'] === '支出' ? -1 : 1);
const closing = ({ rows }: ReadBill) => fenOf(rows.at(-1)!['账户结余(元)']!);

/** Sums as the rows add up, and every balance that of the row before and its own amount. */
function expectToAddUp(tradeBill: ReadBill, fundBill: ReadBill, opening = 0): void {
  const sum = (name: string) => tradeBill.rows.reduce((total, row) => total + fenOf(row[name]!), 0);
  expect(Number(tradeBill.sums['总交易单数'])).toBe(tradeBill.rows.length);
  expect(fenOf(tradeBill.sums['订单总金额']!)).toBe(sum('订单金额'));
  expect(fenOf(tradeBill.sums['申请退款总金额']!)).toBe(sum('申请退款金额'));
  expect(fenOf(tradeBill.sums['手续费总金额']!)).toBe(sum('手续费'));
  expect(Number(fundBill.sums['资金流水总笔数'])).toBe(fundBill.rows.length);
  const total = fundBill.rows.reduce((so, row) => so + signed(row), 0);
  expect(fenOf(fundBill.sums['收入金额']!) - fenOf(fundBill.sums['支出金额']!)).toBe(total);
  let balance = opening;
  for (const row of fundBill.rows) {
    balance += signed(row);
    expect(fenOf(row['账户结余(元)']!)).toBe(balance);
  }
}

/** Both days, and that the second begins where the first ended. */
async function expectBothDaysToAddUp(): Promise<void> {
  const first = await fund();
  expectToAddUp(await trade(), first);
  expectToAddUp(await trade(NEXT_DAY), await fund(NEXT_DAY), closing(first));
}

describe('a difference that is planted', () => {
  it('is not there before', async () => {
    await expectBothDaysToAddUp();
  });

  it.each(['trade', 'fund', 'both'])('misses a payment in %s', async (bill) => {
    const before = [await trade(), await fund()] as const;
    await plant('missing-row', { bill, number: paid });
    const after = [await trade(), await fund()] as const;
    expect(numbers(after[0])).toEqual(bill === 'fund' ? [paid, refunded] : [refunded]);
    expect(vouchers(after[1])).toEqual(bill === 'trade' ? [paid, paid, refunded] : [refunded]);
    expect(after[0].bytes.equals(before[0].bytes)).toBe(bill === 'fund');
    expect(after[1].bytes.equals(before[1].bytes)).toBe(bill === 'trade');
    if (bill === 'both') await expectBothDaysToAddUp();
    if (bill === 'fund') expect(closing(after[1])).toBe(closing(before[1]));
  });

  it('misses a refund, and keeps to that', async () => {
    await plant('missing-row', { number: refunded });
    expect(numbers(await trade())).toEqual([paid]);
    expect((await trade()).bytes.equals((await trade()).bytes)).toBe(true);
    await expectBothDaysToAddUp();
  });

  it('is money of another system, in the books and both bills, found by a query', async () => {
    const { bytes } = await fund(NEXT_DAY);
    const { books, planted } = await plant('extra-payment', {
      amount: 500,
      number: 'OTHER00000001',
      at: at(`${DAY} 12:00:00`),
    });
    expect(planted).toEqual([{ kind: 'extra-payment', bill: 'both', number: 'OTHER00000001' }]);
    expect(books).toMatchObject({ payments: 2, paidFen: 10_500, feeFen: 63, closingBalanceFen: 6958 + 497 });
    const bill = await trade();
    expect(numbers(bill)).toEqual([paid, 'OTHER00000001', refunded]);
    expect(vouchers(await fund())).toEqual([paid, paid, 'OTHER00000001', 'OTHER00000001', refunded]);
    await expectBothDaysToAddUp();
    expect((await fund(NEXT_DAY)).bytes.equals(bytes)).toBe(false);
    const query = `/v3/pay/transactions/id/${bill.rows[1]!['微信订单号']}?mchid=${simulator.world.kit.mchid}`;
    expect((await world.client.get(query)).json).toMatchObject({
      out_trade_no: 'OTHER00000001',
      trade_state: 'SUCCESS',
    });
  });

  it('is a row twice', async () => {
    await plant('duplicate-row', { number: paid });
    expect(numbers(await trade())).toEqual([paid, paid, refunded]);
    await expectBothDaysToAddUp();
  });

  it('is another amount, of a payment or a refund', async () => {
    await plant('changed-amount', { number: paid, delta: 1 });
    await plant('changed-amount', { number: refunded, delta: -100 });
    const [payment, refund] = (await trade()).rows;
    expect([payment!['订单金额'], payment!['应结订单金额']]).toEqual(['100.01', '100.01']);
    expect([refund!['申请退款金额'], refund!['退款金额']]).toEqual(['29.00', '29.00']);
    const last = (await fund()).rows.at(-1)!;
    expect([last['收支金额(元)'], last['备注']]).toEqual(['28.82', '退款总金额29.00元;含手续费0.18元']);
    await expectBothDaysToAddUp();
  });

  it.each(['net', 'own-row'])('is another fee, booked %s', async (refundFeeBooking) => {
    await pull(simulator, '/pay/settings', { refundFeeBooking, refundGapMs: 0 });
    const late = await world.refund(other, 1000);
    await world.moveTo('2026-11-05 10:00:00');
    await plant('changed-fee', { number: paid, delta: 2 });
    await plant('changed-fee', { number: late, delta: 1 }, LATER);
    expect((await trade()).rows[0]!['手续费']).toBe('0.62000');
    expect((await fund()).rows[1]!['收支金额(元)']).toBe('0.62');
    expect((await trade(LATER)).rows[0]!['手续费']).toBe('-0.05000');
    await expectBothDaysToAddUp();
    expectToAddUp(await trade(LATER), await fund(LATER), closing(await fund(NEXT_DAY)));
  });

  it('is another state, which only the trade bill tells', async () => {
    await plant('changed-state', { number: paid, state: 'REVOKED' });
    await plant('changed-state', { number: refunded, state: 'PROCESSING' });
    const [payment, refund] = (await trade()).rows;
    expect([payment!['交易状态'], refund!['交易状态'], refund!['退款状态']]).toEqual([
      'REVOKED',
      'REFUND',
      'PROCESSING',
    ]);
    await expect(plant('changed-state', { number: paid, state: 'REVOKED', bill: 'fund' })).rejects.toThrow('400');
  });

  it('is in the bill of the next day', async () => {
    await plant('next-day', { number: refunded });
    expect(numbers(await trade())).toEqual([paid]);
    const next = await trade(NEXT_DAY);
    expect(numbers(next)).toEqual([refunded, other]);
    expect(next.rows[0]!['交易时间']).toBe(`${NEXT_DAY} 00:00:00`);
    expect(vouchers(await fund(NEXT_DAY))).toEqual([refunded, other, other]);
    await expectBothDaysToAddUp();
    expect(closing(await fund(NEXT_DAY))).toBe(simulator.world.pay.movements.at(-1)!.balance);
  });

  it.each([
    ['a kind that there is not', DAY, { kind: 'magic', number: 'x' }, '400'],
    ['a bill that there is not', DAY, { kind: 'missing-row', bill: 'gold', number: 'x' }, '400'],
    ['a day that there is not', '2026-02-30', { kind: 'missing-row', number: 'x' }, '400'],
    ['a number that did nothing on that day', DAY, { kind: 'missing-row', number: 'x' }, '404'],
    ['money that is none', DAY, { kind: 'extra-payment', amount: 0.5 }, '400'],
    ['money of a day to come', '2026-11-09', { kind: 'extra-payment', amount: 1 }, '400'],
  ])('is refused for %s', async (_what, day, body, status) => {
    await expect(pull(simulator, `/pay/bills/${day}/plant`, body)).rejects.toThrow(status);
  });

  it('is refused without a delta, a state or a fee', async () => {
    await expect(plant('changed-amount', { number: paid })).rejects.toThrow('delta');
    await expect(plant('changed-state', { number: paid })).rejects.toThrow('state');
    await pull(simulator, '/pay/settings', { feeRate: 0 });
    const free = await world.pay(100);
    await expect(plant('changed-fee', { number: free, delta: 1 }, LATER)).rejects.toThrow('no fee');
    await expect(plant('extra-payment', { amount: 1, number: paid })).rejects.toThrow('409');
  });
});
