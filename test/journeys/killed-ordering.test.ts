import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { IdempotencyRecord } from '../../entities/idempotency-record.ts';
import { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { OrderView, PlaceOrderBody } from '../../src/contracts/index.ts';
import { KillableWorld, QUIET } from '../support/killable-world.ts';
import { type Answer, type Phone, SIMPLE_SERVICE } from '../support/phone.ts';
import { until } from '../support/until.ts';
import { expectOneEffect } from './one-effect.ts';

jest.setTimeout(60_000);

const PAYMENTS = /^POST \/app\/orders\/\w+\/payments /;
const PREPAY = '/v3/pay/transactions/jsapi';

/** Path (d): signing in, ordering and asking for payment, and the server is killed at each step. */
let world: KillableWorld;
let customer: Phone;

/** What the phone got: an answer, or null when the connection broke. */
const got = (asked: Promise<Answer>): Promise<Answer | null> => asked.catch(() => null);

beforeAll(async () => {
  world = await KillableWorld.start();
});
afterAll(() => world.stop());
afterEach(() => world.simulator.world.faults.clear());

describe('Signing in makes one customer, when the server is killed', () => {
  const identities = () =>
    world.database.reader.findBy(WechatIdentity, {
      openid: world.simulator.world.people.get(customer.personId).openids[world.simulator.world.kit.miniProgram.appid]!,
    });
  const signIn = (code: string) => got(customer.call('POST', '/app/sessions/mini-program', { code }));
  const login = async () =>
    (await world.lever<{ code: string }>(`/people/${customer.personId}/mini-program/login`, {})).code;

  /** WeChat takes a code once; the app logs in anew, as it does after every lost connection. */
  async function expectSignedIn(code: string): Promise<void> {
    await world.runAgain();
    expect((await signIn(code))!.body).toMatchObject({ error: { code: 'session.code_refused' } });
    await customer.signInMiniProgram();
    expect(await identities()).toHaveLength(1);
    expect((await customer.orders()).data).toEqual([]);
  }

  beforeEach(async () => {
    await world.serve();
    customer = await world.person();
  });

  it('while WeChat is asked about the code', async () => {
    const { faults } = world.simulator.world;
    faults.add({ path: '/sns/jscode2session', kind: 'delay-after-effect', ms: 2000 });
    const code = await login();
    const signingIn = signIn(code);
    await until('WeChat is asked', () => faults.all()[0]!.hits === 1);
    await world.kill();

    expect(await signingIn).toBeNull();
    expect(await identities()).toEqual([]);
    await expectSignedIn(code);
  });

  it('inside the transaction that makes the customer', async () => {
    await world.serve(QUIET);
    const code = await login();
    world.holdCommits();
    const signingIn = signIn(code);
    await world.untilItStandsIn('customer_sessions', { answerTo: /^GET \/sns\/jscode2session/ });
    await world.kill();

    expect(await signingIn).toBeNull();
    expect(await identities()).toEqual([]);
    await expectSignedIn(code);
  });

  it('after the commit, with the session lost on its way', async () => {
    const code = await login();
    world.killAtAnswerTo = /^POST \/app\/sessions/;
    expect(await signIn(code)).toBeNull();
    await world.kill();

    expect(await identities()).toHaveLength(1);
    await expectSignedIn(code);
  });
});

describe('An order is placed once, when the server is killed', () => {
  let body: PlaceOrderBody;
  let key: string;
  const place = () => got(customer.call<{ data: OrderView }>('POST', '/app/orders', body, { 'idempotency-key': key }));
  const orders = async () => (await customer.orders()).data.map(({ number }) => number);

  beforeEach(async () => {
    await world.serve();
    customer = await world.person();
    await customer.signInMiniProgram();
    body = await customer.orderBody(SIMPLE_SERVICE);
    key = randomUUID();
  });

  it('inside its transaction', async () => {
    await world.serve(QUIET);
    world.holdCommits();
    const placing = place();
    await world.untilItStandsIn('orders', { request: /^POST \/app\/orders / });
    await world.kill();

    expect(await placing).toBeNull();
    await world.runAgain();
    expect(await orders()).toEqual([]);
    const placed = await place();
    expect(placed!.status).toBe(201);
    expect(await orders()).toHaveLength(1);
  });

  it('after it was written, with the answer lost: the repeat gets the first answer', async () => {
    world.killAtAnswerTo = /^POST \/app\/orders/;
    expect(await place()).toBeNull();
    await world.kill();

    const { status, body: first } = await world.database.reader.findOneByOrFail(IdempotencyRecord, { requestKey: key });
    const { number } = (first as { data: OrderView }).data;
    await world.runAgain();
    expect(await orders()).toEqual([number]);
    expect(await customer.seeOrder(number)).toMatchObject({ state: 'awaiting_payment', canPay: true });
    for (let repeats = 0; repeats < 2; repeats += 1) {
      const repeated = await place();
      expect(repeated).toMatchObject({ status, body: first as object });
    }
    expect(await orders()).toEqual([number]);
    expect(await world.database.reader.countBy(Order, { number })).toBe(1);
  });
});

describe('A payment is started once, when the server is killed', () => {
  let order: OrderView;
  const start = () => got(customer.call('POST', `/app/orders/${order.number}/payments`, { way: 'mini-program' }));

  const attempts = async (): Promise<Payment[]> => {
    const { id } = await world.database.reader.findOneByOrFail(Order, { number: order.number });
    return world.database.reader.findBy(Payment, { orderId: id });
  };
  /** What WeChat knows of the attempt. */
  const atWechat = async () => {
    const [{ number }] = (await attempts()) as [Payment];
    return [...world.simulator.world.pay.orders.values()].find(({ outTradeNo }) => outTradeNo === number) ?? null;
  };
  /** WeChat makes the order at once and answers later. */
  const wechatAnswersAfter = (ms: number) => world.lever('/faults', { path: PREPAY, kind: 'delay-after-effect', ms });

  /** Started again, it is the same attempt; paid, it has one effect. */
  async function expectPayable(lost: Payment): Promise<void> {
    await world.runAgain();
    expect(await customer.seeOrder(order.number)).toMatchObject({
      state: 'awaiting_payment',
      canPay: true,
      payment: { number: lost.number },
    });
    const started = await customer.startPayment(order.number);
    expect(started.number).toBe(lost.number);
    if (lost.prepayId) expect(started.payParameters!.package).toBe(`prepay_id=${lost.prepayId}`);
    expect(await customer.pay(started)).toMatchObject({ errMsg: 'ok' });
    await until('the order is paid', async () => (await customer.seeOrder(order.number)).state === 'paid');
    await expectOneEffect(world, { customer, order, started });
  }

  beforeEach(async () => {
    await world.serve();
    customer = await world.follower();
    order = await customer.order();
  });

  it('inside the transaction that writes the attempt', async () => {
    await world.serve(QUIET);
    world.holdCommits();
    const starting = start();
    await world.untilItStandsIn('payments', { request: PAYMENTS });
    await world.kill();

    expect(await starting).toBeNull();
    expect(await attempts()).toEqual([]);
    await world.runAgain();
    expect(await customer.seeOrder(order.number)).toMatchObject({ canPay: true, payment: null });
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    await until('the order is paid', async () => (await customer.seeOrder(order.number)).state === 'paid');
    await expectOneEffect(world, { customer, order, started });
  });

  it('with the attempt saved, before WeChat has heard of it', async () => {
    world.deafTo = /^POST \/v3\/pay\/transactions\/jsapi/;
    const starting = start();
    await until('WeChat is called', () => world.unheard.length > 0);
    await world.kill();

    expect(await starting).toBeNull();
    const [attempt, ...others] = await attempts();
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({ state: 'created', prepayId: null });
    expect(await atWechat()).toBeNull();
    await expectPayable(attempt!);
  });

  it('with the order made at WeChat, before its answer', async () => {
    await wechatAnswersAfter(3000);
    const starting = start();
    await until('WeChat has the order', async () => (await attempts()).length > 0 && (await atWechat()) !== null);
    await world.kill();

    expect(await starting).toBeNull();
    const [attempt] = await attempts();
    expect(attempt).toMatchObject({ state: 'created', prepayId: null });
    await expectPayable(attempt!);
  });

  it('inside the transaction that writes WeChat’s answer', async () => {
    await world.serve(QUIET);
    await wechatAnswersAfter(500);
    const starting = start();
    await until('WeChat has the order', async () => (await attempts()).length > 0 && (await atWechat()) !== null);
    world.holdCommits();
    await world.untilItStandsIn('payments', { answerTo: /^POST \/v3\/pay\/transactions\/jsapi/ });
    await world.kill();

    expect(await starting).toBeNull();
    const [attempt] = await attempts();
    expect(attempt).toMatchObject({ state: 'created', prepayId: null });
    await expectPayable(attempt!);
  });

  it('after the parameters were signed, with the answer lost', async () => {
    world.killAtAnswerTo = PAYMENTS;
    expect(await start()).toBeNull();
    await world.kill();

    const [attempt] = await attempts();
    expect(attempt).toMatchObject({ state: 'open', prepayId: expect.stringMatching(/^wx/) });
    await expectPayable(attempt!);
  });

  it('after the parameters were signed, and the customer pays before it is back', async () => {
    const started = await customer.startPayment(order.number);
    await world.kill();
    expect(await customer.pay(started)).toMatchObject({ errMsg: 'ok' });
    await world.lever('/notices/settings', { schedule: [1, 1, 1, 1, 1, 1, 1, 1] });

    await world.runAgain();
    await until('the order is paid', async () => (await customer.seeOrder(order.number)).state === 'paid');
    await expectOneEffect(world, { customer, order, started });
  });
});
