import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { orderBody, payClient, pull, type PayClient } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const REFUNDS = '/v3/refund/domestic/refunds';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const TOTAL = 10_000;
let simulator: RunningSimulator;
let client: PayClient;
let made = 0;

beforeAll(async () => {
  simulator = await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') });
  client = payClient(simulator);
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull(simulator, '/clock', { frozen: true });
  await pull(simulator, '/notices/settings', { mode: 'held' });
});
afterAll(() => simulator.stop());

const advance = (ms: number) => pull(simulator, '/clock', { advanceMs: ms });
const settings = (change: object) => pull(simulator, '/pay/settings', change);

/** An order of 100.00 that was paid; its transaction id. */
async function paid(total = TOTAL): Promise<string> {
  const body = orderBody(simulator, { amount: { total, currency: 'CNY' } });
  await client.post('/v3/pay/transactions/jsapi', body);
  const { transactionId } = (await pull(simulator, `/pay/orders/${String(body.out_trade_no)}/force-paid`, {
    notify: false,
  })) as { transactionId: string };
  return transactionId;
}
const bodyFor = (transactionId: string, refund: number, more: object = {}) => ({
  transaction_id: transactionId,
  out_refund_no: `R2611020000${String((made += 1)).padStart(4, '0')}`,
  reason: '客户取消办理',
  notify_url: 'http://127.0.0.1:9/notices',
  amount: { refund, total: TOTAL, currency: 'CNY' },
  ...more,
});
const ask = (body: object) => client.post(REFUNDS, body);
const codeOf = async (body: object) => {
  const { status, json } = await ask(body);
  return `${status} ${String(json.code ?? json.status)}`;
};
const balance = () => simulator.world.pay.movements.at(-1)!.balance;

describe('a refund', () => {
  it('is accepted, then given back, and the order says so', async () => {
    const id = await paid();
    const body = bodyFor(id, 3000);
    const accepted = await ask(body);
    expect(accepted.json).toMatchObject({ status: 'PROCESSING', amount: { refund: 3000, total: TOTAL } });
    expect(accepted.json).not.toHaveProperty('success_time');
    await advance(5000);
    const { json } = await client.get(`${REFUNDS}/${body.out_refund_no}`);
    expect(json).toMatchObject({ status: 'SUCCESS', success_time: '2026-11-02T10:00:05+08:00' });
    const query = `/v3/pay/transactions/id/${id}?mchid=${simulator.world.kit.mchid}`;
    expect((await client.get(query)).json.trade_state).toBe('REFUND');
    const [notice] = [...simulator.world.pay.notices.values()];
    expect(notice).toMatchObject({ eventType: 'REFUND.SUCCESS', content: { refund_status: 'SUCCESS' } });
    expect((await client.get(`${REFUNDS}/R404`)).status).toBe(404);
  });

  it('of the same number is the same refund; with another content it is refused', async () => {
    const body = bodyFor(await paid(), 3000);
    const first = await ask(body);
    expect((await ask(body)).json.refund_id).toBe(first.json.refund_id);
    expect(await codeOf({ ...body, amount: { ...body.amount, refund: 3001 } })).toBe('400 INVALID_REQUEST');
    expect(simulator.world.pay.refunds.size).toBe(1);
  });

  it('is never more than is left, of the right order, within a year, fifty times at most and a minute apart', async () => {
    const id = await paid();
    expect(await codeOf(bodyFor(id, TOTAL + 1))).toBe('400 INVALID_REQUEST');
    expect(await codeOf(bodyFor(id, 1, { amount: { refund: 1, total: 9999, currency: 'CNY' } }))).toBe(
      '400 INVALID_REQUEST',
    );
    expect(await codeOf(bodyFor('4200000000000000000000000000', 1))).toBe('404 RESOURCE_NOT_EXISTS');
    expect(await codeOf(bodyFor(id, 6000))).toBe('200 PROCESSING');
    expect(await codeOf(bodyFor(id, 100))).toBe('429 FREQUENCY_LIMITED');
    await advance(MINUTE_MS);
    expect(await codeOf(bodyFor(id, 4001))).toBe('400 INVALID_REQUEST');
    await settings({ refundGapMs: 0 });
    for (let n = 1; n < 50; n += 1) expect(await codeOf(bodyFor(id, 1))).toBe('200 PROCESSING');
    expect(await codeOf(bodyFor(id, 1))).toBe('400 INVALID_REQUEST');
    const old = await paid();
    await advance(366 * DAY_MS);
    expect(await codeOf(bodyFor(old, 1))).toBe('400 INVALID_REQUEST');
  });

  it.each([
    ['without a number', { out_refund_no: undefined }],
    ['of nothing', { amount: { refund: 0, total: TOTAL, currency: 'CNY' } }],
    ['of half a fen', { amount: { refund: 1.5, total: TOTAL, currency: 'CNY' } }],
    ['in dollars', { amount: { refund: 1, total: TOTAL, currency: 'USD' } }],
    ['with a reason too long', { reason: '因'.repeat(81) }],
    ['with a field that there is not', { colour: 'red' }],
    ['of no payment', { transaction_id: undefined }],
  ])('%s is refused', async (_what, wrong) => {
    expect(await codeOf(bodyFor(await paid(), 1, wrong))).toBe('400 PARAM_ERROR');
  });

  it('gives the fee back with it, to the fen, and needs money on the account', async () => {
    await settings({ refundGapMs: 0 });
    const id = await paid();
    expect(balance()).toBe(TOTAL - 60);
    await ask(bodyFor(id, 3000));
    expect(simulator.world.pay.movements.at(-1)).toMatchObject({ kind: '退款', amount: -2982, balance: 6958 });
    await ask(bodyFor(id, 3333));
    await ask(bodyFor(id, 3667));
    expect(balance()).toBe(0);
    const next = await paid();
    await pull(simulator, '/pay/withdraw', { amount: TOTAL - 60 });
    const body = bodyFor(next, 100);
    expect(await codeOf(body)).toBe('403 NOT_ENOUGH');
    await pull(simulator, '/pay/withdraw', { amount: -1000 });
    expect(await codeOf(body)).toBe('200 PROCESSING');
  });

  it('that is closed gives the money back to the merchant, and what is left is whole again', async () => {
    await settings({ refundOutcome: 'CLOSED', refundGapMs: 0 });
    const id = await paid();
    await ask(bodyFor(id, TOTAL));
    expect(balance()).toBe(0);
    await advance(5000);
    expect(balance()).toBe(TOTAL - 60);
    expect(await codeOf(bodyFor(id, TOTAL))).toBe('200 PROCESSING');
  });

  it('that could not be given back goes on by the abnormal-refund call alone', async () => {
    await settings({ refundOutcome: 'ABNORMAL' });
    const body = bodyFor(await paid(), 500);
    const { json } = await ask(body);
    const apply = (more: object) =>
      client.post(`${REFUNDS}/${String(json.refund_id)}/apply-abnormal-refund`, {
        out_refund_no: body.out_refund_no,
        ...more,
      });
    expect((await apply({ type: 'MERCHANT_BANK_CARD' })).json.code).toBe('INVALID_REQUEST');
    await advance(5000);
    expect((await client.get(`${REFUNDS}/${body.out_refund_no}`)).json.status).toBe('ABNORMAL');
    expect((await apply({ type: 'USER_BANK_CARD' })).json.code).toBe('PARAM_ERROR');
    const plain = { bank_type: 'ICBC_DEBIT', bank_account: '6222000000000001234', real_name: '王小明' };
    expect((await apply({ type: 'USER_BANK_CARD', ...plain })).json.code).toBe('PARAM_ERROR');
    expect((await apply({ type: 'MERCHANT_BANK_CARD' })).json.status).toBe('PROCESSING');
    await advance(5000);
    expect((await client.get(`${REFUNDS}/${body.out_refund_no}`)).json.status).toBe('SUCCESS');
  });

  it('by hand, in the portal, is told to nobody', async () => {
    await paid();
    const [order] = [...simulator.world.pay.orders.values()];
    const refund = await pull<{ byHand: boolean }>(simulator, `/pay/orders/${order!.outTradeNo}/refund-by-hand`, {
      amount: 200,
    });
    expect(refund).toMatchObject({ byHand: true, status: 'PROCESSING' });
    await advance(5000);
    expect(simulator.world.pay.notices.size).toBe(0);
    expect(simulator.world.pay.movements.at(-1)).toMatchObject({ applicant: `admin@${simulator.world.kit.mchid}` });
  });
});
