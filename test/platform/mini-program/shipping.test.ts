import { WechatToken } from '../../../entities/wechat-token.ts';
import { createMiniProgram, type MiniProgram } from '../../../src/platform/mini-program/index.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { type ApiServer, startApiServer } from '../wechat-api/api-server.ts';
import { testClock, testConfig, testLog, testVault } from '../wechat-api/gateway-world.ts';

const UPLOAD = '/wxa/sec/order/upload_shipping_info';
const ASK = '/wxa/sec/order/get_order';
const ID = '4200000000202611220000000001';
const DELIVERY = {
  transactionId: ID,
  openid: 'oMpOpenId_000000000000000001',
  kind: 'virtual',
  item: '许可证续期代办',
  at: new Date('2026-11-22T02:00:00.120Z'),
} as const;

let fresh: TestDatabase;
let api: ApiServer;
let app: MiniProgram;
let lines: string[];

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  await fresh.database.transaction((db) => db.clear(WechatToken));
  api = await startApiServer();
  const logged = testLog();
  lines = logged.lines;
  const config = testConfig(api.origin);
  app = createMiniProgram({
    config,
    database: fresh.database,
    vault: testVault(),
    now: testClock().now,
    log: logged.log,
  });
});
afterEach(async () => {
  await app.stop();
  await api.stop();
});

describe('an upload', () => {
  it('carries the documented fields', async () => {
    api.answer(UPLOAD, { errcode: 0, errmsg: 'ok' });
    await app.uploadShipping(DELIVERY);
    expect(api.to(UPLOAD)[0]).toMatchObject({ method: 'POST', query: { access_token: 'T1' } });
    expect(api.to(UPLOAD)[0]!.body).toEqual({
      order_key: { order_number_type: 2, transaction_id: ID },
      logistics_type: 3,
      delivery_mode: 1,
      shipping_list: [{ item_desc: '许可证续期代办' }],
      upload_time: '2026-11-22T10:00:00.120+08:00',
      payer: { openid: DELIVERY.openid },
    });
    expect(lines.join('')).not.toMatch(/oMpOpenId|许可证/);
  });

  it('at our place is a self pick-up', async () => {
    api.answer(UPLOAD, { errcode: 0 });
    await app.uploadShipping({ ...DELIVERY, kind: 'pick_up' });
    expect(api.to(UPLOAD)[0]!.body).toMatchObject({ logistics_type: 4 });
  });

  it.each([10060002, 10060023])('that WeChat has already (%i) is done', async (errcode) => {
    api.answer(UPLOAD, { errcode, errmsg: 'no' });
    await app.uploadShipping(DELIVERY);
    expect(api.to(UPLOAD)).toHaveLength(1);
  });

  it.each([
    [10060001, { action: 'drop', code: 'order_unknown' }],
    [10060003, { action: 'drop', code: 'correction_used' }],
    [10060004, { action: 'drop', code: 'not_shippable' }],
    [10060031, { action: 'drop', code: 'payer_foreign' }],
    [268485216, { action: 'drop', code: 'shipping_wrong' }],
    [10060012, { action: 'backoff', code: 'busy', retryable: true }],
    [48001, { action: 'stop_template', code: 'not_authorised' }],
  ])('fails with %i as its table says', async (errcode, failure) => {
    api.answer(UPLOAD, { errcode, errmsg: 'no' });
    await expect(app.uploadShipping(DELIVERY)).rejects.toMatchObject({ kind: 'refused', ...failure });
    expect(api.to(UPLOAD)).toHaveLength(1);
  });

  it('of which nobody heard is unknown, and must not be repeated blindly', async () => {
    api.answer(UPLOAD, (response) => void response.destroy());
    await expect(app.uploadShipping(DELIVERY)).rejects.toMatchObject({ kind: 'unknown', retryable: false });
  });
});

describe('what WeChat knows', () => {
  const order = (change: object = {}, shipping: object = {}) => ({
    errcode: 0,
    order: {
      transaction_id: ID,
      order_state: 2,
      shipping: {
        logistics_type: 3,
        finish_shipping_count: 1,
        shipping_list: [{ goods_desc: '许可证续期代办', upload_time: 1 }],
        ...shipping,
      },
      ...change,
    },
  });

  it('is asked by the transaction', async () => {
    api.answer(ASK, order());
    expect(await app.findShipping(ID)).toEqual({
      state: 'shipped',
      timesShipped: 1,
      kind: 'virtual',
      item: '许可证续期代办',
    });
    expect(api.to(ASK)[0]!.body).toEqual({ transaction_id: ID });
  });

  it.each([
    [1, 'to_ship'],
    ['2', 'shipped'],
    [3, 'received'],
    [4, 'done'],
    [5, 'refunded'],
    [6, 'to_settle'],
    [7, 'other'],
  ])('is state %j: %s', async (order_state, state) => {
    api.answer(ASK, order({ order_state }));
    expect(await app.findShipping(ID)).toMatchObject({ state });
  });

  it.each([
    ['no shipping', order({ shipping: null })],
    ['nothing but a state', { order: { order_state: 1 } }],
    ['strange parts', order({}, { logistics_type: 'x', finish_shipping_count: null, shipping_list: {} })],
  ])('may be little: %s', async (_what, answer) => {
    api.answer(ASK, answer);
    expect(await app.findShipping(ID)).toMatchObject({ timesShipped: null, kind: null, item: null });
  });

  it('is nothing for a payment that it does not know, and unknown without a state', async () => {
    api.answer(ASK, { errcode: 10060001, errmsg: '支付单不存在' });
    expect(await app.findShipping(ID)).toBeNull();
    api.answer(ASK, { errcode: 0, order: {} });
    await expect(app.findShipping(ID)).rejects.toMatchObject({ kind: 'unknown', retryable: true });
  });
});

describe('the account', () => {
  it.each([
    [true, true],
    [false, false],
    [1, true],
    ['false', false],
  ])('is managed: %j', async (said, is) => {
    api.answer('/wxa/sec/order/is_trade_managed', { errcode: 0, is_trade_managed: said });
    api.answer('/wxa/sec/order/is_trade_management_confirmation_completed', { errcode: 0, completed: said });
    expect([await app.isTradeManaged(), await app.isTradeConfirmed()]).toEqual([is, is]);
    expect(api.calls.at(-1)!.body).toEqual({ appid: 'wxfedcba9876543210' });
  });

  it('may not say', async () => {
    api.answer('/wxa/sec/order/is_trade_managed', { errcode: 0 });
    await expect(app.isTradeManaged()).rejects.toMatchObject({ kind: 'unknown' });
  });
});
