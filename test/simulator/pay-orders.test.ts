import { MOBILE_APPID } from '../../simulator/src/pay/settings.ts';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { orderBody, payClient, pull, type PayClient } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const ORDERS = '/v3/pay/transactions';
const MINUTE_MS = 60_000;
let simulator: RunningSimulator;
let client: PayClient;

beforeAll(async () => {
  simulator = await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') });
  client = payClient(simulator);
});
beforeEach(() => simulator.world.reset());
afterAll(() => simulator.stop());

const advance = (ms: number) => pull(simulator, '/clock', { advanceMs: ms });
const query = (number: unknown) =>
  client.get(`${ORDERS}/out-trade-no/${String(number)}?mchid=${simulator.world.kit.mchid}`);
const close = (number: unknown) =>
  client.post(`${ORDERS}/out-trade-no/${String(number)}/close`, { mchid: simulator.world.kit.mchid });
const nativeBody = (changes: object = {}) => orderBody(simulator, { payer: undefined, ...changes });
const h5Body = (changes: object = {}) =>
  orderBody(simulator, {
    payer: undefined,
    scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } },
    ...changes,
  });

describe('an order call', () => {
  it('hands out what its way of paying needs', async () => {
    const page = await client.post(`${ORDERS}/jsapi`, orderBody(simulator));
    const code = await client.post(`${ORDERS}/native`, nativeBody());
    const browser = await client.post(`${ORDERS}/h5`, h5Body());
    expect(page.json).toEqual({ prepay_id: expect.stringMatching(/^wx20261102100000[0-9a-f]{20}$/) });
    expect(code.json).toEqual({ code_url: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl\?pr=/) });
    expect(browser.json.h5_url).toContain(
      `${simulator.origin}/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2026110210000`,
    );
  });

  it('takes everything that the documentation allows', async () => {
    const answer = await client.post(
      `${ORDERS}/jsapi`,
      orderBody(simulator, {
        out_trade_no: 'A-b_9|*',
        time_expire: '2026-11-03T10:00:00+08:00',
        attach: '自定义数据',
        goods_tag: 'WXG',
        support_fapiao: true,
        detail: {
          cost_price: 1,
          invoice_id: '微信123',
          goods_detail: [{ merchant_goods_id: '1', quantity: 1, unit_price: 19900 }],
        },
        scene_info: { payer_client_ip: '2001:db8::1', device_id: '013467007045764', store_info: { id: '0001' } },
        settle_info: { profit_sharing: false },
      }),
    );
    expect(answer.status).toBe(200);
    expect((await query('A-b_9%7C*')).json).toMatchObject({ out_trade_no: 'A-b_9|*', trade_state: 'NOTPAY' });
  });

  const longest = { description: '字'.repeat(127), attach: 'x'.repeat(128), out_trade_no: 'T'.repeat(32) };
  it('counts characters, not bytes', async () => {
    expect((await client.post(`${ORDERS}/jsapi`, orderBody(simulator, longest))).status).toBe(200);
  });

  const refusals: [string, Record<string, unknown>, string][] = [
    ['a description of 128', { description: '字'.repeat(128) }, '/description'],
    ['no description', { description: undefined }, '/description'],
    ['a blank description', { description: '  ' }, '/description'],
    ['an attach of 129', { attach: 'x'.repeat(129) }, '/attach'],
    ['an empty attach', { attach: '' }, '/attach'],
    ['a null attach', { attach: null }, '/attach'],
    ['a number of 5', { out_trade_no: 'ABCDE' }, '/out_trade_no'],
    ['a number of 33', { out_trade_no: 'T'.repeat(33) }, '/out_trade_no'],
    ['a number with a slash', { out_trade_no: 'ABC/DEF' }, '/out_trade_no'],
    ['an amount of nothing', { amount: { total: 0 } }, '/amount/total'],
    ['a negative amount', { amount: { total: -1 } }, '/amount/total'],
    ['half a fen', { amount: { total: 1.5 } }, '/amount/total'],
    ['an amount in quotes', { amount: { total: '100' } }, '/amount/total'],
    ['more money than is allowed', { amount: { total: 1_000_000_001 } }, '/amount/total'],
    ['dollars', { amount: { total: 1, currency: 'USD' } }, '/amount/currency'],
    ['no payer', { payer: undefined }, '/payer'],
    ['a payer without openid', { payer: {} }, '/payer/openid'],
    ['an unknown field', { colour: 'red' }, '/colour'],
    ['an unknown field inside', { amount: { total: 1, tax: 2 } }, '/amount/tax'],
    [
      'h5_info outside of H5',
      { scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } } },
      '/scene_info/h5_info',
    ],
    ['an address that is none', { scene_info: { payer_client_ip: 'localhost' } }, '/scene_info/payer_client_ip'],
    ['a time without zone', { time_expire: '2026-11-03T10:00:00' }, '/time_expire'],
    ['a day that does not exist', { time_expire: '2026-02-30T10:00:00+08:00' }, '/time_expire'],
    ['a month that does not exist', { time_expire: '2026-13-01T10:00:00+08:00' }, '/time_expire'],
    ['no goods in the list', { detail: { goods_detail: [] } }, '/detail/goods_detail'],
    [
      'goods without price',
      { detail: { goods_detail: [{ merchant_goods_id: '1', quantity: 1 }] } },
      '/detail/goods_detail/0/unit_price',
    ],
    ['yes as a flag', { support_fapiao: 'yes' }, '/support_fapiao'],
    ['text as a group', { settle_info: 'none' }, '/settle_info'],
    ['details of more than 6144 bytes', { detail: { goods_detail: manyGoods() } }, '/detail'],
  ];
  it.each(refusals)('refuses %s and names the field', async (_what, changes, field) => {
    const answer = await client.post(`${ORDERS}/jsapi`, orderBody(simulator, changes));
    expect(answer).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR', detail: { field, location: 'body' } } });
  });

  it('tells an unknown field and a missing openid by their internal codes', async () => {
    const extra = await client.post(`${ORDERS}/jsapi`, orderBody(simulator, { colour: 'red' }));
    const missing = await client.post(`${ORDERS}/jsapi`, orderBody(simulator, { payer: {} }));
    expect(extra.headers.get('request-id')).toMatch(/-270924358$/);
    expect(missing.headers.get('request-id')).toMatch(/-268501013$/);
  });

  it('knows which appids are bound, and that a mobile app is no page', async () => {
    const { officialAccount, miniProgram } = simulator.world.kit;
    const payer = { openid: simulator.world.people.get('lin').openids[officialAccount.appid] };
    const inAccount = orderBody(simulator, { appid: officialAccount.appid, payer });
    expect((await client.post(`${ORDERS}/jsapi`, inAccount)).status).toBe(200);

    const notBound = { status: 400, json: { code: 'APPID_MCHID_NOT_MATCH' } };
    expect(await client.post(`${ORDERS}/jsapi`, orderBody(simulator, { appid: 'wx0000000000000000' }))).toMatchObject(
      notBound,
    );
    expect(await client.post(`${ORDERS}/jsapi`, orderBody(simulator, { appid: MOBILE_APPID }))).toMatchObject(notBound);
    expect((await client.post(`${ORDERS}/native`, nativeBody({ appid: MOBILE_APPID }))).status).toBe(200);
    await pull(simulator, '/pay/settings', { boundAppids: [officialAccount.appid] });
    expect(await client.post(`${ORDERS}/jsapi`, orderBody(simulator, { appid: miniProgram.appid }))).toMatchObject(
      notBound,
    );
  });

  it('refuses an openid of another appid, by either of the codes that are told of', async () => {
    const { officialAccount } = simulator.world.kit;
    const body = orderBody(simulator, {
      payer: { openid: simulator.world.people.get('lin').openids[officialAccount.appid] },
    });
    expect(await client.post(`${ORDERS}/jsapi`, body)).toMatchObject({
      status: 400,
      json: { code: 'PARAM_ERROR', detail: { field: '/payer/openid' } },
    });
    await pull(simulator, '/pay/settings', { openidMismatchCode: 'OPENID_MISMATCH' });
    expect(await client.post(`${ORDERS}/jsapi`, body)).toMatchObject({
      status: 500,
      json: { code: 'OPENID_MISMATCH' },
    });
  });

  it('needs the product to be open, and never knows App payments', async () => {
    expect(await client.post(`${ORDERS}/app`, nativeBody())).toMatchObject({ status: 403, json: { code: 'NO_AUTH' } });
    await pull(simulator, '/pay/settings', { products: ['jsapi'] });
    expect(await client.post(`${ORDERS}/native`, nativeBody())).toMatchObject({
      status: 403,
      json: { code: 'NO_AUTH' },
    });
    expect((await client.post(`${ORDERS}/jsapi`, orderBody(simulator))).status).toBe(200);
  });

  it('for H5 needs the scene, and a payer who is not at home when the lever says so', async () => {
    const withIp = (ip: string) => h5Body({ scene_info: { payer_client_ip: ip, h5_info: { type: 'iOS' } } });
    const refused = { status: 400, json: { code: 'PARAM_ERROR' } };
    expect(await client.post(`${ORDERS}/h5`, h5Body({ scene_info: undefined }))).toMatchObject(refused);
    expect(await client.post(`${ORDERS}/h5`, h5Body({ scene_info: { payer_client_ip: '203.0.113.7' } }))).toMatchObject(
      refused,
    );
    expect(
      await client.post(
        `${ORDERS}/h5`,
        h5Body({ scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Phone' } } }),
      ),
    ).toMatchObject(refused);
    expect(await client.post(`${ORDERS}/h5`, withIp('not an address'))).toMatchObject(refused);
    expect((await client.post(`${ORDERS}/h5`, withIp('127.0.0.1'))).status).toBe(200);
    await pull(simulator, '/pay/settings', { allowLocalClientIps: false });
    expect(await client.post(`${ORDERS}/h5`, withIp('127.0.0.1'))).toMatchObject(refused);
  });
});

describe('notify_url', () => {
  const refused = [
    'http://agency.example.com/notices',
    'https://agency.example.com',
    'https://agency.example.com/notices?from=wechat',
    'https://agency.example.com/notices#top',
    'https://user:pass@agency.example.com/notices',
    'ftp://agency.example.com/notices',
    '/notices',
    `https://agency.example.com/${'n'.repeat(255)}`,
  ];
  it.each(refused)('%s is refused', async (url) => {
    const answer = await client.post(`${ORDERS}/jsapi`, orderBody(simulator, { notify_url: url }));
    expect(answer).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR', detail: { field: '/notify_url' } } });
  });

  const local = [
    'http://127.0.0.1:3000/notices',
    'http://localhost:3000/notices',
    'https://192.168.1.9/notices',
    'https://10.0.0.1/notices',
    'https://172.20.0.1/notices',
    'https://[::1]/notices',
    'https://desk.local/notices',
  ];
  it.each(local)('%s is let through for development only', async (url) => {
    expect((await client.post(`${ORDERS}/jsapi`, orderBody(simulator, { notify_url: url }))).status).toBe(200);
    await pull(simulator, '/pay/settings', { allowLocalNotifyUrls: false });
    expect((await client.post(`${ORDERS}/jsapi`, orderBody(simulator, { notify_url: url }))).status).toBe(400);
  });
});

describe('a second order call with the same number', () => {
  it('gives a new permission for the same order', async () => {
    const body = orderBody(simulator);
    const first = await client.post(`${ORDERS}/jsapi`, body);
    const turned = Object.fromEntries(Object.entries(body).reverse());
    const second = await client.post(`${ORDERS}/jsapi`, turned);
    expect(second.status).toBe(200);
    expect(second.json.prepay_id).not.toBe(first.json.prepay_id);
    expect(simulator.world.pay.orders.size).toBe(1);
  });

  it('may give the old one, as merchants report', async () => {
    await pull(simulator, '/pay/settings', { staleRepeatedPrepay: true });
    const body = orderBody(simulator);
    const first = await client.post(`${ORDERS}/jsapi`, body);
    await advance(121 * MINUTE_MS);
    expect((await client.post(`${ORDERS}/jsapi`, body)).json).toEqual(first.json);
  });

  it.each([
    ['amount', { amount: { total: 19901, currency: 'CNY' } }],
    ['description', { description: '别的服务' }],
    ['time_expire', { time_expire: '2026-11-03T10:00:00+08:00' }],
    ['notify_url', { notify_url: 'https://agency.example.com/elsewhere' }],
  ])('refuses another %s', async (_what, changes) => {
    const body = orderBody(simulator);
    await client.post(`${ORDERS}/jsapi`, body);
    const answer = await client.post(`${ORDERS}/jsapi`, { ...body, ...changes });
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
    expect(answer.headers.get('request-id')).toMatch(/-268498688$/);
    await pull(simulator, '/pay/settings', { changedOrderCode: 'OUT_TRADE_NO_USED' });
    expect(await client.post(`${ORDERS}/jsapi`, { ...body, ...changes })).toMatchObject({
      status: 403,
      json: { code: 'OUT_TRADE_NO_USED' },
    });
  });

  it('refuses another way of paying', async () => {
    const body = nativeBody();
    await client.post(`${ORDERS}/native`, body);
    const other = h5Body({ out_trade_no: body.out_trade_no });
    expect(await client.post(`${ORDERS}/h5`, other)).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
  });

  it('refuses a paid number, by any of the codes that are told of', async () => {
    const body = orderBody(simulator);
    await client.post(`${ORDERS}/jsapi`, body);
    await pull(simulator, `/pay/orders/${String(body.out_trade_no)}/force-paid`, { notify: false });
    const paid = await client.post(`${ORDERS}/jsapi`, body);
    expect(paid).toMatchObject({ status: 400, json: { code: 'ORDER_PAID' } });
    expect(paid.headers.get('request-id')).toMatch(/-268449538$/);
    await pull(simulator, '/pay/settings', { codeSpelling: 'joined' });
    expect(await client.post(`${ORDERS}/jsapi`, body)).toMatchObject({ status: 400, json: { code: 'ORDERPAID' } });
    await pull(simulator, '/pay/settings', { paidOrderCode: 'OUT_TRADE_NO_USED' });
    expect(await client.post(`${ORDERS}/jsapi`, body)).toMatchObject({
      status: 403,
      json: { code: 'OUT_TRADE_NO_USED' },
    });
  });

  it('refuses a closed number and one whose time has run out', async () => {
    const closed = orderBody(simulator);
    const late = orderBody(simulator, { time_expire: '2026-11-02T10:30:00+08:00' });
    await client.post(`${ORDERS}/jsapi`, closed);
    await client.post(`${ORDERS}/jsapi`, late);
    await close(closed.out_trade_no);
    await advance(31 * MINUTE_MS);
    for (const body of [closed, late]) {
      const answer = await client.post(`${ORDERS}/jsapi`, body);
      expect(answer).toMatchObject({ status: 400, json: { code: 'ORDER_CLOSED' } });
      expect(answer.headers.get('request-id')).toMatch(/-268447914$/);
    }
    expect((await query(late.out_trade_no)).json.trade_state).toBe('NOTPAY');
  });
});

function manyGoods(): object[] {
  return Array.from({ length: 60 }, (_none, at) => ({
    merchant_goods_id: String(at),
    goods_name: '服务'.repeat(20),
    quantity: 1,
    unit_price: 1,
  }));
}
