import { takeForeignPayment } from '../../simulator/src/pay/bills/extra-payment.ts';
import { Difference } from '../../entities/reconciliation.ts';
import { LedgerPosting } from '../../entities/ledger.ts';
import type { TaskView } from '../../src/contracts/index.ts';
import { matchDay } from '../../src/reconciliation/index.ts';
import { keepBill } from '../../src/reconciliation/keep-bill.ts';
import { bookedSum } from '../support/books.ts';
import { FinanceWorld } from './finance-world.ts';

let world: FinanceWorld;
beforeEach(async () => {
  world = await FinanceWorld.start();
}, 60_000);
afterEach(async () => {
  expect(await bookedSum(world.test.world)).toBe(0);
  await world.stop();
});

describe('A day on which all three agree', () => {
  it('is fetched, compared and can be closed; fees and withdrawals are booked from the bill', async () => {
    const sales = [await world.sell(), await world.sell(), await world.sell()];
    await world.refund(sales[0]!, 3000);
    await world.test.lever('/pay/withdraw', { amount: 5000 });
    const day = await world.nextMorning();
    expect(await world.differences()).toEqual([]);
    const view = await world.day(day);
    expect(view).toMatchObject({ state: 'matched', trade: 'kept', fundFlow: 'kept', failure: null, version: 1 });
    const real = await world.real(day);
    const { books, trade, funds, booksClosingFen, fundsClosingFen } = view.totals!;
    for (const side of [books, trade, funds])
      expect(side).toMatchObject({ payments: 3, paidFen: real.paidFen, refunds: 1 });
    expect([books.refundedFen, trade.refundedFen]).toEqual([3000, 3000]);
    expect(trade.feeFen).toBe(real.feeFen - real.returnedFeeFen);
    expect([booksClosingFen, fundsClosingFen]).toEqual([real.closingBalanceFen, real.closingBalanceFen]);

    // Compared once more, nothing is booked twice.
    const booked = () => world.desk.db.count(LedgerPosting);
    const before = await booked();
    await matchDay(world.desk, { day });
    expect(await world.day(day)).toMatchObject({ version: 2 });
    expect(await booked()).toBe(before);

    expect(await world.close(day)).toBe(201);
    expect(await world.periods()).toMatchObject({ closedThrough: day, next: world.today });
    expect(await world.day(day)).toMatchObject({ state: 'closed' });
  });
});

it('A day with more than ten thousand differences is somebody else’s: none is written down, and the day waits until somebody has looked', async () => {
  await world.sell();
  const { simulator, clock } = world.test;
  const paidAt = clock.now().getTime();
  const takeForeign = () => {
    for (let number = 0; number <= 10_000; number += 1)
      takeForeignPayment(simulator.world, `OTHER${100_000_000 + number}`, 1000, paidAt);
  };
  takeForeign();
  const day = await world.nextMorning();
  expect(await world.day(day)).toMatchObject({ state: 'waiting', failure: 'too_many_differences', version: null });
  expect(await world.desk.db.count(Difference)).toBe(0);
  expect(await world.close(day)).toBe('period.cannot_close');
  const tasks = () => world.maker.pages<TaskView>('/staff/tasks?kind=attention');
  expect(await tasks()).toMatchObject([{ title: `${day} 的对账未能完成` }]);

  // The right bills come: it is compared, and nobody need look any more.
  const { orders, movements } = simulator.world.pay;
  const foreign = [...orders.values()].filter(({ outTradeNo }) => outTradeNo.startsWith('OTHER'));
  const paid = new Set(foreign.map(({ payment }) => payment!.transactionId));
  for (const { outTradeNo } of foreign) orders.delete(outTradeNo);
  movements.splice(0, Infinity, ...movements.filter(({ businessId }) => !paid.has(businessId)));
  await fetchAgain(day);
  expect(await world.day(day)).toMatchObject({ state: 'matched', failure: null, openDifferences: 0 });
  expect(await tasks()).toEqual([]);

  // And others come that are the wrong ones again.
  takeForeign();
  await fetchAgain(day);
  expect(await world.day(day)).toMatchObject({ state: 'waiting', failure: 'too_many_differences' });
  expect(await tasks()).toMatchObject([{ title: `${day} 的对账未能完成` }]);
});

/** Both bills of the day, as WeChat has them now. */
async function fetchAgain(day: string): Promise<void> {
  world.test.simulator.world.pay.bills.forgetFilesFrom(day);
  const { pay, config } = world.desk;
  for (const kind of ['trade', 'fund_flow'] as const) {
    const application = await pay.applyForBill(kind, day);
    if (application.is !== 'ready') throw new Error(application.is);
    const { offer } = application;
    const name = { kind, day, mchid: config.WECHAT_PAY_MCHID };
    await keepBill(world.desk, name, await pay.downloadBill(offer), { source: 'wechat', sha1: offer.sha1 });
    await world.test.settle();
  }
}
