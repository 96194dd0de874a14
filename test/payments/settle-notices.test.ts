import { createNoticeSettler } from '../../src/payments/index.ts';
import type { Notice } from '../../src/platform/wechat-pay/index.ts';
import type { StartedPaymentView } from '../../src/contracts/index.ts';
import { bookedSum, noticesOf, paymentsOf } from '../support/books.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
  await world.lever('/notices/settings', { mode: 'held' });
}, 60_000);
afterAll(() => world.stop());

async function started(): Promise<StartedPaymentView> {
  const customer = await world.person();
  await customer.signInMiniProgram();
  const order = await customer.order();
  return customer.startPayment(order.number);
}

const noticeOf = ({ number, amountFen }: StartedPaymentView, paidAt = world.clock.now()): Notice => ({
  id: `EV-${number}`,
  eventType: 'TRANSACTION.SUCCESS',
  kind: 'transaction',
  transaction: {
    state: 'success',
    outTradeNo: number,
    transactionId: `42${number.slice(1)}`,
    appid: world.config.MINI_PROGRAM_APPID,
    mchid: world.config.WECHAT_PAY_MCHID,
    amountFen,
    payerFen: amountFen,
    currency: 'CNY',
    tradeType: 'jsapi',
    paidAt,
  },
});

it('Notices that arrive together are settled together, and one that cannot be settled holds up none of the rest', async () => {
  const [first, poisoned, last] = [await started(), await started(), await started()];
  const settler = createNoticeSettler(world.world.desk);
  const never = new Date(Number.NaN);
  const outcomes = await Promise.allSettled([
    settler.settle(noticeOf(first)),
    settler.settle(noticeOf(poisoned, never)),
    settler.settle(noticeOf(last)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const states = new Map((await paymentsOf(world.world)).map(({ number, state }) => [number, state]));
  expect([first, poisoned, last].map(({ number }) => states.get(number))).toEqual(['paid', 'open', 'paid']);
  expect(await noticesOf(world.world)).toHaveLength(2);
  expect(await bookedSum(world.world)).toBe(0);
});

it('Seventy payments whose notices come three times each, all at one instant, are each settled once', async () => {
  const payments: StartedPaymentView[] = [];
  for (let n = 0; n < 70; n += 1) payments.push(await started());
  const settler = createNoticeSettler(world.world.desk);
  const before = (await noticesOf(world.world)).length;
  await Promise.all([1, 2, 3].flatMap(() => payments.map((payment) => settler.settle(noticeOf(payment)))));
  expect(await noticesOf(world.world)).toHaveLength(before + payments.length);
  expect(await bookedSum(world.world)).toBe(0);
  const paid = (await paymentsOf(world.world)).filter(({ state }) => state === 'paid').map(({ number }) => number);
  expect(paid).toEqual(expect.arrayContaining(payments.map(({ number }) => number)));
});
