import type { ShipmentView, ShippingAccountView, TaskView } from '../../src/contracts/index.ts';
import { askAccount, lookAtShipments } from '../../src/shipping/index.ts';
import { ASK, HOUR_MS, MINUTE_MS, ShippingWorld, UPLOAD } from './shipping-world.ts';

const MANAGED = '/wxa/sec/order/is_trade_managed';

let world: ShippingWorld;
beforeEach(async () => {
  world = await ShippingWorld.start();
}, 60_000);
afterEach(() => world.stop());

const account = () => world.staff.data<ShippingAccountView>('GET', '/staff/shipping-account');
const tasks = () => world.staff.pages<TaskView>('/staff/tasks?kind=attention');
const late = () => world.staff.pages<ShipmentView>('/staff/shipments?late=true');
const look = () => lookAtShipments(world.desk);

describe('Whether the account is managed', () => {
  it('is asked once a day, not for every delivery', async () => {
    expect(await account()).toMatchObject({ managed: 'unknown', askedAt: null });
    await world.shipped();
    await world.shipped();
    expect(await world.calls(MANAGED)).toBe(1);
    expect(await account()).toMatchObject({ managed: 'yes', managedWords: '是', confirmed: 'yes', failure: null });
    await world.moveOn(27 * HOUR_MS);
    await world.shipped();
    expect(await world.calls(MANAGED)).toBe(2);
  });

  it('and it is not: nothing is uploaded, nothing is late', async () => {
    await world.settings({ tradeManaged: false });
    const order = await world.shipped();
    expect(await world.see(order.number)).toMatchObject({ state: 'not_required', failure: 'not_managed' });
    const waiting = await world.paid();
    await world.moveOn(60 * HOUR_MS);
    await look();
    expect(await late()).toEqual([]);
    expect(await tasks()).toEqual([]);
    expect(await world.see(waiting.number)).toMatchObject({ state: 'waiting', isLate: false });
    expect([await world.calls(ASK), await world.calls(UPLOAD)]).toEqual([0, 0]);
  });

  it('and it becomes so: what was paid since it was last said not to be, is uploaded', async () => {
    await world.settings({ tradeManaged: false });
    const before = await world.shipped();
    await world.moveOn(HOUR_MS);
    await askAccount(world.desk);
    await world.moveOn(MINUTE_MS);
    const after = await world.shipped();
    await world.settings({ tradeManaged: true });
    await askAccount(world.desk);
    await world.test.settle();
    expect(await world.see(after.number)).toMatchObject({ state: 'uploaded' });
    expect(await world.see(before.number)).toMatchObject({ state: 'not_required' });
    expect(await world.uploadNow(before.number)).toBe(200);
    await world.test.settle();
    expect(await world.see(before.number)).toMatchObject({ state: 'uploaded' });
  });

  it('and WeChat does not say: what it said last counts, and what it never said does not keep a delivery', async () => {
    await world.test.lever('/faults', { path: MANAGED, kind: 'code', code: 48001, times: 1 });
    const order = await world.shipped();
    expect(await account()).toMatchObject({ managed: 'unknown', failure: 'not_authorised' });
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
    await world.settings({ tradeManaged: false });
    await askAccount(world.desk);
    expect(await account()).toMatchObject({ managed: 'no', managedWords: '否' });
    await world.settings({ unmanagedAnswer: 'unauthorised' });
    await askAccount(world.desk);
    expect(await account()).toMatchObject({ managed: 'no', failure: 'not_authorised' });
  });

  it('is asked anew when WeChat reminds', async () => {
    await world.settings({ tradeManaged: false });
    const order = await world.shipped();
    await world.settings({ tradeManaged: true });
    await world.test.lever('/mini-program/shipping/remind-access', {});
    await world.pushesArrive();
    expect(await account()).toMatchObject({ managed: 'yes' });
    await world.lever(order.number, 'remind');
    await world.test.settle();
    expect(await world.see(order.number)).toMatchObject({
      state: 'uploaded',
      remindedAt: expect.any(String) as string,
    });
  });
});

describe('What is late', () => {
  it('is listed before the deadline, and is one task, however many they are', async () => {
    const orders = [await world.paid(), await world.paid()];
    const shipped = await world.shipped();
    await world.moveOn(35 * HOUR_MS);
    await look();
    expect(await late()).toEqual([]);
    expect(await tasks()).toEqual([]);

    await world.moveOn(2 * HOUR_MS);
    await look();
    await look();
    expect((await late()).map(({ orderNumber }) => orderNumber).toSorted()).toEqual(
      orders.map(({ number }) => number).toSorted(),
    );
    const [task, ...others] = await tasks();
    expect(others).toEqual([]);
    expect(task).toMatchObject({ title: '2 笔小程序款项即将超过发货期限', kind: 'attention', isOverdue: false });
    for (const { number } of orders) expect(task!.note).toContain(number);
    expect(task!.note).not.toContain(shipped.number);

    const more = await world.paid();
    await world.staff.data('PATCH', `/staff/tasks/${task!.id}`, { note: '已联系两位客户' });
    await world.moveOn(40 * HOUR_MS);
    await look();
    const three = { title: '3 笔小程序款项即将超过发货期限', isOverdue: true };
    const [same, ...none] = await tasks();
    expect(none).toEqual([]);
    expect(same).toMatchObject({ id: task!.id, ...three, dueAt: task!.dueAt, note: '已联系两位客户' });
    await world.staff.data('POST', `/staff/tasks/${task!.id}/outcome`, { outcome: 'mended' });
    await look();
    expect(await tasks()).toMatchObject([three]);

    for (const { number } of orders) await world.reach(number);
    await look();
    const [left] = await tasks();
    expect(left).toMatchObject({ title: '1 笔小程序款项即将超过发货期限' });
    expect(Date.parse(left!.dueAt)).toBeGreaterThan(Date.parse(task!.dueAt));
    await world.reach(more.number);
    expect(await late()).toEqual([]);
    await look();
    expect(await tasks()).toEqual([]);
  });

  it('goes by the configured hours', async () => {
    await world.stop();
    world = await ShippingWorld.start({ environment: { SHIPPING_DEADLINE_HOURS: '10', SHIPPING_WARN_HOURS: '2' } });
    const order = await world.paid();
    const { paidAt, deadlineAt } = await world.see(order.number);
    expect(Date.parse(deadlineAt) - Date.parse(paidAt)).toBe(10 * HOUR_MS);
    await world.moveOn(7 * HOUR_MS);
    expect(await late()).toEqual([]);
    await world.moveOn(HOUR_MS + MINUTE_MS);
    expect(await late()).toHaveLength(1);
  });

  it('WeChat itself says: a reminder makes it late at once', async () => {
    const order = await world.paid();
    await world.lever(order.number, 'remind');
    expect(await world.see(order.number)).toMatchObject({ isLate: true, remindedAt: expect.any(String) as string });
    expect(await tasks()).toMatchObject([{ title: '1 笔小程序款项即将超过发货期限' }]);
  });

  it('is filtered together with the state, and what WeChat refused is among it', async () => {
    await world.paid();
    const failed = await world.paid();
    await world.test.lever('/faults', { path: UPLOAD, kind: 'code', code: 10060031, times: 1 });
    await world.reach(failed.number);
    const rows = await world.staff.pages<ShipmentView>('/staff/shipments?late=true&state=failed');
    expect(rows).toMatchObject([{ orderNumber: failed.number }]);
    expect(await world.staff.pages('/staff/shipments?late=true&state=uploaded')).toEqual([]);
    expect(await late()).toHaveLength(1);
  });
});

describe('Events of a settlement', () => {
  it('without any time in them make us ask', async () => {
    await world.settings({ settlementTimes: 'empty' });
    const order = await world.shipped();
    await world.lever(order.number, 'receive');
    expect(await world.see(order.number)).toMatchObject({ state: 'settled', settledAt: expect.any(String) as string });
  });

  it.each(['json', 'xml'])('are understood as %s, with numbers as numbers', async (pushFormat) => {
    await world.settings({ pushFormat, numbersAs: 'number' });
    const order = await world.shipped();
    await world.pushesArrive();
    expect((await world.see(order.number)).estimatedSettlementAt).not.toBeNull();
    await world.lever(order.number, 'receive');
    expect(await world.see(order.number)).toMatchObject({
      state: 'settled',
      confirmedAt: expect.any(String) as string,
    });
  });

  it('may come twice and out of order: nothing goes back', async () => {
    await world.settings({ pushes: 'held' });
    const order = await world.shipped();
    await world.lever(order.number, 'receive');
    const pushes = await world.test.lever<{ id: string; what: string }[]>('/pushes');
    const settlements = pushes.filter(({ what }) => what === 'trade_manage_order_settlement').toReversed();
    expect(settlements).toHaveLength(2);
    for (const { id } of [...settlements, ...settlements])
      await world.test.lever(`/pushes/${id}/send`, { times: 2, parallel: true });
    await world.test.settle();
    const { state, estimatedSettlementAt } = await world.see(order.number);
    expect(state).toBe('settled');
    expect(estimatedSettlementAt).not.toBeNull();
  });

  it('that are lost are made up for: what should be settled is asked about, once a day', async () => {
    await world.settings({ pushes: 'held' });
    const order = await world.shipped();
    await world.lever(order.number, 'receive');
    await look();
    expect(await world.see(order.number)).toMatchObject({ state: 'uploaded' });
    await world.moveOn(73 * HOUR_MS);
    await look();
    expect(await world.see(order.number)).toMatchObject({ state: 'settled' });
  });

  it('of payments that we do not know are passed over', async () => {
    const fields = {
      Event: 'trade_manage_order_settlement',
      FromUserName: 'oNobodyNobodyNobodyNobodyNob',
      transaction_id: '4200000000000000000000000000',
      settlement_time: 1,
    };
    await world.test.lever('/mini-program/events', { fields });
    await world.test.lever('/mini-program/events', { fields: { ...fields, transaction_id: 'x'.repeat(99) } });
    await world.test.lever('/mini-program/events', { fields: { ...fields, Event: 'trade_manage_remind_shipping' } });
    await world.pushesArrive();
    expect(world.test.logged.some((line) => line.includes('a delivery that is not ours'))).toBe(true);
    expect(world.test.logged.some((line) => line.includes('"job failed"'))).toBe(false);
  });
});
