import { jest } from '@jest/globals';
import { IllegalMove } from '../../entities/illegal-move.ts';
import { Order } from '../../entities/order.ts';
import type { OrderView, PlaceOrderBody } from '../../src/contracts/index.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import { bookedSum, disputesOf, ledgerOf, messagesOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

jest.setTimeout(60_000);

let world: TestWorld;
let customer: Phone;

beforeEach(async () => {
  world = await startWorld();
  customer = await world.person();
  await customer.signInMiniProgram();
});
afterEach(async () => {
  expect(await bookedSum(world.world)).toBe(0);
  await world.stop();
});

/** What staff will do once a milestone of the work is reached. */
const reach = (order: OrderView, milestone: string) =>
  world.world.desk.transaction(async (work) => {
    const { id } = await work.db.findOneByOrFail(Order, { number: order.number });
    await reachMilestone(work, id, milestone);
  });

/** Pays what is due; WeChat tells of it eight times at once. */
async function pay(order: OrderView, paidFen: number): Promise<string> {
  await world.lever('/notices/settings', { copies: 8 });
  const started = await customer.startPayment(order.number);
  await customer.pay(started);
  await world.until(async () => (await customer.seeOrder(order.number)).paidFen === paidFen);
  await world.settle();
  return started.number;
}

const bookings = async () => (await ledgerOf(world.world)).map(({ lines }) => lines);
/** By then the rule gives nothing back. */
const earnedOf = ({ serviceFen }: { serviceFen: number }) => ({
  advance_from_customers: serviceFen,
  revenue: -serviceFen,
});
const statesOf = ({ instalments }: OrderView) => instalments.map(({ state }) => state);

describe('An order that is paid in two parts', () => {
  it.each([
    {
      service: 'call-centre-licence',
      package: { packageCode: 'provincial', planCode: 'two_parts' },
      milestone: 'licence_issued',
      first: { serviceFen: 900_000, governmentFen: 0 },
      second: { serviceFen: 900_000, governmentFen: 0 },
    },
    {
      service: 'wechat-pay-application',
      package: { packageCode: 'official_account_with_verification', planCode: 'two_parts' },
      milestone: 'opened',
      first: { serviceFen: 94_800, governmentFen: 30_000 },
      second: { serviceFen: 63_200, governmentFen: 0 },
    },
  ])('is open for the second one when its milestone is reached: $service', async (story) => {
    const { first, second } = story;
    const firstFen = first.serviceFen + first.governmentFen;
    const secondFen = second.serviceFen + second.governmentFen;
    const order = await customer.order(story.service, story.package as Partial<PlaceOrderBody>);
    expect(order).toMatchObject({ amountFen: firstFen + secondFen, dueFen: firstFen });
    expect(statesOf(order)).toEqual(['due', 'not_due']);

    const firstNumber = await pay(order, firstFen);
    const begun = await customer.seeOrder(order.number);
    expect(begun).toMatchObject({ state: 'paid', paidFen: firstFen, dueFen: 0, canPay: false, canCancel: false });
    expect(statesOf(begun)).toEqual(['paid', 'not_due']);
    const early = await customer.call('POST', `/app/orders/${order.number}/payments`, { way: 'mini-program' });
    expect(early).toMatchObject({ status: 409, body: { error: { code: 'order.not_payable' } } });

    await reach(order, story.milestone);
    await reach(order, story.milestone);
    await world.settle();
    const due = await customer.seeOrder(order.number);
    expect(due).toMatchObject({ state: 'paid', dueFen: secondFen, canPay: true, canCancel: false });
    expect(statesOf(due)).toEqual(['paid', 'due']);
    // Long after the time in which a new order must be paid.
    await world.advance(3 * 24 * 3600_000);

    const secondNumber = await pay(order, firstFen + secondFen);
    expect(secondNumber).not.toBe(firstNumber);
    const done = await customer.seeOrder(order.number);
    expect(done).toMatchObject({ state: 'paid', paidFen: order.amountFen, dueFen: 0, canPay: false, disputedFen: 0 });
    expect(statesOf(done)).toEqual(['paid', 'paid']);
    const late = await customer.call('POST', `/app/orders/${order.number}/payments`, { way: 'mini-program' });
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'payment.already_paid' } } });

    expect(await bookings()).toEqual([linesOf(first), earnedOf(first), linesOf(second), earnedOf(second)]);
    expect(await disputesOf(world.world)).toEqual([]);
    const told = await messagesOf(world.world);
    const amounts = told.flatMap(({ message, facts }) => (message === 'order-paid' ? [facts.amountFen] : []));
    expect(amounts).toEqual([firstFen, secondFen]);
    expect(told.map(({ message }) => message)).toContain('stage-reached');
  });

  it('keeps money that comes twice for the first one, and does not take it for the second', async () => {
    const order = await customer.order('call-centre-licence', { packageCode: 'provincial', planCode: 'two_parts' });
    await world.lever('/notices/settings', { mode: 'held' });
    const inProgram = await customer.startPayment(order.number);
    const byCode = await customer.startPayment(order.number, 'native');
    await world.lever(`/pay/orders/${byCode.number}/force-paid`, {});
    await world.lever('/notices/deliver-due', {});
    await reach(order, 'licence_issued');
    await world.lever(`/pay/orders/${inProgram.number}/force-paid`, {});
    await world.lever('/notices/deliver-due', {});
    await world.settle();

    const seen = await customer.seeOrder(order.number);
    expect(seen).toMatchObject({
      state: 'paid',
      paidFen: 900_000,
      dueFen: 900_000,
      disputedFen: 900_000,
      canPay: true,
    });
    expect(statesOf(seen)).toEqual(['paid', 'due']);
    expect(await disputesOf(world.world)).toMatchObject([{ reason: 'double', amountFen: 900_000 }]);
  });

  it('cannot reach a milestone before anything was paid', async () => {
    const order = await customer.order('call-centre-licence', { packageCode: 'provincial', planCode: 'two_parts' });
    await expect(reach(order, 'licence_issued')).rejects.toBeInstanceOf(IllegalMove);
    expect(statesOf(await customer.seeOrder(order.number))).toEqual(['due', 'not_due']);
  });
});

const linesOf = ({ serviceFen, governmentFen }: { serviceFen: number; governmentFen: number }) => ({
  wechat_pay: serviceFen + governmentFen,
  advance_from_customers: -serviceFen,
  ...(governmentFen > 0 ? { government_fees_collected: -governmentFen } : {}),
});
