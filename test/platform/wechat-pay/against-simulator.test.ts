import type { RunningSimulator } from '../../../simulator/src/simulator.ts';
import type { NoticeOutcome } from '../../../src/platform/wechat-pay/index.ts';
import { startMerchant } from '../../simulator/merchant-server.ts';
import { startTestSimulator } from '../../simulator/support.ts';
import { certificateMode, openOn, type Counter } from './counter.ts';

let simulator: RunningSimulator;
let merchant: Awaited<ReturnType<typeof startMerchant>>;
let counter: Counter;
let orders = 0;

beforeAll(async () => {
  simulator = await startTestSimulator({ payPort: 0, now: Date.parse('2026-03-02T02:00:00Z') });
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull('/clock', { frozen: true });
  await pull('/notices/settings', { mode: 'held' });
  merchant = await startMerchant();
  openWith({});
});
afterEach(async () => {
  await counter.pay.stop();
  await merchant.stop();
});
afterAll(() => simulator.stop());

const now = () => new Date(simulator.world.clock.now());

function openWith(mode: object): void {
  counter = openOn(simulator, mode);
}

/** Pulls a lever of the simulator. */
async function pull<T>(path: string, body: object = {}): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${simulator.origin}/levers${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

const payCalls = () => simulator.world.calls.all().filter(({ path }) => path.startsWith('/v3/')).length;

const inject = (kind: string, more: object = {}) => pull('/faults', { path: '/v3/', kind, ...more });

const newOrder = () => ({
  appid: simulator.world.kit.miniProgram.appid,
  outTradeNo: `T26030200${String((orders += 1)).padStart(3, '0')}`,
  description: '呼叫中心许可证代办·全网',
  amountFen: 199_00,
  notifyUrl: merchant.url,
  expiresAt: new Date(now().getTime() + 86_400_000),
});

const lin = () => simulator.world.people.get('lin');
const openid = () => lin().openids[simulator.world.kit.miniProgram.appid]!;

async function paidInMiniProgram(how: object = {}) {
  const order = newOrder();
  const { prepayId } = await counter.pay.prepayJsapi({ ...order, openid: openid() });
  const parameters = counter.pay.payParametersFor(order.appid, prepayId);
  const answer = await pull<{ errMsg: string; transactionId: string }>('/people/lin/pay', {
    ...parameters,
    outcome: 'pay',
    ...how,
  });
  return { order, ...answer };
}

/** Has the only notice sent, and opens what came. */
async function told(how: object = {}): Promise<NoticeOutcome> {
  const [notice] = [...simulator.world.pay.notices.values()];
  await pull(`/notices/${notice!.id}/send`, how);
  const { headers, body } = merchant.received.at(-1)!;
  return counter.pay.openNotice(Buffer.from(body), headers);
}

describe('three ways of paying', () => {
  it('in the mini-program: the phone accepts our parameters, the query says paid', async () => {
    const { order, errMsg, transactionId } = await paidInMiniProgram({ payerTotal: 189_00 });
    expect(errMsg).toBe('ok');
    const fact = await counter.pay.findByOutTradeNo(order.outTradeNo);
    expect(fact).toMatchObject({
      state: 'success',
      outTradeNo: order.outTradeNo,
      transactionId,
      appid: order.appid,
      mchid: simulator.world.kit.mchid,
      amountFen: 199_00,
      payerFen: 189_00,
      currency: 'CNY',
      openid: openid(),
      tradeType: 'jsapi',
      paidAt: new Date('2026-03-02T02:00:00Z'),
    });
    expect(await counter.pay.findByTransactionId(transactionId)).toEqual(fact);
  });

  it('by scanning', async () => {
    const order = newOrder();
    const { codeUrl } = await counter.pay.prepayNative({ ...order, attach: 'case 17' });
    await pull('/people/chen/scan', { codeUrl, outcome: 'pay' });
    expect(await counter.pay.findByOutTradeNo(order.outTradeNo)).toMatchObject({
      state: 'success',
      tradeType: 'native',
      attach: 'case 17',
    });
  });

  it('in a browser outside WeChat', async () => {
    const order = newOrder();
    const { h5Url } = await counter.pay.prepayH5({ ...order, payerIp: '203.0.113.7' });
    await pull('/people/ouyang/open-h5', { h5Url, outcome: 'pay' });
    expect(await counter.pay.findByOutTradeNo(order.outTradeNo)).toMatchObject({ state: 'success', tradeType: 'h5' });
  });

  it('tells the moment until which each can be used', async () => {
    const { usableUntil } = await counter.pay.prepayH5({ ...newOrder(), payerIp: '203.0.113.7' });
    expect(usableUntil.getTime() - now().getTime()).toBe(300_000);
    const late = await counter.pay.prepayJsapi({ ...newOrder(), openid: openid() });
    await pull('/clock', { advanceMs: late.usableUntil.getTime() - now().getTime() + 1 });
    const parameters = counter.pay.payParametersFor(simulator.world.kit.miniProgram.appid, late.prepayId);
    expect(await pull('/people/lin/pay', { ...parameters, outcome: 'pay' })).not.toMatchObject({ errMsg: 'ok' });
  });
});

describe('ordering again', () => {
  it('gives another permission for the same content, and says what is wrong with another', async () => {
    const order = newOrder();
    await counter.pay.prepayNative(order);
    await expect(counter.pay.prepayNative(order)).resolves.toHaveProperty('codeUrl');
    await expect(counter.pay.prepayNative({ ...order, amountFen: 1 })).rejects.toMatchObject({
      code: 'parameters_changed',
    });
    await pull(`/pay/orders/${order.outTradeNo}/force-paid`);
    await expect(counter.pay.prepayNative(order)).rejects.toMatchObject({ kind: 'refused', code: 'order_paid' });
  });

  it('is told the same when WeChat spells it otherwise', async () => {
    await pull('/pay/settings', {
      paidOrderCode: 'OUT_TRADE_NO_USED',
      changedOrderCode: 'OUT_TRADE_NO_USED',
      codeSpelling: 'joined',
    });
    const order = newOrder();
    await counter.pay.prepayNative(order);
    await expect(counter.pay.prepayNative({ ...order, amountFen: 1 })).rejects.toMatchObject({
      code: 'parameters_changed',
    });
    await counter.pay.close(order.outTradeNo);
    await expect(counter.pay.prepayNative(order)).rejects.toMatchObject({ code: 'order_closed' });
  });

  it('is refused for what only WeChat can know', async () => {
    await expect(
      counter.pay.prepayJsapi({ ...newOrder(), openid: 'oNobodyWhomThisAccountKnows' }),
    ).rejects.toMatchObject({
      code: 'param_error',
    });
    await expect(counter.pay.prepayNative({ ...newOrder(), appid: 'wx0000000000000000' })).rejects.toMatchObject({
      code: 'appid_mchid_not_match',
    });
    expect(counter.logged.join('')).not.toContain('oNobodyWhom');
  });
});

describe('closing and asking', () => {
  it('closes, again and again', async () => {
    const order = newOrder();
    await counter.pay.prepayNative(order);
    expect(await counter.pay.findByOutTradeNo(order.outTradeNo)).toMatchObject({ state: 'not_paid' });
    expect([await counter.pay.close(order.outTradeNo), await counter.pay.close(order.outTradeNo)]).toEqual([
      'closed',
      'closed',
    ]);
    expect(await counter.pay.findByOutTradeNo(order.outTradeNo)).toMatchObject({ state: 'closed' });
  });

  it('finds out that the customer was faster', async () => {
    for (const codeSpelling of ['underscored', 'joined']) {
      await pull('/pay/settings', { codeSpelling });
      const { order } = await paidInMiniProgram();
      expect(await counter.pay.close(order.outTradeNo)).toBe('paid');
    }
  });

  it('does not know what was never ordered', async () => {
    await pull('/pay/settings', { errorsUnsigned: true });
    expect(await counter.pay.findByOutTradeNo('T-NEVER-ORDERED')).toBeNull();
    expect(await counter.pay.findByTransactionId('4200000000000000000000000000')).toBeNull();
    expect(await counter.pay.close('T-NEVER-ORDERED')).toBe('not-found');
  });
});

describe('notices', () => {
  it('say the same as a query', async () => {
    const { order } = await paidInMiniProgram();
    const outcome = await told();
    expect(outcome).toMatchObject({ opened: true, notice: { kind: 'transaction', eventType: 'TRANSACTION.SUCCESS' } });
    const transaction = outcome.opened ? outcome.notice.transaction : null;
    expect(transaction).toEqual(await counter.pay.findByOutTradeNo(order.outTradeNo));
  });

  it.each(['empty', 'absent'])('open with %s associated data', async (associatedData) => {
    await pull('/notices/settings', { associatedData });
    await paidInMiniProgram();
    expect(await told()).toMatchObject({ opened: true });
  });

  it.each([
    ['signature', 'bad-signature', false],
    ['sign-test', 'probe', false],
    ['serial', 'unknown-serial', false],
    ['timestamp', 'stale', false],
    ['truncated', 'bad-signature', false],
    ['body', 'bad-signature', false],
    ['unsigned', 'missing-header', false],
    ['large', 'too-large', false],
    ['ciphertext', 'seal-broken', true],
    ['algorithm', 'seal-broken', true],
    ['api-v3-key', 'seal-broken', true],
    ['not-json', 'unexpected-shape', true],
    ['truncated-signed', 'unexpected-shape', true],
  ])('spoiled by %s are refused: %s', async (tamper, fault, genuine) => {
    await paidInMiniProgram();
    const callsBefore = payCalls();
    expect(await told({ tamper })).toEqual({ opened: false, fault, genuine });
    expect(payCalls()).toBe(callsBefore);
  });

  it.each([
    ['appid', { appid: 'wx51000000000000ff' }],
    ['amount', { amountFen: 199_01 }],
    ['currency', { currency: 'USD' }],
    ['trade-state', { state: 'closed' }],
  ])('with another %s are told as they are', async (tamper, transaction) => {
    await paidInMiniProgram();
    expect(await told({ tamper })).toMatchObject({ opened: true, notice: { transaction } });
  });

  it('of old are refused when they are replayed', async () => {
    await paidInMiniProgram();
    expect(await told()).toMatchObject({ opened: true });
    await pull('/clock', { advanceMs: 301_000 });
    expect(await told({ tamper: 'replay' })).toMatchObject({ opened: false, fault: 'stale' });
    expect(await told()).toMatchObject({ opened: true });
  });
});

describe('key modes', () => {
  it('certificates: both of them, found by the list', async () => {
    await pull('/pay/settings', { keyMode: 'certificate', certificateInUse: 'mixed' });
    await counter.pay.stop();
    openWith(certificateMode);
    await counter.pay.start();
    const serials = new Set<string>();
    for (let count = 0; count < 4; count += 1) {
      await paidInMiniProgram();
      const [notice] = [...simulator.world.pay.notices.values()].slice(-1);
      await pull(`/notices/${notice!.id}/send`, { times: 2 });
      for (const { headers, body } of merchant.received.splice(0)) {
        serials.add(String(headers['wechatpay-serial']));
        expect(counter.pay.openNotice(Buffer.from(body), headers)).toMatchObject({ opened: true });
      }
    }
    expect(serials.size).toBe(2);
  });

  it('the switch: answers with the public key, notices with both', async () => {
    await pull('/pay/settings', { keyMode: 'switching', callbackShare: 50 });
    await counter.pay.stop();
    openWith({ useCertificates: true });
    await counter.pay.start();
    await paidInMiniProgram();
    for (let count = 0; count < 6; count += 1) expect(await told()).toMatchObject({ opened: true });
    expect(counter.logged.join('')).not.toContain('not verified');
  });

  it.each(['RESOURCE_NOT_EXISTS', 'NOT_FOUND', 'empty-list'])(
    'the public key alone, when certificates are looked for in vain: %s',
    async (certificatesAbsence) => {
      await pull('/pay/settings', { keyMode: 'public-key', certificatesAbsence });
      await counter.pay.stop();
      openWith({ useCertificates: true });
      await counter.pay.start();
      expect(await paidInMiniProgram()).toMatchObject({ errMsg: 'ok' });
    },
  );
});

describe('faults', () => {
  const order = () => counter.pay.prepayNative(newOrder());

  it.each([
    ['sign-test', 'bad_signature', 'probe'],
    ['unknown-serial', 'bad_signature', 'unknown_serial'],
    ['timestamp-off', 'bad_signature', 'stale'],
    ['unsigned', 'bad_signature', 'missing_header'],
    ['wrong-body-signature', 'bad_signature', 'bad_signature'],
    ['rate-limited', 'rate_limited', 'rate_limited'],
    ['reset-before', 'unknown', 'connection_lost'],
    ['reset-after-effect', 'unknown', 'connection_lost'],
  ])('%s is %s: %s', async (fault, kind, code) => {
    await inject(fault);
    await expect(order()).rejects.toMatchObject({ kind, code, retryable: true });
  });

  it('a body that is cut off is an outcome that nobody knows', async () => {
    await inject('truncated-body');
    const failed = await order().catch((error: unknown) => error);
    expect(failed).toMatchObject({ retryable: true });
    expect(['unknown', 'bad_signature']).toContain((failed as { kind: string }).kind);
  });

  it('a delay beyond our patience is too', async () => {
    await counter.pay.stop();
    openWith({ timeoutMs: 200 });
    await inject('delay', { ms: 1_000 });
    await expect(order()).rejects.toMatchObject({ kind: 'unknown', code: 'timeout' });
  });

  it.each(['html-502', 'error-before', 'error-after-effect'])('%s is mended by the second domain', async (fault) => {
    await inject(fault);
    await expect(order()).resolves.toHaveProperty('codeUrl');
    expect(counter.logged.at(-1)).toContain('"domain":"backup"');
  });

  it('an answer lost after its effect is got by asking again', async () => {
    const lost = newOrder();
    await inject('reset-after-effect');
    await expect(counter.pay.prepayNative(lost)).rejects.toMatchObject({ kind: 'unknown' });
    expect(await counter.pay.findByOutTradeNo(lost.outTradeNo)).toMatchObject({ state: 'not_paid' });
    await expect(counter.pay.prepayNative(lost)).resolves.toHaveProperty('codeUrl');
  });

  it('a first domain that is down is left, and found again', async () => {
    await pull('/pay/settings', { primaryDown: true });
    await order();
    await pull('/pay/settings', { primaryDown: false });
    await order();
    expect(counter.logged.at(-1)).toContain('"domain":"backup"');
    await pull('/clock', { advanceMs: 60_000 });
    await order();
    expect(counter.logged.at(-1)).toContain('"domain":"primary"');
  });
});
