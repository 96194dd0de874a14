import { Order } from '../../entities/order.ts';
import type { OrderView, RefundProposalView, RefundQuoteView } from '../../src/contracts/index.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import { bookedSum } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

export const LICENCE = 'call-centre-licence';
export const REFUNDS = '/v3/refund/domestic/refunds';

export let world: TestWorld;
export let customer: Phone;
export let maker: StaffClient;
export let checker: StaffClient;

/** Each test has a shop, a customer, and two people at the staff door of its own; at its end the books balance. */
export function eachInAShop(): void {
  beforeEach(async () => {
    const environment = { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000', REFUND_LIMIT_SUPERVISOR_FEN: '1000000' };
    world = await startWorld({ environment });
    await world.lever('/pay/settings', { refundGapMs: 0 });
    customer = await world.person({ follows: true });
    await customer.signInMiniProgram();
    maker = await buildStaff(world, ['consultant']);
    checker = await buildStaff(world, ['supervisor', 'finance']);
  }, 60_000);
  afterEach(async () => {
    expect(await bookedSum(world.world)).toBe(0);
    await world.stop();
  });
}

export async function pay(number: string): Promise<void> {
  const started = await customer.startPayment(number);
  await customer.pay(started);
  await customer.post(`/app/payments/${started.number}/look`);
}
/** A paid order, of one payment or in two. */
export async function paid(serviceCode?: string): Promise<OrderView> {
  const order = await customer.order(serviceCode);
  await pay(order.number);
  return customer.seeOrder(order.number);
}
export async function reach(number: string, code: string): Promise<void> {
  const { id } = await world.world.desk.db.findOneByOrFail(Order, { number });
  await world.world.desk.transaction((work) => reachMilestone(work, id, code));
}
export const quote = (number: string) => maker.data<RefundQuoteView>('GET', `/staff/orders/${number}/refund-quote`);
export const body = (amountFen: number, more: object = {}) => ({ amountFen, reason: '客户取消办理', ...more });
export const propose = (number: string, amountFen: number, who = maker) =>
  who.data<RefundProposalView>(
    'POST',
    `/staff/orders/${number}/refund-proposals`,
    body(amountFen, { changeReason: '协商一致' }),
  );
export const approve = (id: string, who = checker) => who.codeOf('POST', `/staff/refund-proposals/${id}/approval`);
export const see = (id: string) => maker.data<RefundProposalView>('GET', `/staff/refund-proposals/${id}`);
export async function approved(number: string, amountFen: number): Promise<RefundProposalView> {
  const { id } = await propose(number, amountFen);
  expect(await approve(id)).toBe(200);
  await world.settle();
  return see(id);
}
/** As many seconds as WeChat takes, and what it then says. */
export async function arrives(): Promise<void> {
  await world.advance(10_000);
  await world.settle();
}
export const calls = async (path = REFUNDS) =>
  (await world.lever<{ method: string }[]>(`/calls?path=${encodeURIComponent(path)}`)).filter(
    ({ method }) => method === 'POST',
  ).length;
