import { Job } from '../../entities/job.ts';
import { ServiceVersion } from '../../entities/service-version.ts';
import { Shipment } from '../../entities/shipment.ts';
import type { ServiceView, ShipmentView } from '../../src/contracts/index.ts';
import { enqueue } from '../../src/platform/jobs/index.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import { lookAtShipments } from '../../src/shipping/index.ts';
import { Order } from '../../entities/order.ts';
import { until } from '../support/until.ts';
import { ASK, HOUR_MS, MINUTE_MS, ShippingWorld, UPLOAD } from './shipping-world.ts';

let world: ShippingWorld;
beforeEach(async () => {
  world = await ShippingWorld.start();
}, 60_000);
afterEach(() => world.stop());

describe('A payment in the mini-program', () => {
  it('waits for its milestone, is then told to WeChat once, and its settlement is recorded', async () => {
    const order = await world.paid();
    expect(await world.see(order.number)).toMatchObject({
      state: 'waiting',
      stateWords: '待交付',
      amountFen: order.amountFen,
      kind: 'virtual',
      item: `${order.serviceName}（${order.packageName}）`,
      isLate: false,
    });
    expect(await world.calls(UPLOAD)).toBe(0);

    await world.reach(order.number);
    expect(await world.calls(UPLOAD)).toBe(1);
    expect(await world.atWechat(order.number)).toMatchObject({
      state: 2,
      logisticsType: 3,
      timesFinished: 1,
      items: [{ item_desc: `${order.serviceName}（${order.packageName}）` }],
    });
    await world.pushesArrive();
    const uploaded = await world.see(order.number);
    expect(uploaded).toMatchObject({ state: 'uploaded', settledAt: null, confirmedAt: null });
    expect(Date.parse(uploaded.estimatedSettlementAt!) - Date.parse(uploaded.uploadedAt!)).toBeGreaterThan(
      47 * HOUR_MS,
    );

    await world.lever(order.number, 'receive');
    expect(await world.see(order.number)).toMatchObject({ state: 'settled', stateWords: '已结算' });
    expect((await world.see(order.number)).confirmedAt).not.toBeNull();
    await world.reach(order.number, 'submitted');
    expect(await world.calls(UPLOAD)).toBe(1);
  });

  it('settles by itself after two days, as WeChat does it', async () => {
    const order = await world.shipped();
    await world.moveOn(48 * HOUR_MS - MINUTE_MS);
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
    await world.moveOn(2 * MINUTE_MS);
    expect(await world.see(order.number)).toMatchObject({ state: 'settled' });
  });

  it('of which only the receipt is known, is confirmed', async () => {
    await world.settings({ settlement: 'held' });
    const order = await world.shipped();
    await world.pushesArrive();
    await world.lever(order.number, 'receive');
    await world.moveOn(4 * 24 * HOUR_MS);
    await lookAtShipments(world.desk);
    expect(await world.see(order.number)).toMatchObject({ state: 'confirmed' });
    await world.lever(order.number, 'settle');
    expect(await world.see(order.number)).toMatchObject({ state: 'settled' });
  });

  it('that comes after the milestone is due at once; each payment of an order is told by itself', async () => {
    const service = await world.customer.get<ServiceView>('/app/services/call-centre-licence');
    const [sold] = service.packages.flatMap(({ code, plans }) =>
      plans.filter(({ instalments }) => instalments.length > 1).map((plan) => ({ code, plan })),
    );
    const choice = { packageCode: sold!.code, planCode: sold!.plan.code };
    const order = await world.customer.order('call-centre-licence', choice);
    await world.pay(order.number);
    await world.reach(order.number, sold!.plan.instalments[1]!.milestone);
    await world.pay(order.number);
    expect(await world.shipmentsOf(order.number)).toMatchObject([{ state: 'uploaded' }, { state: 'uploaded' }]);
    expect(await world.calls(UPLOAD)).toBe(2);
  });

  it('of a service that was sold before deliveries were part of its definition, is delivered when work starts', async () => {
    const order = await world.customer.order();
    const { definition } = await world.desk.db.findOneByOrFail(ServiceVersion, { code: order.serviceCode });
    const { delivery: _, ...earlier } = definition as { delivery: unknown };
    await world.desk.transaction((work) =>
      work.db.update(ServiceVersion, { code: order.serviceCode }, { definition: earlier }),
    );
    await world.pay(order.number);
    await world.reach(order.number);
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded', kind: 'virtual' });
  });

  it('is due in the transaction of its milestone, or not at all', async () => {
    const order = await world.paid();
    const { id } = await world.desk.db.findOneByOrFail(Order, { number: order.number });
    const deed = world.desk.transaction(async (work) => {
      await reachMilestone(work, id, 'work_started');
      throw new Error('the power fails');
    });
    await expect(deed).rejects.toThrow('the power fails');
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({ state: 'waiting' });
    expect(await world.calls(UPLOAD)).toBe(0);
  });

  it('is not told when its money is all back before; part of it changes nothing', async () => {
    const [whole, part] = [await world.paid(), await world.paid()];
    await world.giveBack(whole.number, whole.amountFen);
    await world.giveBack(part.number, 100);
    expect(await world.see(whole.number)).toMatchObject({ state: 'not_required', failure: 'refunded' });
    await world.reach(part.number);
    expect(await world.see(part.number)).toMatchObject({ state: 'uploaded' });
    expect(await world.calls(UPLOAD)).toBe(1);

    // In the portal, where we hear nothing of it: WeChat says so when it is asked.
    const byHand = await world.paid();
    const { number } = await world.paymentOf(byHand.number);
    await world.test.lever(`/pay/orders/${number}/refund-by-hand`, { amount: byHand.amountFen });
    await world.moveOn(10_000);
    await world.reach(byHand.number);
    expect(await world.see(byHand.number)).toMatchObject({ state: 'not_required', failure: 'refunded' });
    expect(await world.calls(UPLOAD)).toBe(1);
  });
});

describe('What was paid in another way', () => {
  it('needs no upload, and staff cannot make one', async () => {
    const order = await world.customer.order();
    const started = await world.customer.startPayment(order.number, 'native');
    await world.test.lever(`/people/${world.customer.personId}/scan`, { codeUrl: started.codeUrl });
    await world.customer.post(`/app/payments/${started.number}/look`);
    await world.test.settle();
    await world.reach(order.number);
    expect(await world.see(order.number)).toMatchObject({
      state: 'not_required',
      failure: 'other_way',
      failureWords: '不是在小程序支付的',
    });
    expect(await world.uploadNow(order.number)).toBe('shipment.not_at_wechat');
    await world.test.settle();
    expect(await world.calls(ASK)).toBe(0);
  });
});

describe('The upload is one upload', () => {
  it.each([
    ['WeChat’s answer is lost', 'reset-after-effect'],
    ['WeChat is not reached', 'reset-before'],
    ['WeChat is busy', 'busy'],
    ['WeChat answers nonsense', 'truncated-body'],
  ])('though %s', async (_what, kind) => {
    const order = await world.paid();
    // WeChat's events would tell us.
    await world.settings({ pushes: 'held' });
    await world.test.lever('/faults', { path: UPLOAD, kind, times: 1 });
    await world.reach(order.number);
    expect(await world.see(order.number)).toMatchObject({ state: 'due' });
    await world.test.advance(3 * MINUTE_MS);
    await world.test.advance(3 * MINUTE_MS);
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded', failure: null });
    expect(await world.atWechat(order.number)).toMatchObject({ state: 2, timesFinished: 1 });
  });

  it('though we fall over between its answer and our writing it down: asked first, nothing is told twice', async () => {
    await world.settings({ pushes: 'held' });
    const order = await world.shipped();
    // As the database was left: the attempt was begun, and WeChat took it.
    const id = (await world.see(order.number)).id;
    const claimedUntil = new Date(world.test.clock.now().getTime() + MINUTE_MS);
    await world.forget(order.number, { state: 'due', uploadedAt: null, claimedUntil });
    await world.desk.transaction((work) => enqueue(work, 'shipping.upload', { shipmentId: id }));
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({ state: 'due' });
    await world.test.advance(2 * MINUTE_MS);
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
    expect(await world.calls(UPLOAD)).toBe(1);
    expect(await world.atWechat(order.number)).toMatchObject({ timesFinished: 1 });
    expect(await world.correct(order.number)).toBe(200);
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({ state: 'corrected' });
  });

  it('though WeChat takes it only after we gave up waiting: nobody asks, and tells it anew, meanwhile', async () => {
    await world.stop();
    world = await ShippingWorld.start({ environment: { WECHAT_API_TIMEOUT_MS: '400' } });
    const order = await world.paid();
    await world.settings({ pushes: 'held' });
    await world.test.lever('/faults', { path: UPLOAD, kind: 'delay', ms: 1200, times: 1 });
    await world.reach(order.number);
    await world.test.advance(20_000);
    expect(await world.atWechat(order.number)).toMatchObject({ state: 1 });
    expect(await world.calls(ASK)).toBe(1);
    await until('WeChat has taken it', async () => (await world.atWechat(order.number)).state === 2);
    await world.test.advance(2 * MINUTE_MS);
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
    expect(await world.calls(UPLOAD)).toBe(1);
  });

  it('though staff press the button twenty times at once', async () => {
    const order = await world.paid();
    await world.test.lever('/faults', { path: ASK, kind: 'delay', ms: 50, times: 5 });
    const codes = await Promise.all(Array.from({ length: 20 }, () => world.uploadNow(order.number)));
    expect(new Set(codes)).toEqual(new Set([200]));
    await world.test.settle();
    await world.test.advance(3 * MINUTE_MS);
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
    expect(await world.calls(UPLOAD)).toBe(1);
    expect(await world.atWechat(order.number)).toMatchObject({ timesFinished: 1 });
  });

  it('when somebody did it in the console, which leaves them their correction', async () => {
    const order = await world.paid();
    const payment = await world.paymentOf(order.number);
    await world.desk.miniProgram.uploadShipping({
      transactionId: payment.transactionId!,
      openid: payment.openid!,
      kind: 'virtual',
      item: '控制台录入',
      at: world.test.clock.now(),
    });
    await world.reach(order.number);
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
    expect(await world.calls(UPLOAD)).toBe(1);
  });

  it('also when its job was lost: the hourly look goes on with it', async () => {
    const order = await world.paid();
    const { id } = await world.desk.db.findOneByOrFail(Order, { number: order.number });
    await world.desk.transaction((work) => reachMilestone(work, id, 'work_started'));
    await world.desk.transaction((work) => work.db.deleteAll(Job));
    await world.forget(order.number, { state: 'due', deliveredAt: world.test.clock.now() });
    await world.moveOn(2 * HOUR_MS);
    await lookAtShipments(world.desk);
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
  });
});

describe('What WeChat does not take', () => {
  it('is tried again while the payment may be too fresh, and is for staff when it is not', async () => {
    await world.settings({ shippingLagMs: 3 * MINUTE_MS });
    const order = await world.shipped();
    expect(await world.see(order.number)).toMatchObject({ state: 'due', failure: 'order_unknown' });
    await world.moveOn(6 * MINUTE_MS);
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded', failure: null });

    await world.settings({ shippingLagMs: 99 * HOUR_MS });
    const lost = await world.paid();
    await world.moveOn(25 * HOUR_MS);
    await world.reach(lost.number);
    expect(await world.see(lost.number)).toMatchObject({ state: 'failed', failure: 'order_unknown', isLate: true });
    await world.settings({ shippingLagMs: 0 });
    expect(await world.uploadNow(lost.number)).toBe(200);
    await world.test.settle();
    expect(await world.see(lost.number)).toMatchObject({ state: 'uploaded' });
  });

  it.each([
    [10060031, 'payer_foreign'],
    [10060009, 'shipping_wrong'],
    [268485216, 'shipping_wrong'],
  ])('by %i stands there as failed, and is not sent again', async (code, failure) => {
    const order = await world.paid();
    await world.test.lever('/faults', { path: UPLOAD, kind: 'code', code, times: 1 });
    await world.reach(order.number);
    expect(await world.see(order.number)).toMatchObject({ state: 'failed', failure });
    await world.moveOn(2 * HOUR_MS);
    await lookAtShipments(world.desk);
    await world.test.settle();
    expect(await world.calls(UPLOAD)).toBe(1);
  });

  it('because the account may not, waits for a person, and goes on by itself when that is mended', async () => {
    const order = await world.paid();
    await world.settings({ standing: 'unauthorised' });
    await world.reach(order.number);
    expect(await world.see(order.number)).toMatchObject({ state: 'due', failure: 'not_authorised' });
    await world.settings({ standing: 'normal' });
    await world.moveOn(20 * MINUTE_MS);
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded', failure: null });
  });
});

it('is listed by state and order, page by page, and as a table', async () => {
  const numbers: string[] = [];
  for (let at = 0; at < 5; at += 1) numbers.push((await world.paid()).number);
  await world.reach(numbers[0]!);
  const { staff } = world;
  expect(await staff.pages<ShipmentView>('/staff/shipments?limit=2')).toHaveLength(5);
  expect(await staff.pages<ShipmentView>('/staff/shipments?state=uploaded')).toMatchObject([
    { orderNumber: numbers[0] },
  ]);
  const csv = await staff.call<string>('GET', '/staff/shipments/export?format=csv&state=waiting');
  expect(csv.body.trim().split('\n')).toHaveLength(5);
  expect(csv.body).toContain(numbers[4]);
  expect((await staff.call('GET', '/staff/shipments/export')).headers.get('content-type')).toContain('spreadsheet');
  expect(await world.desk.db.count(Shipment)).toBe(5);
});

it('tells what is wrong with a request', async () => {
  const { staff } = world;
  const order = await world.shipped();
  const { id } = await world.see(order.number);
  const nobody = '/staff/shipments/019ab000-0000-7000-8000-000000000000';
  expect(await staff.codeOf('GET', '/staff/shipments?state=lost')).toBe('request.invalid');
  expect(await staff.codeOf('GET', '/staff/shipments?late=maybe')).toBe('request.invalid');
  expect(await staff.codeOf('GET', '/staff/shipments?orderNumber=TB1')).toBe('request.invalid');
  expect(await staff.codeOf('GET', '/staff/shipments?orderNumber=TB26112299999999')).toBe('order.not_found');
  expect(await staff.codeOf('GET', '/staff/shipments/export?orderNumber=TB26112299999999')).toBe('order.not_found');
  expect(await staff.codeOf('GET', nobody)).toBe('shipment.not_found');
  expect(await staff.codeOf('POST', `${nobody}/upload`)).toBe('shipment.not_found');
  expect(await staff.codeOf('POST', `/staff/shipments/${id}/upload`)).toBe('shipment.illegal_move');
  for (const body of [
    {},
    { item: '', reason: '错' },
    { item: '材料' },
    { item: '材'.repeat(121), reason: '错' },
    { item: '材料', reason: '错', kind: 'courier' },
    { item: '材料', reason: '错', more: 1 },
    { item: '材料\u0000', reason: '错' },
  ])
    expect(await world.correct(order.number, body)).toBe('request.invalid');
  const reader = await world.reader();
  expect(await reader.codeOf('GET', `/staff/shipments/${id}`)).toBe(200);
  expect(await reader.codeOf('POST', `/staff/shipments/${id}/upload`)).toBe('staff.not_allowed');
  expect(await reader.codeOf('POST', `/staff/shipments/${id}/correction`, { item: '材料', reason: '错' })).toBe(
    'staff.not_allowed',
  );
  expect((await world.customer.call('GET', `/staff/shipments/${id}`)).status).toBe(401);
});
