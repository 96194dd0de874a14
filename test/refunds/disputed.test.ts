import { DisputedMoney } from '../../entities/disputed-money.ts';
import type { DisputedMoneyView, OrderView } from '../../src/contracts/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { refundByItself } from '../../src/refunds/index.ts';
import { bookedSum, ledgerOf, messagesOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { refusing } from '../support/refusing-desk.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const HOUR_MS = 3600_000;

let world: TestWorld;
let customer: Phone;
let finance: StaffClient;
const start = async (environment: Record<string, string> = {}) => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000', ...environment } });
  await world.lever('/pay/settings', { refundGapMs: 0 });
  customer = await world.person({ follows: true });
  await customer.signInMiniProgram();
  finance = await buildStaff(world, ['finance']);
};
afterEach(async () => {
  expect(await bookedSum(world.world)).toBe(0);
  await world.stop();
});

const countLate = () => world.world.desk.db.countBy(DisputedMoney, { reason: 'late' });

/** Money that came after its order was cancelled; the order. */
async function late(): Promise<OrderView> {
  const order = await customer.order();
  const known = await countLate();
  const started = await customer.startPayment(order.number, 'native');
  await customer.post(`/app/orders/${order.number}/cancel`);
  await world.lever(`/pay/orders/${started.number}/force-paid`, {});
  await world.until(async () => (await countLate()) > known);
  return order;
}
const listed = async (query = '') => finance.pages<DisputedMoneyView>(`/staff/disputed-money?limit=5${query}`);
const decide = (id: string, body: object, who = finance) =>
  who.codeOf('POST', `/staff/disputed-money/${id}/decision`, body);
const kinds = async () => (await ledgerOf(world.world)).map(({ kind }) => kind);

describe('Money that came too late', () => {
  it('goes back by itself after its time, once, is booked out, and the customer is told', async () => {
    await start();
    const order = await late();
    const [open] = await listed();
    expect(open).toMatchObject({
      reasonWords: '订单关闭后到账',
      orderNumber: order.number,
      state: 'open',
      decision: null,
    });
    expect(Date.parse(open!.refundsAt!) - Date.parse(open!.receivedAt)).toBe(24 * HOUR_MS);
    await world.advance(23 * HOUR_MS);
    await refundByItself(world.world.desk);
    expect(world.simulator.world.pay.refunds.size).toBe(0);
    await world.advance(HOUR_MS);
    await Promise.all([refundByItself(world.world.desk), refundByItself(world.world.desk)]);
    await world.settle();
    await world.advance(10_000);
    await finance.signIn(world.clock.now());
    expect(world.simulator.world.pay.refunds.size).toBe(1);
    expect(await listed()).toMatchObject([{ state: 'resolved', decision: 'refund', decidedBy: null, refundsAt: null }]);
    expect(await kinds()).toEqual(['disputed_payment', 'refund']);
    const { lines } = (await ledgerOf(world.world)).at(-1)!;
    expect(lines).toEqual({ disputed_money: order.amountFen, wechat_pay: -order.amountFen });
    expect((await messagesOf(world.world)).map(({ message }) => message)).toEqual(['refund-arrived']);
    expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'cancelled', disputedFen: 0 });
  });

  it('goes back though another payment could not be given back just then, which follows', async () => {
    await start();
    for (let payments = 0; payments < 2; payments += 1) await late();
    await world.advance(25 * HOUR_MS);
    await refundByItself(refusing(world.world.desk));
    await world.settle();
    await finance.signIn(world.clock.now());
    expect((await listed()).map(({ state }) => state)).toEqual(['resolved', 'open']);
    await refundByItself(world.world.desk);
    await world.settle();
    await world.advance(10_000);
    expect((await listed()).map(({ state }) => state)).toEqual(['resolved', 'resolved']);
    expect(world.simulator.world.pay.refunds.size).toBe(2);
  });

  it('stays when the settings say so, until finance decides', async () => {
    await start({ DISPUTED_REFUND_AFTER_HOURS: '0' });
    await late();
    await world.advance(30 * 24 * HOUR_MS);
    await refundByItself(world.world.desk);
    await finance.signIn(world.clock.now());
    const [open] = await listed('&state=open');
    expect(open).toMatchObject({ refundsAt: null });
    expect(await decide(open!.id, { decision: 'refund' })).toBe(200);
    await world.settle();
    await world.advance(10_000);
    expect(await listed('&state=open')).toEqual([]);
    expect(await kinds()).toEqual(['disputed_payment', 'refund']);
  });

  it('that WeChat closes is to be decided about again, and does not go round in circles', async () => {
    await start();
    await world.lever('/pay/settings', { refundOutcome: 'CLOSED' });
    await late();
    await world.advance(25 * HOUR_MS);
    await refundByItself(world.world.desk);
    await world.settle();
    await world.advance(10_000);
    await refundByItself(world.world.desk);
    await world.settle();
    await finance.signIn(world.clock.now());
    expect(world.simulator.world.pay.refunds.size).toBe(1);
    expect(await listed()).toMatchObject([{ state: 'open', decision: null }]);
    expect(await kinds()).toEqual(['disputed_payment', 'refund', 'refund_closed']);
  });
});

it('What goes back of disputed money is not taken off what the order gives back', async () => {
  await start();
  const order = await customer.order();
  const first = await customer.startPayment(order.number);
  const second = await customer.startPayment(order.number, 'native');
  for (const { number } of [second, first]) await world.lever(`/pay/orders/${number}/force-paid`, {});
  await world.until(() => world.world.desk.db.existsBy(DisputedMoney, { reason: 'double' }));
  const [{ id }] = (await listed()) as [DisputedMoneyView];
  expect(await decide(id, { decision: 'refund' })).toBe(200);
  await world.settle();
  const quote = await finance.data('GET', `/staff/orders/${order.number}/refund-quote`);
  expect(quote).toMatchObject({ refundedFen: 0, leftFen: order.amountFen, ruleFen: order.amountFen });
});

describe('Finance', () => {
  it('keeps money for a reason, once', async () => {
    await start();
    await late();
    const [{ id, amountFen }] = (await listed()) as [DisputedMoneyView];
    expect(await decide(id, { decision: 'keep' })).toBe('request.invalid');
    expect(await decide(id, { decision: 'keep', note: '抵扣违约金' })).toBe(200);
    expect(await decide(id, { decision: 'refund' })).toBe('disputed.illegal_move');
    expect(await listed()).toMatchObject([{ state: 'resolved', decisionWords: '留存', note: '抵扣违约金' }]);
    const { lines } = (await ledgerOf(world.world)).at(-1)!;
    expect(lines).toEqual({ disputed_money: amountFen, other_income: -amountFen });
  });

  it('applies money to what is due of an order: paid, booked, told, and it can be given back like any other', async () => {
    await start();
    await late();
    const [{ id, amountFen }] = (await listed()) as [DisputedMoneyView];
    const order = await customer.order();
    expect(order.amountFen).toBe(amountFen);
    const open = await customer.startPayment(order.number, 'native');
    const body = { decision: 'apply', orderNumber: order.number };
    expect(await decide(id, { ...body, orderNumber: 'TB26112299999999' })).toBe('order.not_found');
    const codes = await Promise.all(Array.from({ length: 5 }, () => decide(id, body)));
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    await world.settle();
    expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'paid', paidFen: amountFen, dueFen: 0 });
    expect((await ledgerOf(world.world)).at(-1)).toMatchObject({
      kind: 'disputed_applied',
      lines: { disputed_money: amountFen, advance_from_customers: -amountFen },
    });
    expect((await messagesOf(world.world)).map(({ message }) => message)).toEqual(['order-paid']);
    expect(world.simulator.world.pay.orders.get(open.number)!.state).toBe('CLOSED');
    const quote = await finance.data('GET', `/staff/orders/${order.number}/refund-quote`);
    expect(quote).toMatchObject({ leftFen: amountFen, ruleFen: amountFen });
  });

  it('does not apply money to an order that is paid, cancelled, or wants another amount', async () => {
    await start();
    const cancelled = await late();
    const [{ id }] = (await listed()) as [DisputedMoneyView];
    expect(await decide(id, { decision: 'apply', orderNumber: cancelled.number })).toBe('order.not_payable');
    const larger = await customer.order('call-centre-licence');
    expect(await decide(id, { decision: 'apply', orderNumber: larger.number })).toBe('disputed.amount_differs');
    expect(await listed()).toMatchObject([{ state: 'open', decision: null }]);
    expect(await kinds()).toEqual(['disputed_payment']);
  });

  it('decides once, of ten at one moment; nobody else does, and none above their limit', async () => {
    await start({ REFUND_LIMIT_FINANCE_FEN: '100000000' });
    await late();
    const [{ id }] = (await listed()) as [DisputedMoneyView];
    const supervisor = await buildStaff(world, ['supervisor']);
    expect(await decide(id, { decision: 'refund' }, supervisor)).toBe('staff.not_allowed');
    expect(await decide(newId(), { decision: 'refund' })).toBe('disputed.not_found');
    expect(await decide(id, { decision: 'burn' })).toBe('request.invalid');
    const codes = await Promise.all(Array.from({ length: 10 }, () => decide(id, { decision: 'refund' })));
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    await world.settle();
    expect(world.simulator.world.pay.refunds.size).toBe(1);
  });

  it('does not send more back than they may approve, nor what is not ours to send', async () => {
    await start({ REFUND_LIMIT_FINANCE_FEN: '10' });
    await late();
    const [{ id }] = (await listed()) as [DisputedMoneyView];
    expect(await decide(id, { decision: 'refund' })).toBe('refund.above_limit');
    await world.world.desk.transaction((work) =>
      work.db.update(DisputedMoney, { id }, { reason: 'foreign_merchant', amountFen: 5 }),
    );
    expect(await decide(id, { decision: 'refund' })).toBe('disputed.not_refundable');
    const other = await customer.order();
    expect(await decide(id, { decision: 'apply', orderNumber: other.number })).toBe('disputed.not_refundable');
    expect(await listed()).toMatchObject([{ state: 'open' }]);
    expect(world.simulator.world.pay.refunds.size).toBe(0);
  });
});
