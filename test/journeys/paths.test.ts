import { jest } from '@jest/globals';
import type { OrderView, StartedPaymentView } from '../../src/contracts/index.ts';
import { disputesOf, messagesOf, noticesOf, paymentsOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';
import { startWorld, type TestWorld, type TestWorldOptions } from '../support/world.ts';
import { expectBooked } from './one-effect.ts';

jest.setTimeout(60_000);

const PREPAY = '/v3/pay/transactions/jsapi';
const SEND = '/cgi-bin/message/template/send';
const MINUTE_MS = 60_000;

let world: TestWorld;
let customer: Phone;
let order: OrderView;

/** A world of its own for every story; its customer follows the service account and has ordered. */
async function begin(options: TestWorldOptions = {}): Promise<void> {
  world = await startWorld(options);
  customer = await world.person();
  await world.lever(`/people/${customer.personId}/follow`, {});
  await until('the follower is known', async () => {
    await world.settle();
    return (await world.lever<{ state: string }[]>('/pushes')).every(({ state }) => state === 'delivered');
  });
  await world.settle();
  await customer.signInMiniProgram();
  order = await customer.order();
}

afterEach(() => world.stop());

const hold = () => world.lever('/notices/settings', { mode: 'held' });
const noticeAbout = ({ number }: StartedPaymentView) =>
  [...world.simulator.world.pay.notices.values()].find(({ outTradeNo }) => outTradeNo === number)!;
const send = async (started: StartedPaymentView, how: object = {}) =>
  (await world.lever<{ status: number }[]>(`/notices/${noticeAbout(started).id}/send`, how))[0]!.status;
const isPaid = ({ number } = order) => world.until(async () => (await customer.seeOrder(number)).state === 'paid');
const callsTo = (path: string) => world.simulator.world.calls.all(path);

describe('A token that ends in the middle of a message', () => {
  it.each([
    ['40001', 'token-invalid-once'],
    ['42001', 'token-expired-once'],
  ])('is replaced, and the message goes out once (%s)', async (_errcode, kind) => {
    await begin();
    const started = await customer.startPayment(order.number);
    await world.lever('/faults', { path: SEND, kind });
    await customer.pay(started);
    await isPaid();
    await world.settle();

    await expectBooked(world.world, { customer, order, started });
    expect(await messagesOf(world.world)).toMatchObject([{ state: 'accepted', channel: 'official-account' }]);
    expect(await world.lever(`/messages?person=${customer.personId}`)).toHaveLength(1);
    expect(callsTo(SEND)).toHaveLength(2);
  });

  it('is replaced when WeChat ends every token that it has given', async () => {
    await begin();
    const started = await customer.startPayment(order.number);
    await world.lever('/official-account/tokens/expire', {});
    await customer.pay(started);
    await isPaid();
    await world.settle();
    expect(await world.lever(`/messages?person=${customer.personId}`)).toHaveLength(1);
    expect(callsTo('/cgi-bin/stable_token').length).toBeGreaterThanOrEqual(2);
  });
});

describe('While the answer to the order call is on its way', () => {
  /** WeChat has the order; its answer comes later. */
  async function asking() {
    await world.lever('/faults', { path: PREPAY, kind: 'delay-after-effect', ms: 800 });
    const answer = customer.call('POST', `/app/orders/${order.number}/payments`, { way: 'mini-program' });
    await until('WeChat has the order', () => world.simulator.world.pay.orders.size > 0);
    const [started] = (await paymentsOf(world.world)) as unknown as [StartedPaymentView];
    return { answer, started };
  }

  it('a notice is believed, and the answer opens nothing any more', async () => {
    await begin();
    await hold();
    const { answer, started } = await asking();
    await world.lever(`/pay/orders/${started.number}/force-paid`, {});
    expect(await send(started)).toBe(204);
    expect((await customer.seeOrder(order.number)).state).toBe('paid');

    expect((await answer).body).toMatchObject({ data: { state: 'paid', payParameters: null } });
    await world.settle();
    await expectBooked(world.world, { customer, order, started });
    expect(await messagesOf(world.world)).toHaveLength(1);
  });

  it('a cancelled order gives nothing to pay with', async () => {
    await begin();
    await world.lever('/faults', { path: PREPAY, kind: 'delay', ms: 800 });
    const answer = customer.call('POST', `/app/orders/${order.number}/payments`, { way: 'mini-program' });
    await until('the attempt is saved', async () => (await paymentsOf(world.world)).length > 0);
    expect(await customer.post(`/app/orders/${order.number}/cancel`)).toMatchObject({ state: 'cancelled' });

    expect((await answer).body).toMatchObject({ data: { state: 'closed', payParameters: null } });
    expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'cancelled', canPay: false });
  });
});

describe('A notice that is sent once more', () => {
  it('changes nothing within five minutes, and is refused later, byte for byte the same as it is', async () => {
    await begin();
    await hold();
    const started = await customer.startPayment(order.number);
    await customer.pay(started);
    expect(await send(started)).toBe(204);
    expect(await send(started, { tamper: 'replay' })).toBe(204);
    await world.advance(301_000);
    expect(await send(started, { tamper: 'replay' })).toBe(401);
    // WeChat itself signs a repeat anew.
    expect(await send(started)).toBe(204);

    await expectBooked(world.world, { customer, order, started });
    expect(await noticesOf(world.world)).toHaveLength(1);
    expect(await messagesOf(world.world)).toHaveLength(1);
  });
});

/** Orders and pays once more; WeChat tells of it by itself. Returns the name of the key that signed its notice. */
async function buyAgain(): Promise<string> {
  const another = await customer.order();
  const started = await customer.startPayment(another.number);
  await customer.pay(started);
  await isPaid(another);
  await expectBooked(world.world, { customer, order: another, started });
  return noticeAbout(started).last!.headers['Wechatpay-Serial']!;
}

describe('The keys of WeChat Pay', () => {
  it('change from certificates to the public key while payments go on', async () => {
    await begin({ environment: { WECHAT_PAY_USE_CERTIFICATES: 'true' }, paySettings: { keyMode: 'certificate' } });
    const { platformCertificates, publicKey } = world.simulator.world.kit;
    const certificate = platformCertificates[0]!.serial;
    expect(await buyAgain()).toBe(certificate);

    await world.lever('/pay/settings', { keyMode: 'switching', callbackShare: 0 });
    expect(await buyAgain()).toBe(certificate);
    await world.lever('/pay/settings', { callbackShare: 50 });
    const halfway = [await buyAgain(), await buyAgain()];
    expect(halfway.toSorted()).toEqual([certificate, publicKey.id].toSorted());
    await world.lever('/pay/settings', { callbackShare: 100 });
    expect(await buyAgain()).toBe(publicKey.id);

    await world.lever('/pay/settings', { keyMode: 'public-key' });
    expect(await buyAgain()).toBe(publicKey.id);
  });

  it('change from one certificate to the next one', async () => {
    const noPublicKey = { WECHAT_PAY_PUBLIC_KEY_ID: '', WECHAT_PAY_PUBLIC_KEY: '' };
    await begin({
      environment: { WECHAT_PAY_USE_CERTIFICATES: 'true', ...noPublicKey },
      paySettings: { keyMode: 'certificate', certificateInUse: 'older' },
    });
    const [older, newer] = world.simulator.world.kit.platformCertificates;
    expect(await buyAgain()).toBe(older.serial);
    await world.lever('/pay/settings', { certificateInUse: 'mixed' });
    await buyAgain();
    await buyAgain();
    await world.lever('/pay/settings', { certificateInUse: 'newer' });
    expect(await buyAgain()).toBe(newer.serial);
  });
});

describe('A domain of WeChat Pay that is down', () => {
  const doors = () => callsTo('/v3/pay/').map(({ door }) => door);

  it('is left for the other one, and taken again when it is back', async () => {
    await begin({ hasOwnPayPort: true });
    await buyAgain();
    expect(new Set(doors())).toEqual(new Set(['primary']));

    await world.lever('/pay/settings', { primaryDown: true });
    const before = doors().length;
    await buyAgain();
    expect(new Set(doors().slice(before))).toEqual(new Set(['backup']));

    await world.lever('/pay/settings', { primaryDown: false });
    await world.advance(61_000);
    const since = doors().length;
    await buyAgain();
    expect(doors().slice(since)).toContain('primary');
    expect(doors().at(-1)).toBe('primary');
  });

  it('and the other one too, for two hours: everything settles when they are back', async () => {
    await begin({ hasOwnPayPort: true });
    await hold();
    const paid = await customer.startPayment(order.number);
    await customer.pay(paid);
    const [left, cancelled, later] = [await customer.order(), await customer.order(), await customer.order()];
    const abandoned = await customer.startPayment(left.number);
    await customer.startPayment(cancelled.number);

    await world.lever('/pay/settings', { primaryDown: true, backupDown: true });
    const refused = await customer.call('POST', `/app/orders/${later.number}/payments`, { way: 'mini-program' });
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'upstream.unavailable' } } });
    const notCancelled = await customer.call('POST', `/app/orders/${cancelled.number}/cancel`, {});
    expect(notCancelled).toMatchObject({ status: 503, body: { error: { code: 'upstream.unavailable' } } });
    for (let minutes = 0; minutes < 120; minutes += 10) await world.advance(10 * MINUTE_MS);
    expect((await customer.seeOrder(order.number)).state).toBe('awaiting_payment');

    await world.lever('/pay/settings', { primaryDown: false, backupDown: false });
    expect(await customer.post(`/app/orders/${cancelled.number}/cancel`)).toMatchObject({ state: 'cancelled' });
    for (let minutes = 0; minutes < 90; minutes += 10) await world.advance(10 * MINUTE_MS);
    await expectBooked(world.world, { customer, order, started: paid });
    expect(await messagesOf(world.world)).toHaveLength(1);
    const states = new Map((await paymentsOf(world.world)).map(({ number, state }) => [number, state]));
    expect(states.get(abandoned.number)).toBe('closed');
    expect([...states.values()].toSorted()).toEqual(['closed', 'closed', 'closed', 'paid']);

    const started = await customer.startPayment(later.number);
    await customer.pay(started);
    expect(await send(started)).toBe(204);
    await expectBooked(world.world, { customer, order: later, started });
    expect(await disputesOf(world.world)).toEqual([]);
  });
});
