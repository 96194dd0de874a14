import type { DifferenceView } from '../../src/contracts/index.ts';
import { newId } from '../../src/platform/ids.ts';
import type { Finding } from '../../src/reconciliation/classify.ts';
import { matchAgain } from '../../src/reconciliation/index.ts';
import { proveAll } from '../../src/reconciliation/prove.ts';
import { adoptRefund } from '../../src/refunds/index.ts';
import { bookedSum } from '../support/books.ts';
import { FinanceWorld, type Sale } from './finance-world.ts';

let world: FinanceWorld;
let sales: Sale[];
beforeEach(async () => {
  world = await FinanceWorld.start();
  sales = [await world.sell(), await world.sell(), await world.sell()];
}, 60_000);
afterEach(async () => {
  expect(await bookedSum(world.test.world)).toBe(0);
  await world.stop();
});

const said = ({ kind, cause, subject, state, closing }: DifferenceView) => [kind, cause, subject, state, closing];

/** The books, the fund-flow bill and what really happened end the day alike. */
async function expectClosing(day: string): Promise<void> {
  await world.compareAgain(day);
  const { booksClosingFen, fundsClosingFen } = (await world.day(day)).totals!;
  expect(booksClosingFen).toBe(fundsClosingFen);
}

describe('A difference is named', () => {
  it.each([
    ['missing-row', { bill: 'trade' }, ['only_here', 'bill_row', 'payment', 'open', null]],
    ['missing-row', { bill: 'fund' }, ['only_here', 'bill_row', 'payment', 'open', null]],
    ['missing-row', { bill: 'both' }, ['only_here', 'unknown', 'payment', 'open', null]],
    ['duplicate-row', { bill: 'trade' }, ['duplicate', 'bill_row', 'payment', 'open', null]],
    ['duplicate-row', { bill: 'fund' }, ['duplicate', 'bill_row', 'payment', 'open', null]],
    ['duplicate-row', { bill: 'both' }, ['duplicate', 'bill_row', 'payment', 'open', null]],
    ['changed-amount', { bill: 'trade', delta: 100 }, ['amount', 'unknown', 'payment', 'open', null]],
    ['changed-amount', { bill: 'fund', delta: 100 }, ['amount', 'unknown', 'payment', 'open', null]],
    ['changed-amount', { bill: 'both', delta: -100 }, ['amount', 'unknown', 'payment', 'open', null]],
    ['changed-fee', { delta: 1 }, ['fee', 'unknown', 'payment', 'open', null]],
  ])('%s %j', async (kind, more, expected) => {
    const day = world.today;
    await world.plant(day, { kind, number: sales[1]!.number, ...more });
    await world.nextMorning();
    expect((await world.differences()).map(said)).toEqual([expected]);
    expect(await world.close(day)).toBe('period.cannot_close');
  });

  it.each([
    ['missing-row', { bill: 'both' }, ['only_here', 'unknown', 'refund', 'open', null]],
    ['duplicate-row', { bill: 'trade' }, ['duplicate', 'bill_row', 'refund', 'open', null]],
    ['changed-amount', { bill: 'trade', delta: 100 }, ['amount', 'unknown', 'refund', 'open', null]],
  ])('of a refund: %s %j', async (kind, more, expected) => {
    const day = world.today;
    const number = await world.refund(sales[0]!, 3000);
    await world.plant(day, { kind, number, ...more });
    await world.nextMorning();
    expect((await world.differences()).map(said)).toEqual([expected]);
  });

  it('as another system’s, when neither number is ours', async () => {
    const day = world.today;
    await world.plant(day, { kind: 'extra-payment', amount: 12_345 });
    await world.nextMorning();
    const [difference, ...more] = await world.differences();
    expect(more).toEqual([]);
    expect(said(difference!)).toEqual(['only_there', 'other_system', 'payment', 'open', null]);
    expect(difference).toMatchObject({ booksFen: null, tradeFen: 12_345, adjustFen: 12_345 });
    const wish = { resolution: 'book', account: 'other_systems' };
    expect(await world.propose(difference!.id, wish)).toBe(200);
    expect(await world.decide(difference!.id, false)).toBe(200);
    // What was sent back is nobody's proposal any more, whoever asks.
    for (const who of [world.maker, world.checker])
      expect(await world.decide(difference!.id, true, who)).toBe('reconciliation.illegal_move');
    expect(await world.propose(difference!.id, wish)).toBe(200);
    const withdrawal = `/staff/reconciliation/differences/${difference!.id}/withdrawal`;
    expect(await world.checker.codeOf('POST', withdrawal)).toBe('staff.not_allowed');
    expect(await world.maker.codeOf('POST', withdrawal)).toBe(200);
    expect(await world.decide(difference!.id)).toBe('reconciliation.illegal_move');
    expect(await world.propose(difference!.id, wish)).toBe(200);
    expect(await world.decide(difference!.id)).toBe(200);
    await expectClosing(day);
    expect(await world.close(day)).toBe(201);
  });

  it('as a refund by hand, which is recorded when two people agree, so that no more than the rest is given back', async () => {
    const day = world.today;
    await world.test.lever(`/pay/orders/${sales[0]!.number}/refund-by-hand`, { amount: 4000 });
    await world.test.advance(10_000);
    await world.nextMorning();
    const [difference, ...more] = await world.differences();
    expect(more).toEqual([]);
    expect(said(difference!)).toEqual(['only_there', 'refund_by_hand', 'refund', 'open', null]);
    expect(await world.propose(difference!.id, { resolution: 'adopt' })).toBe(200);
    expect(await world.decide(difference!.id, true, world.maker)).toBe('reconciliation.own_proposal');
    expect(await world.decide(difference!.id)).toBe(200);
    const quote = await world.maker.data('GET', `/staff/orders/${sales[0]!.order.number}/refund-quote`);
    expect(quote).toMatchObject({ refundedFen: 4000, leftFen: sales[0]!.order.amountFen - 4000 });
    // Recorded is recorded, whoever agrees to it once more.
    const fact = await world.desk.pay.findByOutRefundNo(difference!.number!);
    const people = { proposedBy: newId(), decidedBy: newId() };
    expect(await world.desk.transaction((work) => adoptRefund(work, fact!, people))).toBe(true);
    await expectClosing(day);
    expect((await world.differences()).map(said)).toEqual([
      ['only_there', 'refund_by_hand', 'refund', 'closed', 'decided'],
    ]);
    expect(await world.close(day)).toBe(201);
  });

  it('once for all payments of a day, when the rate changed', async () => {
    const day = world.today;
    await world.test.lever('/pay/settings', { feeRate: 54 });
    await world.sell();
    await world.sell();
    await world.nextMorning();
    const [difference, ...more] = await world.differences();
    expect(more).toEqual([]);
    expect(said(difference!)).toEqual(['fee', 'rate_changed', 'fee', 'open', null]);
    expect(difference).toMatchObject({ count: 2, note: '账单费率 0.54%' });
    expect(await world.propose(difference!.id, { resolution: 'adopt' })).toBe('reconciliation.not_adoptable');
    expect(await world.propose(difference!.id, { resolution: 'book', account: 'unexplained' })).toBe(
      'reconciliation.nothing_to_book',
    );
    expect(await world.propose(difference!.id, { resolution: 'leave' })).toBe(200);
    expect(await world.decide(difference!.id)).toBe(200);
    await expectClosing(day);
  });

  it('as a matter of midnight, when the next day’s bills have it', async () => {
    const day = world.today;
    await world.plant(day, { kind: 'next-day', number: sales[2]!.number });
    await world.nextMorning();
    expect((await world.differences()).map(said)).toEqual([['only_here', 'unknown', 'payment', 'open', null]]);
    await world.nextMorning();
    const explained = ['day_boundary', 'clock', 'payment', 'closed', 'explained'];
    expect((await world.differences()).map(said)).toEqual([explained]);
    // In whatever order they are compared again.
    const next = await world.compareAgain(day);
    expect(next).toMatchObject({ openDifferences: 0 });
    expect((await world.differences()).map(said)).toEqual([explained]);
    expect(await world.close(day)).toBe(201);
  });
});

describe('What WeChat proves', () => {
  it('is counted like a notice: a payment that nobody told us of', async () => {
    const sale = await world.sell({ isTold: false });
    const day = await world.sleep();
    await world.test.lever('/faults', undefined, 'DELETE');
    await world.fetch();
    const [difference, ...more] = await world.differences();
    expect(more).toEqual([]);
    expect(said(difference!)).toEqual(['only_there', 'missed_notice', 'payment', 'closed', 'proved']);
    expect(difference).toMatchObject({ number: sale.number, orderNumber: sale.order.number });
    expect((await world.customer.seeOrder(sale.order.number)).paidFen).toBe(sale.order.amountFen);
    await expectClosing(day);
    expect(await world.close(day)).toBe(201);
  });

  it('waits until WeChat answers, and is then proved', async () => {
    await world.sell({ isTold: false });
    const day = await world.nextMorning();
    const found = ['only_there', 'missed_notice', 'payment'];
    expect((await world.differences()).map(said)).toEqual([[...found, 'open', null]]);
    await world.test.lever('/faults', undefined, 'DELETE');
    await matchAgain(world.desk);
    expect((await world.differences()).map(said)).toEqual([[...found, 'closed', 'proved']]);
    await expectClosing(day);
  });

  it('is that a refund arrived of which nobody told us', async () => {
    await world.test.lever('/pay/settings', { refundOutcome: 'held' });
    const number = await world.refund(sales[0]!, 3000);
    await world.test.lever('/notices/settings', { mode: 'held' });
    await world.test.lever(`/pay/refunds/${number}/end`, { status: 'SUCCESS' });
    await world.test.lever('/faults', { path: '/v3/refund/domestic/refunds', kind: 'html-502', times: 10_000 });
    const day = await world.nextMorning();
    const found = ['state', 'refund_not_finished', 'refund'];
    expect((await world.differences()).map(said)).toEqual([[...found, 'open', null]]);
    await world.test.lever('/faults', undefined, 'DELETE');
    await matchAgain(world.desk);
    expect((await world.differences()).map(said)).toEqual([[...found, 'closed', 'proved']]);
    await expectClosing(day);
  });

  it('is that a refund arrived, whatever the bill says of it', async () => {
    const day = world.today;
    const number = await world.refund(sales[0]!, 3000);
    await world.plant(day, { kind: 'changed-state', number, state: 'CLOSED' });
    await world.nextMorning();
    expect((await world.differences()).map(said)).toEqual([['state', 'bill_row', 'refund', 'closed', 'proved']]);
  });

  it('is nothing where the money was counted before, or was never paid: that difference is another', async () => {
    const unpaid = await world.customer.startPayment((await world.customer.order()).number);
    const about = (number: string) => ({ proof: 'payment', number, kind: 'only_there' }) as Finding;
    expect(await proveAll(world.desk, [about(sales[0]!.number), about(unpaid.number)])).toEqual([]);
  });
});
