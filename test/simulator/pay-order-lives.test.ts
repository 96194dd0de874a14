import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { orderBody, payClient, pull, type PayClient } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const ORDERS = '/v3/pay/transactions';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
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

describe('the last moment to pay', () => {
  const expiryOf = async (timeExpire?: string): Promise<number> => {
    const body = orderBody(simulator, { time_expire: timeExpire });
    await client.post(`${ORDERS}/jsapi`, body);
    const order = simulator.world.pay.orders.get(String(body.out_trade_no))!;
    return order.expiresAt - order.createdAt;
  };

  it('is seven days off unless said, at least a minute and at most fifteen days', async () => {
    await pull(simulator, '/clock', { frozen: true });
    expect(await expiryOf()).toBe(7 * DAY_MS);
    expect(await expiryOf('2020-01-01T00:00:00+08:00')).toBe(MINUTE_MS);
    expect(await expiryOf('2030-01-01T00:00:00+08:00')).toBe(15 * DAY_MS);
  });

  it('closes the order by itself after seven days, later when it was given longer', async () => {
    const week = orderBody(simulator);
    const longer = orderBody(simulator, { time_expire: '2026-11-12T10:00:00+08:00' });
    await client.post(`${ORDERS}/jsapi`, week);
    await client.post(`${ORDERS}/jsapi`, longer);
    await advance(7 * DAY_MS - MINUTE_MS);
    expect((await query(week.out_trade_no)).json.trade_state).toBe('NOTPAY');
    await advance(2 * MINUTE_MS);
    expect((await query(week.out_trade_no)).json.trade_state).toBe('CLOSED');
    expect((await query(longer.out_trade_no)).json.trade_state).toBe('NOTPAY');
    await advance(4 * DAY_MS);
    expect((await query(longer.out_trade_no)).json.trade_state).toBe('CLOSED');
  });
});

describe('query and close', () => {
  it('find an order by both numbers once it is paid, by ours alone before', async () => {
    const body = orderBody(simulator, {
      attach: '一号',
      scene_info: { payer_client_ip: '203.0.113.7', device_id: 'POS01' },
    });
    await client.post(`${ORDERS}/jsapi`, body);
    const { appid, mchid, out_trade_no: number, payer } = body;
    expect((await query(number)).json).toEqual({
      appid,
      mchid,
      out_trade_no: number,
      trade_state: 'NOTPAY',
      trade_state_desc: '订单未支付',
    });

    const { transactionId } = await pull(simulator, `/pay/orders/${String(number)}/force-paid`, { payerTotal: 19000 });
    const paid = await query(number);
    expect(paid.json).toMatchObject({
      trade_state: 'SUCCESS',
      transaction_id: expect.stringMatching(/^4200\d{24}$/),
      trade_type: 'JSAPI',
      bank_type: 'OTHERS',
      attach: '一号',
      success_time: expect.stringMatching(/^2026-11-02T10:00:\d\d\+08:00$/),
      payer,
      amount: { total: 19900, payer_total: 19000, currency: 'CNY', payer_currency: 'CNY' },
      scene_info: { device_id: 'POS01' },
      promotion_detail: [expect.objectContaining({ amount: 900 })],
    });
    const byTransaction = await client.get(`${ORDERS}/id/${String(transactionId)}?mchid=${String(mchid)}`);
    expect(byTransaction.json).toEqual(paid.json);
    expect(byTransaction.signedBy).toBe(simulator.world.kit.publicKey.id);
  });

  it('do not know what nobody ordered', async () => {
    const unknown = { status: 404, json: { code: 'ORDER_NOT_EXIST' } };
    expect(await query('NOBODY01')).toMatchObject(unknown);
    expect(await close('NOBODY01')).toMatchObject(unknown);
    expect(await client.get(`${ORDERS}/id/4200000000?mchid=${simulator.world.kit.mchid}`)).toMatchObject(unknown);
    await pull(simulator, '/pay/settings', { codeSpelling: 'joined' });
    expect(await query('NOBODY01')).toMatchObject({ status: 404, json: { code: 'ORDERNOTEXIST' } });
  });

  it('may miss a fresh order for a while', async () => {
    await pull(simulator, '/pay/settings', { queryLagMs: 5000 });
    const { out_trade_no: number, ...rest } = orderBody(simulator);
    await client.post(`${ORDERS}/jsapi`, { out_trade_no: number, ...rest });
    expect((await query(number)).status).toBe(404);
    await advance(5000);
    expect((await query(number)).status).toBe(200);
  });

  it('close as often as asked, with a signed empty answer', async () => {
    const body = orderBody(simulator);
    await client.post(`${ORDERS}/jsapi`, body);
    for (const time of ['first', 'again']) {
      const answer = await close(body.out_trade_no);
      expect([time, answer.status, answer.text, answer.signedBy]).toEqual([
        time,
        204,
        '',
        simulator.world.kit.publicKey.id,
      ]);
    }
    expect((await query(body.out_trade_no)).json).toMatchObject({
      trade_state: 'CLOSED',
      trade_state_desc: '订单已关闭',
    });
  });

  it('refuse to close what is paid, and a body that says too much or too little', async () => {
    const body = orderBody(simulator);
    await client.post(`${ORDERS}/jsapi`, body);
    const path = `${ORDERS}/out-trade-no/${String(body.out_trade_no)}/close`;
    expect((await client.post(path, {})).json.code).toBe('PARAM_ERROR');
    expect((await client.post(path, { mchid: body.mchid, why: 'x' })).json.code).toBe('PARAM_ERROR');
    await pull(simulator, `/pay/orders/${String(body.out_trade_no)}/force-paid`, { notify: false });
    expect(await close(body.out_trade_no)).toMatchObject({ status: 400, json: { code: 'ORDER_PAID' } });
    expect((await query(body.out_trade_no)).json.trade_state).toBe('SUCCESS');
  });

  it('show an order as paid that was paid after it was closed', async () => {
    const body = orderBody(simulator);
    await client.post(`${ORDERS}/jsapi`, body);
    await close(body.out_trade_no);
    await pull(simulator, `/pay/orders/${String(body.out_trade_no)}/force-paid`, { notify: false });
    expect((await query(body.out_trade_no)).json.trade_state).toBe('SUCCESS');
  });
});
