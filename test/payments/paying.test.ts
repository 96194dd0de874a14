import type { OrderView, StartedPaymentView } from '../../src/contracts/index.ts';
import { bookedSum, disputesOf, ledgerOf, messagesOf, noticesOf, paymentsOf } from '../support/books.ts';
import { startWorld, type TestWorld } from '../support/world.ts';
import type { Phone } from '../support/phone.ts';

let world: TestWorld;
let customer: Phone;
let order: OrderView;

interface NoticeLever {
  id: string;
  outTradeNo: string;
  state: string;
  sends: { status: number }[];
}

/** Everything that WeChat has to say about one payment. */
const noticesAbout = async (number: string) =>
  (await world.lever<NoticeLever[]>('/notices')).filter((notice) => notice.outTradeNo === number);
const held = () => world.lever('/notices/settings', { mode: 'held' });
const deliver = async (number: string, how: object = {}) => {
  const [notice] = await noticesAbout(number);
  return world.lever<{ status: number }[]>(`/notices/${notice!.id}/send`, { times: 1, ...how });
};

beforeEach(async () => {
  world = await startWorld();
  customer = await world.person({ follows: true });
  await customer.signInMiniProgram();
  order = await customer.order();
}, 60_000);
afterEach(async () => {
  expect(await bookedSum(world.world)).toBe(0);
  await world.stop();
});

const isPaid = () => world.until(async () => (await customer.seeOrder(order.number)).state === 'paid');

/** What must be true once the customer's money was counted as the sale, however the news came. */
async function expectPaidOnce(started: StartedPaymentView): Promise<void> {
  const seen = await customer.seeOrder(order.number);
  expect(seen).toMatchObject({
    state: 'paid',
    paidFen: order.amountFen,
    dueFen: 0,
    canPay: false,
    canCancel: false,
    disputedFen: 0,
  });
  const [payment, ...others] = (await paymentsOf(world.world)).filter(({ state }) => state === 'paid');
  expect(others).toEqual([]);
  expect(payment).toMatchObject({ number: started.number, amountFen: started.amountFen });
  expect(await ledgerOf(world.world)).toEqual([
    {
      kind: 'payment',
      reference: payment!.transactionId,
      day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      lines: { wechat_pay: order.amountFen, advance_from_customers: -order.amountFen },
    },
  ]);
}

describe('A payment', () => {
  it('is counted when WeChat’s notice comes, and the customer is told', async () => {
    const started = await customer.startPayment(order.number);
    expect(started.payParameters).toMatchObject({ signType: 'RSA' });
    expect(await customer.pay(started)).toMatchObject({ errMsg: expect.stringContaining('ok') });
    await isPaid();
    await expectPaidOnce(started);
    expect((await messagesOf(world.world)).map(({ message }) => message)).toEqual(['order-paid']);
  });

  it('is not counted because the phone says so', async () => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    expect((await customer.seeOrder(order.number)).state).toBe('awaiting_payment');
  });

  it('is found by asking when the phone says that it paid', async () => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    expect(await customer.post(`/app/payments/${started.number}/look`)).toMatchObject({ state: 'paid' });
    await expectPaidOnce(started);
  });

  it('is found by the chaser when the notice is lost', async () => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    await world.advance(16_000);
    await expectPaidOnce(started);
  });

  it('is counted once, however often WeChat says so at one instant', async () => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    const answers = await deliver(started.number, { times: 8, parallel: true });
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(204));
    await world.settle();
    await expectPaidOnce(started);
    expect(await noticesOf(world.world)).toHaveLength(1);
    expect(await messagesOf(world.world)).toHaveLength(1);
  });

  it('is counted once when notice, chaser and the customer’s page bring the news together', async () => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    await Promise.all([
      deliver(started.number, { times: 3, parallel: true }),
      customer.post(`/app/payments/${started.number}/look`),
      customer.post(`/app/payments/${started.number}/look`),
      world.advance(16_000),
    ]);
    await world.settle();
    await expectPaidOnce(started);
  });

  it('is counted although the prepay answer never arrived', async () => {
    await world.lever('/faults', { path: '/v3/pay/transactions/jsapi', kind: 'error-after-effect', times: 2 });
    const lost = await customer.call('POST', `/app/orders/${order.number}/payments`, { way: 'mini-program' });
    expect(lost.status).toBe(503);
    expect(lost.body).toMatchObject({
      error: { code: 'upstream.unavailable', message: expect.stringMatching(/\p{Script=Han}/u) },
    });
    const again = await customer.startPayment(order.number);
    expect(await paymentsOf(world.world)).toHaveLength(1);
    await customer.pay(again);
    await isPaid();
    await expectPaidOnce(again);
  });

  it('is honoured when it was made on an attempt that we gave up, as long as the instalment is due', async () => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.post(`/app/orders/${order.number}/payments`, { way: 'native' });
    await world.lever(`/pay/orders/${started.number}/force-paid`, {});
    await deliver(started.number);
    await world.settle();
    await expectPaidOnce(started);
  });
});

describe('Attempts', () => {
  it('are reused while they live, and signed anew', async () => {
    const first = await customer.startPayment(order.number);
    const second = await customer.startPayment(order.number);
    expect(second.number).toBe(first.number);
    expect(second.payParameters!.package).toBe(first.payParameters!.package);
    expect(second.payParameters!.paySign).not.toBe(first.payParameters!.paySign);
  });

  it('get a new number when the way changes, and the old one is closed at WeChat', async () => {
    const first = await customer.startPayment(order.number);
    const second = await customer.startPayment(order.number, 'native');
    expect(second.number).not.toBe(first.number);
    expect(second).toMatchObject({
      payParameters: null,
      codeUrl: expect.stringMatching(/^weixin:/),
      qrSvg: expect.stringContaining('<svg'),
    });
    const atWechat = await world.lever<{ state: string }>(`/pay/orders/${first.number}`);
    expect(JSON.stringify(atWechat)).toContain('CLOSED');
  });

  it('can be links for a browser outside WeChat', async () => {
    const started = await customer.startPayment(order.number, 'h5');
    expect(started.h5Url).toMatch(/^http/);
    expect((await customer.startPayment(order.number, 'h5')).number).toBe(started.number);
  });

  it('are refused from the wrong place', async () => {
    const answer = await customer.call('POST', `/app/orders/${order.number}/payments`, { way: 'official-account' });
    expect(answer.body).toMatchObject({ error: { code: 'payment.wrong_place' } });
  });

  it('made by twenty taps at one instant are one', async () => {
    const started = await Promise.all(Array.from({ length: 20 }, () => customer.startPayment(order.number)));
    expect(new Set(started.map(({ number }) => number)).size).toBe(1);
    expect(await paymentsOf(world.world)).toHaveLength(1);
  });

  it('end when their time is over, and leave the order to be paid anew', async () => {
    const first = await customer.startPayment(order.number);
    await world.advance(2 * 3600_000 + 10_000);
    expect((await paymentsOf(world.world)).map(({ state }) => state)).toEqual(['closed']);
    const second = await customer.startPayment(order.number);
    expect(second.number).not.toBe(first.number);
  });
});

describe('An unpaid order', () => {
  it('is closed after its time, at WeChat first', async () => {
    const started = await customer.startPayment(order.number);
    await world.advance(24 * 3600_000 + 60_000);
    expect(await customer.seeOrder(order.number)).toMatchObject({
      state: 'cancelled',
      cancelReason: 'expired',
      canPay: false,
    });
    expect(JSON.stringify(await world.lever(`/pay/orders/${started.number}`))).toContain('CLOSED');
  });

  it('is never closed when WeChat says that it was paid', async () => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    // Neither chaser nor notice got through until the end.
    await world.lever('/faults', { path: '/v3/pay/transactions/out-trade-no', kind: 'error-before', times: 8 });
    await world.advance(24 * 3600_000 + 60_000);
    expect((await customer.seeOrder(order.number)).state).toBe('awaiting_payment');
    for (let tries = 0; tries < 4; tries += 1) await world.advance(3600_000);
    await expectPaidOnce(started);
  });

  it('is cancelled by the customer, at WeChat first, which is asked before how it stands', async () => {
    const { number } = await customer.startPayment(order.number);
    expect(await customer.post(`/app/orders/${order.number}/cancel`)).toMatchObject({
      state: 'cancelled',
      cancelReason: 'customer',
    });
    expect((await paymentsOf(world.world)).map(({ state }) => state)).toEqual(['closed']);
    const calls = await world.lever<{ method: string; path: string }[]>(`/calls?path=${number}`);
    expect(calls.map(({ method, path }) => `${method} ${path.split('?')[0]!.split('/').at(-1)}`)).toEqual([
      `GET ${number}`,
      'POST close',
    ]);
    const again = await customer.call('POST', `/app/orders/${order.number}/cancel`, {});
    expect(again.body).toMatchObject({ error: { code: 'order.not_cancellable' } });
  });

  it('stays when WeChat gives no answer to the closing', async () => {
    await customer.startPayment(order.number);
    await world.lever('/faults', { path: '^.*/close$', kind: 'error-before', times: 4 });
    const answer = await customer.call('POST', `/app/orders/${order.number}/cancel`, {});
    expect(answer.status).toBe(503);
    expect((await customer.seeOrder(order.number)).state).toBe('awaiting_payment');
  });

  it('cannot be cancelled when the money is there already', async () => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    const answer = await customer.call('POST', `/app/orders/${order.number}/cancel`, {});
    expect(answer.body).toMatchObject({ error: { code: 'payment.already_paid' } });
    await expectPaidOnce(started);
  });
});

describe('Money that is not the sale', () => {
  const disputed = async (reason: string, amountFen: number) => {
    await world.settle();
    const [money, ...more] = await disputesOf(world.world);
    expect(more).toEqual([]);
    expect(money).toMatchObject({ reason, amountFen, state: 'open' });
    const posting = (await ledgerOf(world.world)).find(({ kind }) => kind === 'disputed_payment');
    expect(posting).toMatchObject({
      reference: money!.transactionId,
      lines: { wechat_pay: amountFen, disputed_money: -amountFen },
    });
  };

  it('is kept as late when the order was cancelled', async () => {
    const started = await customer.startPayment(order.number);
    await customer.post(`/app/orders/${order.number}/cancel`);
    await world.lever(`/pay/orders/${started.number}/force-paid`, {});
    await world.settle();
    await deliver(started.number).catch(() => undefined);
    await disputed('late', order.amountFen);
    expect(await customer.seeOrder(order.number)).toMatchObject({
      state: 'cancelled',
      paidFen: 0,
      disputedFen: order.amountFen,
    });
  });

  it('is kept as double when two attempts were both paid', async () => {
    await held();
    const first = await customer.startPayment(order.number);
    const second = await customer.startPayment(order.number, 'native');
    await world.lever(`/pay/orders/${second.number}/force-paid`, {});
    await deliver(second.number);
    await world.lever(`/pay/orders/${first.number}/force-paid`, {});
    await deliver(first.number);
    await disputed('double', order.amountFen);
    expect(await customer.seeOrder(order.number)).toMatchObject({
      state: 'paid',
      paidFen: order.amountFen,
      disputedFen: order.amountFen,
    });
  });

  it.each([
    ['short', -1],
    ['over', 1],
  ])('is kept as %s when WeChat took another amount', async (reason, differenceFen) => {
    await held();
    const started = await customer.startPayment(order.number);
    await world.lever(`/pay/orders/${started.number}/force-paid`, { total: order.amountFen + differenceFen });
    await deliver(started.number);
    await disputed(reason, order.amountFen + differenceFen);
    expect((await customer.seeOrder(order.number)).state).toBe('awaiting_payment');

    // Its attempt has an end, so that nobody asks about it for ever, and the order can be paid with another.
    await world.advance(16_000);
    expect((await paymentsOf(world.world)).map(({ state }) => state)).toEqual(['closed']);
    const again = await customer.startPayment(order.number);
    await customer.pay(again);
    await deliver(again.number);
    expect((await customer.seeOrder(order.number)).state).toBe('paid');
  });

  it.each([
    ['amount', 202, null],
    ['appid', 204, 'foreign_app'],
    ['mchid', 204, 'foreign_merchant'],
    ['out-trade-no', 204, 'unknown'],
    ['currency', 204, 'currency'],
  ])('is never counted when a genuine notice has another %s', async (tamper, _status, reason) => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    await deliver(started.number, { tamper });
    await world.settle();
    expect((await customer.seeOrder(order.number)).state).toBe('awaiting_payment');
    const [money] = await disputesOf(world.world);
    expect(money?.reason).toBe(reason ?? money?.reason);
    expect(money).toBeDefined();
  });
});

describe('What is not proved to be WeChat’s, or cannot be read', () => {
  it.each([
    ['signature', 401],
    ['sign-test', 401],
    ['truncated', 401],
    ['body', 401],
    ['unsigned', 401],
    ['serial', 401],
    ['timestamp', 401],
    ['large', 413],
    // Genuine, and we cannot read it: WeChat is to send it again once we can.
    ['ciphertext', 500],
    ['api-v3-key', 500],
    ['algorithm', 500],
    ['not-json', 500],
    ['truncated-signed', 500],
  ])('is refused: %s, with %i', async (tamper, status) => {
    await held();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    await world.settle();
    const before = (await world.lever<{ path: string }[]>('/calls')).length;
    const linesBefore = world.logged.length;
    const [answer] = await deliver(started.number, { tamper });
    expect(answer!.status).toBe(status);
    expect((await customer.seeOrder(order.number)).state).toBe('awaiting_payment');
    expect(await noticesOf(world.world)).toEqual([]);
    expect(await disputesOf(world.world)).toEqual([]);
    expect((await world.lever<{ path: string }[]>('/calls')).length).toBe(before);
    const lines = world.logged.slice(linesBefore).filter((line) => !line.includes('"msg":"request"'));
    expect(lines).toHaveLength(1);
  });
});
