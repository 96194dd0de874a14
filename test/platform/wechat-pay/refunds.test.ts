import type { RunningSimulator } from '../../../simulator/src/simulator.ts';
import { startMerchant } from '../../simulator/merchant-server.ts';
import { orderBody, payClient, pull as pullLever } from '../../simulator/pay-client.ts';
import { startTestSimulator } from '../../simulator/support.ts';
import { certificateMode, type Counter, openOn } from './counter.ts';

let simulator: RunningSimulator;
let merchant: Awaited<ReturnType<typeof startMerchant>>;
let counter: Counter;
let refunds = 0;

beforeAll(async () => {
  simulator = await startTestSimulator({ payPort: 0, now: Date.parse('2026-03-02T02:00:00Z') });
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull('/clock', { frozen: true });
  await pull('/notices/settings', { mode: 'held' });
  merchant = await startMerchant();
  counter = openOn(simulator);
});
afterEach(async () => {
  await counter.pay.stop();
  await merchant.stop();
});
afterAll(() => simulator.stop());

const pull = <T>(path: string, body: object = {}) => pullLever<T>(simulator, path, body);
const payCalls = () => simulator.world.calls.all().filter(({ path }) => path.startsWith('/v3/')).length;

/** Refunds of one payment of 199.00. */
async function refundable() {
  const body = orderBody(simulator, { amount: { total: 199_00, currency: 'CNY' } });
  await payClient(simulator).post('/v3/pay/transactions/jsapi', body);
  const address = `/pay/orders/${String(body.out_trade_no)}/force-paid`;
  const { transactionId } = await pull<{ transactionId: string }>(address, { notify: false });
  return (amountFen: number, more: object = {}) => ({
    outRefundNo: `R26030200${String((refunds += 1)).padStart(3, '0')}`,
    transactionId,
    amountFen,
    totalFen: 199_00,
    reason: '客户取消办理',
    notifyUrl: merchant.url,
    ...more,
  });
}

/** Has the only notice sent, and opens what came. */
async function told() {
  const [notice] = [...simulator.world.pay.notices.values()];
  await pull(`/notices/${notice!.id}/send`);
  const { headers, body } = merchant.received.at(-1)!;
  return counter.pay.openNotice(Buffer.from(body), headers);
}

describe('Refunds', () => {
  it('are accepted, found by their number, and told as done by the query and by a notice', async () => {
    const refund = (await refundable())(50_00);
    const accepted = await counter.pay.refund(refund);
    expect(accepted).toMatchObject({
      state: 'processing',
      amountFen: 50_00,
      totalFen: 199_00,
      acceptedAt: new Date('2026-03-02T02:00:00Z'),
      succeededAt: null,
    });
    expect(await counter.pay.findByOutRefundNo(refund.outRefundNo)).toEqual(accepted);
    await pull('/clock', { advanceMs: 5000 });
    const done = { state: 'success', refundId: accepted.refundId, succeededAt: new Date('2026-03-02T02:00:05Z') };
    expect(await counter.pay.findByOutRefundNo(refund.outRefundNo)).toMatchObject(done);
    const notice = await told();
    expect(notice).toMatchObject({
      opened: true,
      notice: { kind: 'refund', refund: { ...done, mchid: simulator.world.kit.mchid } },
    });
    expect(await counter.pay.findByOutRefundNo('R404404')).toBeNull();
  });

  it.each(['CLOSED', 'ABNORMAL'])('that end as %s are told as such', async (refundOutcome) => {
    await pull('/pay/settings', { refundOutcome });
    const refund = (await refundable())(50_00);
    await counter.pay.refund(refund);
    await pull('/clock', { advanceMs: 5000 });
    const state = refundOutcome.toLowerCase();
    expect(await counter.pay.findByOutRefundNo(refund.outRefundNo)).toMatchObject({ state, succeededAt: null });
    expect(await told()).toMatchObject({ notice: { eventType: `REFUND.${refundOutcome}`, refund: { state } } });
  });

  it.each([
    ['public-key', {}],
    ['certificate', certificateMode],
  ])('that are abnormal go to a card that only WeChat can read (%s mode)', async (keyMode, mode) => {
    await pull('/pay/settings', { refundOutcome: 'ABNORMAL', keyMode });
    await counter.pay.stop();
    counter = openOn(simulator, mode);
    await counter.pay.start();
    const refund = (await refundable())(50_00);
    const { refundId } = await counter.pay.refund(refund);
    const card = {
      refundId,
      outRefundNo: refund.outRefundNo,
      bank: 'icbc',
      cardNumber: '6222000000000001234',
      cardHolder: '王小明',
    };
    const early = { kind: 'refused', code: 'invalid_request' };
    await expect(counter.pay.rerouteRefund(card)).rejects.toMatchObject(early);
    await pull('/clock', { advanceMs: 5000 });
    await expect(counter.pay.rerouteRefund({ ...card, bank: 'H-S-B-C' })).rejects.toMatchObject({
      code: 'param_error',
    });
    expect(await counter.pay.rerouteRefund(card)).toMatchObject({ state: 'processing' });
    await pull('/clock', { advanceMs: 5000 });
    const done = { state: 'success', receivedBy: '工商银行借记卡1234' };
    expect(await counter.pay.findByOutRefundNo(refund.outRefundNo)).toMatchObject(done);
    expect(counter.logged.join()).not.toMatch(/6222|小明/);
  });

  it('that WeChat refuses say why, and whether the same number may be tried again', async () => {
    const refund = await refundable();
    await expect(counter.pay.refund(refund(100_00))).resolves.toMatchObject({ state: 'processing' });
    await expect(counter.pay.refund(refund(1_00))).rejects.toMatchObject({ kind: 'rate_limited', retryable: true });
    await pull('/clock', { advanceMs: 60_000 });
    const tooMuch = { kind: 'refused', code: 'invalid_request', retryable: false };
    await expect(counter.pay.refund(refund(99_01))).rejects.toMatchObject(tooMuch);
    const stranger = refund(1_00, { transactionId: '4200000000000000000000000000' });
    await expect(counter.pay.refund(stranger)).rejects.toMatchObject({ kind: 'refused', code: 'resource_not_exists' });
    await pull('/pay/withdraw', { amount: simulator.world.pay.movements.at(-1)!.balance });
    const short = { kind: 'refused', code: 'not_enough' };
    await expect(counter.pay.refund(refund(1_00))).rejects.toMatchObject(short);
  });

  it('whose answer is lost are the same refund when asked again', async () => {
    const refund = (await refundable())(50_00);
    await pull('/faults', { path: '/v3/', kind: 'reset-after-effect' });
    await expect(counter.pay.refund(refund)).rejects.toMatchObject({ kind: 'unknown' });
    await expect(counter.pay.refund(refund)).resolves.toMatchObject({ state: 'processing', amountFen: 50_00 });
    expect(simulator.world.pay.refunds.size).toBe(1);
    await expect(counter.pay.refund({ ...refund, amountFen: 51_00 })).rejects.toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['of more than the payment', { amountFen: 199_01 }],
    ['of nothing', { amountFen: 0 }],
    ['without a reason', { reason: ' ' }],
    ['with a number that WeChat would not take', { outRefundNo: 'R 1' }],
    ['told to an address with a query', { notifyUrl: 'https://desk.example.com/n?x=1' }],
  ])('%s are never sent', async (_what, wrong) => {
    const refund = (await refundable())(1_00, wrong);
    const before = payCalls();
    await expect(counter.pay.refund(refund)).rejects.toMatchObject({ kind: 'refused', code: 'param_error' });
    expect(payCalls()).toBe(before);
  });
});
