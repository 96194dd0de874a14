import type { RunningSimulator } from '../../../simulator/src/simulator.ts';
import { findFapiaoFact, findNoticedFapiao } from '../../../src/platform/wechat-pay/fapiao.ts';
import type { FapiaoOrder } from '../../../src/platform/wechat-pay/index.ts';
import { startMerchant } from '../../simulator/merchant-server.ts';
import { orderBody, payClient, pull as pullLever } from '../../simulator/pay-client.ts';
import { startTestSimulator } from '../../simulator/support.ts';
import { certificateMode, type Counter, openOn } from './counter.ts';

let simulator: RunningSimulator;
let merchant: Awaited<ReturnType<typeof startMerchant>>;
let counter: Counter;

beforeAll(async () => {
  simulator = await startTestSimulator({ payPort: 0, now: Date.parse('2026-03-02T02:00:00Z') });
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull('/clock', { frozen: true });
  await pull('/notices/settings', { mode: 'held' });
  merchant = await startMerchant();
  counter = openOn(simulator);
  await makeCard();
});
afterEach(async () => {
  await counter.pay.stop();
  await merchant.stop();
});
afterAll(() => simulator.stop());

const pull = <T>(path: string, body: object = {}) => pullLever<T>(simulator, path, body);
const settings = (changes: object) => pull('/pay/settings', changes);
const later = (advanceMs: number) => pull('/clock', { advanceMs });
const sent = (path = '/v3/') => simulator.world.calls.all().filter((call) => call.path.startsWith(path)).length;
const makeCard = () =>
  counter.pay.setFapiaoCard({
    appid: simulator.world.kit.officialAccount.appid,
    logoUrl: 'https://mmbiz.qpic.cn/mmbiz/logo/0',
  });

async function order(changes: Partial<FapiaoOrder> = {}): Promise<FapiaoOrder> {
  const body = orderBody(simulator);
  await payClient(simulator).post('/v3/pay/transactions/jsapi', body);
  await pull(`/pay/orders/${String(body.out_trade_no)}/force-paid`, { notify: false });
  const { transactionId } = simulator.world.pay.orders.get(String(body.out_trade_no))!.payment!;
  return { ...anOrder, transactionId, ...changes };
}

const anOrder: FapiaoOrder = {
  transactionId: '4200000000',
  fapiaoId: 'F1',
  amountFen: 19900,
  buyer: {
    kind: 'company',
    name: '示例科技有限公司',
    taxNumber: '91000000MA00000001',
    address: '示例市示例路2号',
    telephone: '000-00000000',
    bankName: null,
    bankAccount: null,
  },
  goods: { taxCode: '3040602000000000000', name: '咨询服务费', taxRate: 600 },
  remark: '订单 A1',
};

async function issued(changes: Partial<FapiaoOrder> = {}): Promise<FapiaoOrder> {
  const wanted = await order(changes);
  await counter.pay.issueFapiao(wanted);
  await later(5000);
  return wanted;
}

describe('A fapiao', () => {
  it.each(['digital', 'blockchain'])('is issued, fetched and taken back (%s)', async (fapiaoKind) => {
    await settings({ fapiaoKind });
    const wanted = await order();
    await counter.pay.issueFapiao(wanted);
    expect(await counter.pay.findFapiao(wanted)).toMatchObject({ state: 'issuing', blue: null, card: null });
    await later(5000);
    const fact = (await counter.pay.findFapiao(wanted))!;
    expect(fact).toMatchObject({
      fapiaoId: 'F1',
      state: 'issued',
      totalFen: 19900,
      blue: {
        number: expect.stringMatching(fapiaoKind === 'digital' ? /^\d{20}$/ : /^\d{8}$/),
        code: fapiaoKind === 'digital' ? null : expect.stringMatching(/^\d{12}$/),
        issuedAt: new Date('2026-03-02T02:00:05Z'),
      },
      card: { state: 'inserting', openid: expect.any(String) },
      failure: null,
    });
    const pdf = await counter.pay.downloadFapiao(wanted, fact);
    expect(pdf.toString('latin1')).toContain(fact.blue!.number);

    await counter.pay.reverseFapiao(wanted, fact.blue!, 'returned');
    expect(await counter.pay.findFapiao(wanted)).toMatchObject({ state: 'reversing' });
    await later(5000);
    expect(await counter.pay.findFapiao(wanted)).toMatchObject({
      state: 'reversed',
      red: { number: expect.stringMatching(/^\d+$/) },
      card: { state: 'discarded' },
    });
  });

  it.each(['own', 'before'])('that failed says why (status shown: %s)', async (fapiaoFailureStatus) => {
    await settings({ fapiaoOutcome: 'FAILED', fapiaoReverseOutcome: 'FAILED', fapiaoFailureStatus });
    const wanted = await issued();
    const why = { code: 'BIZ_ERROR', words: expect.stringContaining('授信额度不足') };
    expect(await counter.pay.findFapiao(wanted)).toMatchObject({ state: 'issue_failed', failure: why });
    await settings({ fapiaoOutcome: 'ISSUED' });
    await counter.pay.issueFapiao({ ...wanted, fapiaoId: 'F2' });
    await later(5000);
    const second = { ...wanted, fapiaoId: 'F2' };
    const { blue } = (await counter.pay.findFapiao(second))!;
    await counter.pay.reverseFapiao(second, blue!, 'mistake');
    await later(5000);
    expect(await counter.pay.findFapiao(second)).toMatchObject({ state: 'issued', failure: { code: 'BIZ_ERROR' } });
  });

  it('that nobody applied for is not there', async () => {
    expect(await counter.pay.findFapiao(anOrder)).toBeNull();
    const wanted = await issued();
    expect(await counter.pay.findFapiao({ ...wanted, fapiaoId: 'F9' })).toBeNull();
  });

  it.each([
    ['public-key', {}],
    ['certificate', certificateMode],
  ])('carries phone and email that only WeChat can read (%s mode)', async (keyMode, mode) => {
    await settings({ keyMode });
    await counter.pay.stop();
    counter = openOn(simulator, mode);
    await counter.pay.start();
    const buyer = { ...anOrder.buyer, mobile: '13800000009', email: 'finance@example.com' };
    const wanted = await issued({ buyer });
    const kept = simulator.world.pay.fapiao.applications.get(wanted.transactionId)!.fapiaos[0]!.buyer;
    expect(kept).toMatchObject({ phone: '13800000009', email: 'finance@example.com', type: 'ORGANIZATION' });
    expect(counter.logged.join()).not.toContain('13800000009');
  });

  it.each([
    ['for a company without its tax number', { buyer: { ...anOrder.buyer, taxNumber: null } }],
    ['of nothing', { amountFen: 0 }],
    ['under a number of 33 characters', { fapiaoId: 'F'.repeat(33) }],
    ['for what cannot be a payment', { transactionId: '../certificates' }],
    ['with a tax code of ten digits', { goods: { ...anOrder.goods, taxCode: '3040602000' } }],
  ])('%s is never asked for', async (_what, wrong) => {
    const before = sent();
    await expect(counter.pay.issueFapiao({ ...anOrder, ...wrong })).rejects.toMatchObject({ code: 'param_error' });
    expect(sent()).toBe(before);
  });

  it.each(['error-after-effect', 'html-502', 'reset-after-effect'])(
    'whose answer is lost (%s) is not asked for a second time at the other domain',
    async (kind) => {
      const wanted = await order();
      await pull('/faults', { path: '/v3/new-tax-control-fapiao', method: 'POST', kind });
      await expect(counter.pay.issueFapiao(wanted)).rejects.toMatchObject({ kind: 'unknown' });
      expect(sent('/v3/new-tax-control-fapiao/fapiao-applications')).toBe(1);
      expect((await counter.pay.findFapiao(wanted)) !== null).toBe(kind !== 'html-502');
    },
  );

  it('is told as refused under a number that is known, and stands all the same', async () => {
    const wanted = await issued();
    await expect(counter.pay.issueFapiao(wanted)).rejects.toMatchObject({ kind: 'refused', code: 'invalid_request' });
    expect(await counter.pay.findFapiao(wanted)).toMatchObject({ state: 'issued' });
    await settings({ repeatedFapiao: 'accepted' });
    await counter.pay.issueFapiao(wanted);
  });
});

describe('A file of a fapiao', () => {
  it.each([
    ['fapiao-cut', 'digest_differs'],
    ['fapiao-wrong-digest', 'digest_differs'],
    ['html-502', 'http_502'],
    ['reset-before', 'connection_lost'],
    ['truncated-body', 'connection_lost'],
  ])('that comes with %s is not taken', async (kind, code) => {
    const wanted = await issued();
    const fact = (await counter.pay.findFapiao(wanted))!;
    await pull('/faults', { path: '/invoicing/', kind });
    await expect(counter.pay.downloadFapiao(wanted, fact)).rejects.toMatchObject({ kind: 'unknown', code });
    expect((await counter.pay.downloadFapiao(wanted, fact)).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('is not fetched from elsewhere, nor asked for before it is issued', async () => {
    await settings({ fapiaoOutcome: 'held' });
    const wanted = await issued();
    const early = (await counter.pay.findFapiao(wanted))!;
    await expect(counter.pay.downloadFapiao(wanted, early)).rejects.toMatchObject({ kind: 'refused' });
    await pull('/pay/fapiao/F1/issue');
    const fact = (await counter.pay.findFapiao(wanted))!;
    const { payOrigin } = simulator.world.addresses;
    simulator.world.addresses.payOrigin = 'http://127.0.0.1:9';
    const fetched = counter.pay.downloadFapiao(wanted, fact);
    await expect(fetched).rejects.toMatchObject({ code: 'foreign_download_address' });
    simulator.world.addresses.payOrigin = payOrigin;
  });
});

describe('News of fapiao', () => {
  it.each(['empty', 'RESOURCE_NOT_EXISTS'])('has one address, ours (before: %s)', async (fapiaoOptionsAbsence) => {
    await settings({ fapiaoOptionsAbsence });
    expect(await counter.pay.findFapiaoUrl()).toBeNull();
    await counter.pay.setFapiaoUrl(merchant.url);
    expect(await counter.pay.findFapiaoUrl()).toBe(merchant.url);
    const { transactionId: applyId } = await issued();
    const [notice] = [...simulator.world.pay.notices.values()];
    await pull(`/notices/${notice!.id}/send`);
    const { headers, body } = merchant.received.at(-1)!;
    expect(counter.pay.openNotice(Buffer.from(body), headers)).toMatchObject({
      opened: true,
      notice: { eventType: 'FAPIAO.ISSUED', kind: 'fapiao', fapiao: { applyId } },
    });
    await pull(`/notices/${notice!.id}/send`, { tamper: 'signature' });
    const forged = merchant.received.at(-1)!;
    expect(counter.pay.openNotice(Buffer.from(forged.body), forged.headers)).toMatchObject({ opened: false });
  });
});

describe('What WeChat says of a fapiao', () => {
  const numbers = {
    fapiao_code: '044001911211',
    fapiao_number: '12897794',
    check_code: '69001808340631374774',
    password: '006>299-375/326>2+7/*0-+<351059<80<4*/5>',
    fapiao_time: '2020-07-01T12:00:00+08:00',
  };
  /** WeChat's own sample, without what is not read. */
  const sample = {
    fapiao_id: '20200701123456',
    status: 'ISSUED',
    blue_fapiao: numbers,
    card_information: { card_openid: 'plN5twRbHym_j-QcqCzstl0HmwEs', card_status: 'INSERT_ACCEPTED' },
    total_amount: 382895,
  };

  it('is read from its sample', () => {
    expect(findFapiaoFact(sample)).toEqual({
      fapiaoId: '20200701123456',
      state: 'issued',
      totalFen: 382895,
      blue: { number: '12897794', code: '044001911211', issuedAt: new Date('2020-07-01T04:00:00Z') },
      red: null,
      card: { openid: 'plN5twRbHym_j-QcqCzstl0HmwEs', state: 'inserting' },
      failure: null,
    });
  });

  it.each([
    ['ISSUE_ACCEPTED', {}, 'issuing'],
    ['ISSUE_ACCEPTED', { blue_fapiao: { fapiao_code: '', fapiao_number: '', fapiao_time: '' } }, 'issuing'],
    ['ISSUE_ACCEPTED', { fapiao_error_code: 'BIZ_ERROR' }, 'issue_failed'],
    ['ISSUE_FAILED', {}, 'issue_failed'],
    ['REVERSE_ACCEPTED', {}, 'reversing'],
    ['REVERSE_ACCEPTED', { fapiao_error_message: '冲红失败' }, 'issued'],
    ['REVERSE_FAILED', {}, 'issued'],
    ['REVERSED', { red_fapiao: numbers }, 'reversed'],
    ['UNHEARD_OF', {}, 'unrecognised'],
  ])('of status %s with %j is %s', (status, more, state) => {
    expect(findFapiaoFact({ ...sample, status, ...more })).toMatchObject({ state });
  });

  it('is a number of twenty digits without a code, or with an empty one', () => {
    for (const fapiao_code of [undefined, null, '']) {
      const blue_fapiao = { ...numbers, fapiao_code, fapiao_number: '26112000000012345678' };
      expect(findFapiaoFact({ ...sample, blue_fapiao })!.blue).toMatchObject({ code: null });
    }
  });

  it.each([
    ['which it is', { fapiao_id: undefined }],
    ['how it stands', { status: '' }],
    ['how much it is', { total_amount: 0 }],
    ['its number though it is issued', { blue_fapiao: undefined }],
    ['a number that can be one', { blue_fapiao: { ...numbers, fapiao_number: '1' } }],
    ['the red number though it is reversed', { status: 'REVERSED' }],
  ])('is not taken when it does not say %s', (_what, wrong) => {
    expect(findFapiaoFact({ ...sample, ...wrong })).toBeNull();
  });

  it('is not taken when it is nothing at all', () => {
    for (const value of [null, undefined, 'x', [], 7]) {
      expect(findFapiaoFact(value)).toBeNull();
      expect(findNoticedFapiao(value)).toBeNull();
    }
    expect(findNoticedFapiao({ fapiao_apply_id: '../x' })).toBeNull();
  });
});
