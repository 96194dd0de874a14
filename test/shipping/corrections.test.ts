import type { TaskView } from '../../src/contracts/index.ts';
import { ASK, HOUR_MS, MINUTE_MS, ShippingWorld, UPLOAD } from './shipping-world.ts';

let world: ShippingWorld;
beforeEach(async () => {
  world = await ShippingWorld.start();
}, 60_000);
afterEach(() => world.stop());

describe('A correction', () => {
  it('is made once, with a reason; a second one is refused before WeChat is asked', async () => {
    const order = await world.shipped();
    const wanted = { item: '材料清单与申请表', kind: 'pick_up', reason: '写错了内容' };
    expect(await world.correct(order.number, wanted)).toBe(200);
    expect(await world.see(order.number)).toMatchObject({
      state: 'uploaded',
      correction: { ...wanted, doneAt: null },
    });
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({
      state: 'corrected',
      item: wanted.item,
      kind: 'pick_up',
      correction: { reason: '写错了内容', doneAt: expect.any(String) as string },
    });
    expect(await world.atWechat(order.number)).toMatchObject({
      logisticsType: 4,
      timesFinished: 2,
      items: [{ item_desc: wanted.item }],
    });

    const calls = [await world.calls(UPLOAD), await world.calls(ASK)];
    expect(await world.correct(order.number, { item: '再改一次', reason: '又错了' })).toBe('shipment.correction_used');
    await world.test.settle();
    expect([await world.calls(UPLOAD), await world.calls(ASK)]).toEqual(calls);
  });

  it('is one, though twenty ask for it at one moment', async () => {
    const order = await world.shipped();
    const wanted = Array.from({ length: 20 }, (_none, at) => ({ item: `更正 ${at}`, reason: '写错了' }));
    const codes = await Promise.all(wanted.map((one) => world.correct(order.number, one)));
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    expect(codes.filter((code) => code === 'shipment.correction_used')).toHaveLength(19);
    await world.test.settle();
    expect(await world.calls(UPLOAD)).toBe(2);
  });

  it.each([
    ['lost after it was taken', 'reset-after-effect'],
    ['lost before', 'reset-before'],
  ])('whose answer is %s is found done, or made once', async (_what, kind) => {
    const order = await world.shipped();
    await world.settings({ pushes: 'held' });
    await world.test.lever('/faults', { path: UPLOAD, kind, times: 1 });
    expect(await world.correct(order.number)).toBe(200);
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
    await world.test.advance(3 * MINUTE_MS);
    await world.test.advance(3 * MINUTE_MS);
    expect(await world.see(order.number)).toMatchObject({ state: 'corrected', failure: null });
    expect(await world.atWechat(order.number)).toMatchObject({ timesFinished: 2 });
  });

  it('whose one chance was used in the console is not sent, and staff are told', async () => {
    const order = await world.shipped();
    const { transactionId, openid } = await world.paymentOf(order.number);
    await world.desk.miniProgram.uploadShipping({
      transactionId: transactionId!,
      openid: openid!,
      kind: 'virtual',
      item: '控制台更正',
      at: new Date(world.test.clock.now().getTime() + 1000),
    });
    const calls = await world.calls(UPLOAD);
    expect(await world.correct(order.number)).toBe(200);
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({ state: 'corrected', failure: 'correction_used' });
    expect(await world.calls(UPLOAD)).toBe(calls);
    expect(await world.correct(order.number)).toBe('shipment.correction_used');
    const tasks = await world.staff.pages<TaskView>('/staff/tasks?kind=attention');
    expect(tasks).toMatchObject([{ title: `发货信息更正未成功：订单 ${order.number}`, orderNumber: order.number }]);
  });

  it('that WeChat does not take for another reason may be asked for again', async () => {
    const order = await world.shipped();
    const tasks = () => world.staff.pages<TaskView>('/staff/tasks?kind=attention');
    await world.test.lever('/faults', { path: UPLOAD, kind: 'code', code: 10060009, times: 2 });
    const told: string[] = [];
    for (let times = 0; times < 2; times += 1) {
      expect(await world.correct(order.number)).toBe(200);
      expect(await tasks()).toEqual([]);
      await world.test.settle();
      expect(await world.see(order.number)).toMatchObject({
        state: 'uploaded',
        failure: 'shipping_wrong',
        correction: null,
      });
      told.push(...(await tasks()).map(({ id }) => id));
    }
    // Of each that was not taken one task; asking again is what it wanted.
    expect(new Set(told).size).toBe(2);
    expect(told).toHaveLength(2);
    expect(await world.correct(order.number)).toBe(200);
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({ state: 'corrected', failure: null });
    expect(await tasks()).toEqual([]);
  });

  it('comes too late once the customer has received it, too early before it is uploaded, and changes something', async () => {
    const waiting = await world.paid();
    expect(await world.correct(waiting.number)).toBe('shipment.not_uploaded');
    const order = await world.shipped();
    const { item, kind } = await world.see(order.number);
    expect(await world.correct(order.number, { item, reason: '没有变' })).toBe('shipment.nothing_changed');
    expect(await world.correct(order.number, { item, kind, reason: '没有变' })).toBe('shipment.nothing_changed');
    await world.lever(order.number, 'receive');
    expect(await world.correct(order.number)).toBe('shipment.received_already');
    expect(await world.calls(UPLOAD)).toBe(1);
  });

  it('that meets a receipt of which we had not heard is off, and the receipt is known', async () => {
    await world.settings({ settlement: 'held' });
    const order = await world.shipped();
    await world.lever(order.number, 'receive');
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
    expect(await world.correct(order.number)).toBe(200);
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({ state: 'confirmed', correction: null });
    expect(await world.calls(UPLOAD)).toBe(1);
  });

  it('is in the trail, with what was before and the reason', async () => {
    const order = await world.shipped();
    await world.correct(order.number);
    const { id, item } = await world.see(order.number);
    const auditor = await world.reader();
    const trail = await auditor.pages('/staff/audit?subjectKind=shipment&limit=10');
    expect(trail).toMatchObject([
      { deed: 'shipment-corrected', subject: { id }, before: { item }, after: { reason: '写错了内容' } },
    ]);
  });
});

it('goes to confirmed and settled from corrected too', async () => {
  const order = await world.shipped();
  await world.correct(order.number);
  await world.test.settle();
  await world.pushesArrive();
  await world.moveOn(48 * HOUR_MS - MINUTE_MS);
  await world.moveOn(2 * MINUTE_MS);
  expect(await world.see(order.number)).toMatchObject({ state: 'settled', correction: { reason: '写错了内容' } });
});
