import { Payment } from '../../entities/payment.ts';
import type { OrderView } from '../../src/contracts/index.ts';
import { bookedSum, paymentsOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let customer: Phone;

beforeEach(async () => {
  world = await startWorld();
  customer = await world.person();
  await customer.signInMiniProgram();
  await world.lever('/notices/settings', { mode: 'held' });
}, 60_000);
afterEach(async () => {
  expect(await bookedSum(world.world)).toBe(0);
  await world.stop();
});

const inTwoParts = () => customer.order('call-centre-licence', { packageCode: 'provincial', planCode: 'two_parts' });
const start = (order: OrderView, way: string) => customer.call('POST', `/app/orders/${order.number}/payments`, { way });
const stateOf = async (number: string) => (await paymentsOf(world.world)).find((each) => each.number === number)?.state;
const atWechat = async (number: string) => JSON.stringify(await world.lever(`/pay/orders/${number}`));
const deliver = async (number: string) => {
  const notices = await world.lever<{ id: string; outTradeNo: string }[]>('/notices');
  const notice = notices.find(({ outTradeNo }) => outTradeNo === number);
  await world.lever(`/notices/${notice!.id}/send`, { times: 1 });
};

it('An attempt whose instalment another one paid is closed at WeChat, so that nobody pays twice', async () => {
  const order = await customer.order();
  const first = await customer.startPayment(order.number);
  const second = await customer.startPayment(order.number, 'native');
  await world.lever(`/pay/orders/${first.number}/force-paid`, {});
  await deliver(first.number);
  await world.settle();
  expect((await customer.seeOrder(order.number)).state).toBe('paid');
  expect(await stateOf(second.number)).toBe('closed');
  expect(await atWechat(second.number)).toContain('CLOSED');
});

it('An attempt that is opened while its order is being cancelled is closed with it', async () => {
  const order = await customer.order();
  const first = await customer.startPayment(order.number);
  await world.lever('/faults', { path: '^.*/close$', kind: 'delay', ms: 1500, times: 1 });
  const cancelled = customer.post(`/app/orders/${order.number}/cancel`);
  await until('the closing is on its way', async () => {
    const [delay] = await world.lever<{ hits: number }[]>('/faults');
    return delay!.hits > 0;
  });
  const second = await customer.startPayment(order.number, 'native');
  expect(second.number).not.toBe(first.number);

  expect(await cancelled).toMatchObject({ state: 'cancelled' });
  expect(await stateOf(second.number)).toBe('closed');
  expect(await atWechat(second.number)).toContain('CLOSED');
});

describe('Who taps “pay” for what is paid already', () => {
  it('hears so when the attempt to be closed turns out to be paid', async () => {
    const order = await inTwoParts();
    const first = await customer.startPayment(order.number);
    await customer.pay(first);
    const answer = await start(order, 'native');
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'payment.already_paid' } } });
    expect(await paymentsOf(world.world)).toMatchObject([{ number: first.number, state: 'paid' }]);
  });

  it('hears so when WeChat refuses the number because it was paid', async () => {
    const order = await inTwoParts();
    await world.lever('/faults', { path: '/v3/pay/transactions/jsapi', kind: 'error-after-effect', times: 2 });
    expect((await start(order, 'mini-program')).status).toBe(503);
    const [lost] = await paymentsOf(world.world);
    await world.lever(`/pay/orders/${lost!.number}/force-paid`, {});
    const answer = await start(order, 'mini-program');
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'payment.already_paid' } } });
    expect(await stateOf(lost!.number)).toBe('paid');
  });
});

it('A prepay id is handed to nobody but the person whom it was made for', async () => {
  const order = await customer.order();
  const first = await customer.startPayment(order.number);
  await world.world.database.transaction(
    async (db) => void (await db.update(Payment, { number: first.number }, { openid: 'o'.repeat(28) })),
  );
  const second = await customer.startPayment(order.number);
  expect(second.number).not.toBe(first.number);
  expect(await stateOf(first.number)).toBe('closed');
});

describe('An attempt has an end', () => {
  it('when WeChat says that it is closed, whoever closed it there', async () => {
    const order = await customer.order();
    const first = await customer.startPayment(order.number);
    await world.world.desk.pay.close(first.number);
    await customer.post(`/app/payments/${first.number}/look`);
    expect(await stateOf(first.number)).toBe('closed');
    expect((await customer.startPayment(order.number)).number).not.toBe(first.number);
  });

  it('before its time is quite over: nobody is sent to pay in the last seconds', async () => {
    const order = await customer.order();
    const first = await customer.startPayment(order.number);
    await world.advance(2 * 3600_000 - 30_000);
    expect(await stateOf(first.number)).toBe('open');
    expect((await customer.startPayment(order.number)).number).not.toBe(first.number);
    expect(await stateOf(first.number)).toBe('closed');
  });
});

it('An order whose time is over is closed as soon as WeChat answers again', async () => {
  const order = await customer.order();
  await customer.startPayment(order.number);
  // What the chaser asks is answered; the order's own closing is not.
  await world.advance(2 * 3600_000 + 10_000);
  const late = await customer.startPayment(order.number, 'native');
  await world.world.database.transaction(
    async (db) => void (await db.update(Payment, { number: late.number }, { expiresAt: new Date(4e12) })),
  );
  await world.lever('/faults', { path: '^.*/close$', kind: 'error-before', times: 2 });
  await world.advance(22 * 3600_000);
  expect((await customer.seeOrder(order.number)).state).toBe('awaiting_payment');
  await world.advance(10_000);
  expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'cancelled', cancelReason: 'expired' });
});
