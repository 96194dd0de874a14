import { orderBody, payClient } from './pay-client.ts';
import { startPlatform, startReceiver, type Body, type PlatformDriver } from './platform-support.ts';

const HOUR_MS = 3_600_000;
const AT = '2026-06-15T12:00:00.000+08:00';

let wechat: PlatformDriver;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  wechat = await startPlatform();
  receiver = await startReceiver();
  await wechat.lever('/notices/settings', { mode: 'held' });
  await wechat.lever('/mini-program/settings', { callbackUrl: receiver.url, mode: 'plain' });
});
afterEach(async () => {
  await wechat.stop();
  await receiver.stop();
});

const ask = async (name: string, body: object): Promise<Body> =>
  (await wechat.post(`/wxa/sec/order/${name}`, { access_token: await wechat.token('mini-program') }, body)).body;
const settings = (wanted: object) => wechat.lever('/mini-program/settings', wanted);

/** A paid order of the mini-program, or of another app. */
async function paid(changes: Record<string, unknown> = {}): Promise<{ id: string; number: string }> {
  const body = orderBody(wechat, changes);
  await payClient(wechat).post('/v3/pay/transactions/jsapi', body);
  const number = String(body.out_trade_no);
  const { transactionId } = await wechat.lever(`/pay/orders/${number}/force-paid`, { notify: false });
  return { id: transactionId, number };
}

const bodyOf = (id: string, changes: object = {}) => ({
  order_key: { order_number_type: 2, transaction_id: id },
  logistics_type: 3,
  delivery_mode: 1,
  shipping_list: [{ item_desc: '许可证续期代办' }],
  upload_time: AT,
  payer: { openid: wechat.openid('lin', 'mini-program') },
  ...changes,
});
const upload = async (id: string, changes: object = {}): Promise<number> =>
  (await ask('upload_shipping_info', bodyOf(id, changes))).errcode;
const orderOf = async (id: string): Promise<Body> => (await ask('get_order', { transaction_id: id })).order;
const later = (ms: number) => new Date(Date.parse(AT) + ms).toISOString();
const eventsOf = async (): Promise<Body[]> => {
  await wechat.lever('/pushes/settled');
  return receiver.received.map(({ body }) => JSON.parse(body) as Body);
};

describe('An upload', () => {
  it('ships the order, which is told as an event, and confirms and settles itself after two days', async () => {
    const { id, number } = await paid();
    expect(await orderOf(id)).toMatchObject({ order_state: 1, shipping: { finish_shipping_count: 0 } });
    expect(await upload(id)).toBe(0);
    expect(await orderOf(id)).toMatchObject({
      transaction_id: id,
      merchant_trade_no: number,
      paid_amount: 19900,
      order_state: 2,
      shipping: {
        delivery_mode: 1,
        logistics_type: 3,
        finish_shipping: true,
        finish_shipping_count: 1,
        shipping_list: [{ goods_desc: '许可证续期代办', upload_time: Date.parse(AT) / 1000 }],
      },
    });
    await wechat.advance(48 * HOUR_MS);
    expect(await orderOf(id)).toMatchObject({ order_state: 4 });
    const [shipped, settled] = await eventsOf();
    expect(shipped).toMatchObject({
      Event: 'trade_manage_order_settlement',
      transaction_id: id,
      merchant_trade_no: number,
      estimated_settlement_time: expect.any(String) as string,
    });
    expect(settled).toMatchObject({ confirm_receive_method: '1', settlement_time: expect.any(String) as string });
  });

  it('names the order by the merchant’s number too', async () => {
    const { id, number } = await paid();
    const mchid = wechat.kit.mchid;
    expect(await upload(id, { order_key: { order_number_type: 1, mchid, out_trade_no: number } })).toBe(0);
    const asked = await ask('get_order', { merchant_id: mchid, merchant_trade_no: number });
    expect(asked.order).toMatchObject({ transaction_id: id });
  });

  it.each([
    [268485194, { order_key: { order_number_type: '2', transaction_id: 'x' } }],
    [268485195, { order_key: { order_number_type: 2 } }],
    [268485196, { order_key: { order_number_type: 1, out_trade_no: 'x' } }],
    [268485197, { order_key: { order_number_type: 1, mchid: 'x' } }],
    [10060001, { order_key: { order_number_type: 2, transaction_id: '4200' } }],
    [10060005, { logistics_type: 5 }],
    [10060005, { logistics_type: '3' }],
    [268485224, { delivery_mode: 'UNIFIED_DELIVERY' }],
    [10060006, { delivery_mode: 2 }],
    [10060007, { delivery_mode: 2, logistics_type: 1 }],
    [47001, { shipping_list: { item_desc: '一' } }],
    [268485228, { shipping_list: [] }],
    [268485228, { shipping_list: [{ item_desc: '一' }, { item_desc: '二' }] }],
    [10060024, { shipping_list: Array.from({ length: 16 }, () => ({ item_desc: '一' })) }],
    [10060008, { shipping_list: [{}] }],
    [10060009, { shipping_list: [{ item_desc: '长'.repeat(121) }] }],
    [268485226, { logistics_type: 1 }],
    [268485227, { logistics_type: 1, shipping_list: [{ item_desc: '一', tracking_no: 'SF1' }] }],
    [10060026, { shipping_list: [{ item_desc: '一', tracking_no: 'T'.repeat(129) }] }],
    [10060025, { shipping_list: [{ item_desc: '一', express_company: 'C'.repeat(129) }] }],
    [268485216, { upload_time: '2026-06-15 12:00:00' }],
    [268485216, { upload_time: 1781496000 }],
    [268485216, { upload_time: undefined }],
    [10060031, { payer: {} }],
    [10060031, { payer: { openid: 'oSomebodyElse' } }],
  ])('is refused by %i: %j', async (code, changes) => {
    const { id } = await paid();
    expect(await upload(id, changes)).toBe(code);
    expect(await orderOf(id)).toMatchObject({ order_state: 1 });
  });

  it('takes an item of 120 characters', async () => {
    const { id } = await paid();
    expect(await upload(id, { shipping_list: [{ item_desc: '长'.repeat(120) }] })).toBe(0);
  });

  it('can be corrected once, by a later time; the same once more is nothing', async () => {
    const { id } = await paid();
    await upload(id);
    expect(await upload(id, { upload_time: later(60_000) })).toBe(10060023);
    const changed = { shipping_list: [{ item_desc: '更正' }] };
    expect(await upload(id, changed)).toBe(10060014);
    expect(await upload(id, { ...changed, upload_time: later(60_000) })).toBe(0);
    expect(await orderOf(id)).toMatchObject({ shipping: { finish_shipping_count: 2 } });
    expect(await upload(id, { logistics_type: 4, upload_time: later(120_000) })).toBe(10060003);
    expect(await upload(id, { ...changed, upload_time: later(180_000) })).toBe(10060023);
  });

  it('is not taken once the user received it, nor of money that is back', async () => {
    const { id, number } = await paid();
    await upload(id);
    await wechat.lever(`/mini-program/shipping/${number}/receive`);
    expect(await upload(id, { logistics_type: 4, upload_time: later(60_000) })).toBe(10060004);
    const back = await paid();
    await wechat.lever(`/pay/orders/${back.number}/refund-by-hand`);
    await wechat.advance(10_000);
    expect(await orderOf(back.id)).toMatchObject({ order_state: 5 });
    expect(await upload(back.id)).toBe(10060004);
  });

  it('is there for orders of the mini-program only, and after a while', async () => {
    const { appid } = wechat.kit.officialAccount;
    const elsewhere = await paid({ appid, payer: { openid: wechat.openid('lin') } });
    expect(await upload(elsewhere.id)).toBe(10060001);
    await settings({ shippingLagMs: 60_000 });
    const { id } = await paid();
    expect(await upload(id)).toBe(10060001);
    await wechat.advance(60_000);
    expect(await upload(id)).toBe(0);
  });
});

describe('The account', () => {
  it('says whether it is managed, to itself alone', async () => {
    const appid = wechat.kit.miniProgram.appid;
    expect(await ask('is_trade_managed', { appid })).toMatchObject({ errcode: 0, is_trade_managed: true });
    expect(await ask('is_trade_management_confirmation_completed', { appid })).toMatchObject({ completed: true });
    expect(await ask('is_trade_managed', {})).toMatchObject({ errcode: 40097 });
    expect(await ask('is_trade_managed', { appid: 'wx00000000000000ff' })).toMatchObject({ errcode: 40013 });
    const { body } = await wechat.post(
      '/wxa/sec/order/is_trade_managed',
      { access_token: await wechat.token() },
      { appid },
    );
    expect(body.errcode).toBe(48001);
  });

  it('that is not, says so or refuses, and takes no upload', async () => {
    const { id } = await paid();
    await settings({ tradeManaged: false });
    const appid = wechat.kit.miniProgram.appid;
    expect(await ask('is_trade_managed', { appid })).toMatchObject({ is_trade_managed: false });
    await settings({ unmanagedAnswer: 'unauthorised' });
    expect(await ask('is_trade_managed', { appid })).toMatchObject({ errcode: 48001 });
    expect(await upload(id)).toBe(48001);
    await expect(settings({ unmanagedAnswer: 'maybe' })).rejects.toThrow('unmanagedAnswer is one of');
  });
});

describe('What follows', () => {
  it('may be held: receipt and settlement by levers, with either state in between and with empty times', async () => {
    await settings({ settlement: 'held', stateBeforeSettlement: 6, settlementTimes: 'empty' });
    const { id, number } = await paid();
    await expect(wechat.lever(`/mini-program/shipping/${number}/receive`)).rejects.toThrow('409');
    await upload(id);
    await expect(wechat.lever(`/mini-program/shipping/${number}/settle`)).rejects.toThrow('409');
    await wechat.advance(99 * HOUR_MS);
    expect(await orderOf(id)).toMatchObject({ order_state: 2 });
    await wechat.lever(`/mini-program/shipping/${number}/receive`);
    expect(await orderOf(id)).toMatchObject({ order_state: 6 });
    await wechat.lever(`/mini-program/shipping/${number}/settle`);
    expect(await orderOf(id)).toMatchObject({ order_state: 4 });
    expect((await eventsOf()).at(-1)).toMatchObject({ settlement_time: '', confirm_receive_time: '' });
  });

  it('is a reminder of what is unshipped for two days, once something was shipped', async () => {
    const first = await paid();
    await wechat.advance(49 * HOUR_MS);
    expect(await eventsOf()).toEqual([]);
    await upload(first.id, { upload_time: later(49 * HOUR_MS) });
    const { id, number } = await paid();
    await wechat.advance(48 * HOUR_MS);
    const events = (await eventsOf()).filter(({ Event }) => Event === 'trade_manage_remind_shipping');
    expect(events).toMatchObject([{ transaction_id: id, merchant_trade_no: number }]);
    await wechat.lever(`/mini-program/shipping/${number}/remind`);
    await wechat.lever('/mini-program/shipping/remind-access');
    const names = (await eventsOf()).slice(-2).map(({ Event }) => Event);
    expect(names).toEqual(['trade_manage_remind_shipping', 'trade_manage_remind_access_api']);
    await expect(wechat.lever('/mini-program/shipping/NOBODY/remind')).rejects.toThrow('404');
  });

  it('is a list of orders, page by page, by state and time', async () => {
    const ids = [];
    for (let at = 0; at < 3; at += 1) ids.push((await paid()).id);
    await upload(ids[0]!);
    const first = await ask('get_order_list', { page_size: 2 });
    expect(first).toMatchObject({ has_more: true, order_list: [{ order_state: 2 }, { order_state: 1 }] });
    const rest = await ask('get_order_list', { page_size: 2, last_index: first.last_index });
    expect(rest).toMatchObject({ has_more: false, order_list: [{ transaction_id: ids[2] }] });
    expect((await ask('get_order_list', { order_state: 1 })).order_list).toHaveLength(2);
    const now = wechat.world.clock.seconds();
    const past = { begin_time: now - 7200, end_time: now - 3600 };
    expect((await ask('get_order_list', { pay_time_range: past })).order_list).toEqual([]);
    expect(await ask('get_order_list', { last_index: 'x' })).toMatchObject({ errcode: 10060011 });
  });

  it('is a reminder to confirm, only of what went by courier, once', async () => {
    const remind = async (id: string, received_time: unknown = wechat.world.clock.seconds() + 60) =>
      (await ask('notify_confirm_receive', { transaction_id: id, received_time })).errcode;
    const [virtual, courier] = [await paid(), await paid()];
    expect(await remind(virtual.id)).toBe(10060028);
    await upload(virtual.id);
    expect(await remind(virtual.id)).toBe(10060032);
    const item = { item_desc: '材料', tracking_no: 'SF1', express_company: 'SF' };
    await upload(courier.id, { logistics_type: 1, shipping_list: [item] });
    expect(await remind(courier.id, 1)).toBe(10060029);
    expect([await remind(courier.id), await remind(courier.id)]).toEqual([0, 10060030]);
  });
});
