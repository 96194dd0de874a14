import { anOrder, aTransaction, openCounter, settingsFor, TestClock, type Counter } from './counter.ts';
import { newMerchantKit, newSigningKey } from './merchant-kit.ts';
import { sealText, signatureHeaders, type SealedText, type SignatureOverrides } from './strict-server.ts';

const kit = newMerchantKit();
const clock = new TestClock();
let counter: Counter;

beforeEach(() => {
  counter = openCounter(settingsFor(kit, { origin: 'http://127.0.0.1:9' }), clock.now);
});
afterEach(() => counter.pay.stop());

interface Told {
  eventType?: string;
  content?: unknown;
  sealed?: Partial<SealedText>;
  envelope?: object;
}

function noticeText({
  eventType = 'TRANSACTION.SUCCESS',
  content = aTransaction(kit),
  sealed,
  envelope,
}: Told = {}): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return JSON.stringify({
    id: 'EV-20260302100006000001',
    create_time: '2026-03-02T10:00:06+08:00',
    event_type: eventType,
    resource_type: 'encrypt-resource',
    summary: '支付成功',
    resource: { original_type: 'transaction', ...sealText(text, kit.apiV3Key, 'transaction'), ...sealed },
    ...envelope,
  });
}

const open = (text: string, overrides: SignatureOverrides = {}) =>
  counter.pay.openNotice(
    Buffer.from(text),
    signatureHeaders(text, overrides.key ?? kit.wechatPublicKey, clock.now(), overrides),
  );

it('opens a payment', () => {
  expect(open(noticeText())).toEqual({
    opened: true,
    notice: {
      id: 'EV-20260302100006000001',
      eventType: 'TRANSACTION.SUCCESS',
      kind: 'transaction',
      transaction: {
        state: 'success',
        outTradeNo: anOrder.outTradeNo,
        transactionId: '4200002026030212345678901234',
        appid: anOrder.appid,
        mchid: kit.mchid,
        amountFen: 19900,
        payerFen: 18900,
        currency: 'CNY',
        openid: 'oTestPayerOpenid000000000001',
        tradeType: 'jsapi',
        paidAt: new Date('2026-03-02T02:00:05Z'),
      },
    },
  });
  expect(counter.logged).toEqual([]);
});

it('opens one that was sealed without associated data', () => {
  const sealed = sealText(JSON.stringify(aTransaction(kit)), kit.apiV3Key);
  for (const associated_data of [undefined, '']) {
    expect(open(noticeText({ sealed: { ...sealed, associated_data } }))).toMatchObject({ opened: true });
  }
});

it('hands on what is another merchant’s, another app’s, or another amount: that is for the business to judge', () => {
  const content = aTransaction(kit, { mchid: '1900000110', appid: 'wxother', amount: { total: 1, currency: 'USD' } });
  expect(open(noticeText({ content }))).toMatchObject({
    notice: { transaction: { mchid: '1900000110', appid: 'wxother', amountFen: 1, currency: 'USD' } },
  });
});

it.each([
  ['a combined order', 'TRANSACTION.SUCCESS', { combine_out_trade_no: 'C1', sub_orders: [] }],
  ['something new', 'SOMETHING.NEW', { any: 'thing' }],
])('tells %s apart', (_what, eventType, content) => {
  expect(open(noticeText({ eventType, content }))).toEqual({
    opened: true,
    notice: { id: 'EV-20260302100006000001', eventType, kind: 'other' },
  });
});

describe('a notice that is not WeChat’s', () => {
  const stranger = newSigningKey('PUB_KEY_ID_0000');

  it.each<[string, string, SignatureOverrides]>([
    ['changed on its way', 'bad-signature', { signedText: '{}' }],
    ['signed by a stranger', 'unknown-serial', { key: stranger }],
    [
      'signed by a stranger under WeChat’s name',
      'bad-signature',
      { key: stranger, serial: kit.wechatPublicKey.serial },
    ],
    ['a probe', 'probe', { prefix: 'WECHATPAY/SIGNTEST/' }],
    ['300 seconds old', 'stale', { timestamp: String(clock.now().getTime() / 1000 - 300) }],
    ['signed another way', 'wrong-type', { type: 'WECHATPAY2-SM2-WITH-SM3' }],
  ])('is refused, in one line: %s', (_what, fault, overrides) => {
    expect(open(noticeText(), overrides)).toEqual({ opened: false, fault, genuine: false });
    expect(counter.logged).toHaveLength(1);
    expect(counter.logged[0]).toContain(`"fault":"${fault}"`);
  });

  it('is refused without headers, with empty ones, with doubled ones and with garbage', () => {
    const rawBody = Buffer.from(noticeText());
    const right = signatureHeaders(noticeText(), kit.wechatPublicKey, clock.now());
    const faults = [
      {},
      { ...right, 'wechatpay-nonce': '' },
      { ...right, 'wechatpay-serial': [kit.wechatPublicKey.serial, kit.wechatPublicKey.serial] },
      { ...right, 'wechatpay-signature': '\u0000%%%' },
      { ...right, 'wechatpay-timestamp': '1e9' },
      { ...right, 'wechatpay-signature-type': ['a', 'b'] },
      { ...right, 'wechatpay-serial': '__proto__' },
    ].map((headers) => counter.pay.openNotice(rawBody, headers));
    expect(faults.map((outcome) => !outcome.opened && outcome.fault)).toEqual([
      'missing-header',
      'missing-header',
      'missing-header',
      'bad-signature',
      'stale',
      'wrong-type',
      'unknown-serial',
    ]);
  });

  it('is refused cut off, empty, and when one byte of it is another', () => {
    const text = noticeText();
    const headers = signatureHeaders(text, kit.wechatPublicKey, clock.now());
    const bytes = Buffer.from(text);
    const changed = Buffer.from(bytes);
    changed[changed.indexOf('EV-')] = 'W'.charCodeAt(0);
    for (const wrong of [bytes.subarray(0, 200), Buffer.alloc(0), changed, Buffer.concat([bytes, Buffer.from('\n')])]) {
      expect(counter.pay.openNotice(wrong, headers)).toMatchObject({ opened: false, fault: 'bad-signature' });
    }
  });

  it('is refused unread when it is larger than any notice', () => {
    const text = noticeText({ envelope: { padding: 'x'.repeat(64 * 1024) } });
    expect(open(text)).toEqual({ opened: false, fault: 'too-large', genuine: false });
  });
});

describe('a genuine notice that cannot be opened', () => {
  const otherKey = sealText(JSON.stringify(aTransaction(kit)), 'f'.repeat(32), 'transaction');
  const flippedBit = (): Partial<SealedText> => {
    const sealed = sealText(JSON.stringify(aTransaction(kit)), kit.apiV3Key, 'transaction');
    const bytes = Buffer.from(sealed.ciphertext, 'base64');
    bytes[40]! ^= 1;
    return { ...sealed, ciphertext: bytes.toString('base64') };
  };

  it.each<[string, string, Told]>([
    ['one bit flipped', 'seal-broken', { sealed: flippedBit() }],
    ['another APIv3 key', 'seal-broken', { sealed: otherKey }],
    ['another associated data', 'seal-broken', { sealed: { associated_data: 'refund' } }],
    ['another algorithm', 'seal-broken', { sealed: { algorithm: 'AEAD_SM4_GCM' } }],
    ['no id', 'unexpected-shape', { envelope: { id: undefined } }],
    ['no resource', 'unexpected-shape', { envelope: { resource: undefined } }],
    ['content that is no JSON', 'unexpected-shape', { content: '<xml/>' }],
    ['content that is null', 'unexpected-shape', { content: null }],
    ['an amount as text', 'unexpected-shape', { content: aTransaction(kit, { amount: { total: '1' } }) }],
    ['no number', 'unexpected-shape', { content: aTransaction(kit, { out_trade_no: undefined }) }],
  ])('is an error for us to mend: %s', (_what, fault, told) => {
    expect(open(noticeText(told))).toEqual({ opened: false, fault, genuine: true });
    expect(counter.logged).toHaveLength(1);
    expect(counter.logged[0]).toContain('"level":50');
  });

  it('is so too when it is no JSON at all', () => {
    for (const text of ['', 'hello', '<xml/>', '{"id":']) {
      expect(open(text)).toEqual({ opened: false, fault: 'unexpected-shape', genuine: true });
    }
  });
});

describe('of a refund', () => {
  const content = {
    mchid: kit.mchid,
    out_trade_no: 'T2603020001',
    transaction_id: '4200000123202603020000000001',
    out_refund_no: 'R2603020001',
    refund_id: '50300000012026030200000001',
    refund_status: 'SUCCESS',
    success_time: '2026-03-02T10:00:05+08:00',
    user_received_account: '支付用户零钱',
    amount: { total: 19900, refund: 5000, payer_total: 19900, payer_refund: 5000 },
  };
  const openRefund = (change: object) =>
    open(noticeText({ eventType: 'REFUND.SUCCESS', content: { ...content, ...change } }));

  it('is read with its state, its amount and when the money arrived', () => {
    expect(openRefund({})).toMatchObject({
      notice: {
        kind: 'refund',
        refund: {
          state: 'success',
          outRefundNo: 'R2603020001',
          amountFen: 5000,
          succeededAt: new Date('2026-03-02T02:00:05Z'),
        },
      },
    });
    expect(openRefund({ refund_status: 'ABNORMAL', success_time: undefined })).toMatchObject({
      notice: { refund: { state: 'abnormal', succeededAt: null } },
    });
    expect(openRefund({ refund_status: 'UNHEARD_OF' })).toMatchObject({
      notice: { refund: { state: 'unrecognised' } },
    });
  });

  it.each([
    ['without an amount', { amount: undefined }],
    ['with an amount in quotes', { amount: { total: 19900, refund: '5000' } }],
    ['without its number', { out_refund_no: undefined }],
    ['that arrived at no time', { success_time: undefined }],
  ])('%s is not read at all, so that WeChat sends it again', (_what, change) => {
    expect(openRefund(change)).toEqual({ opened: false, fault: 'unexpected-shape', genuine: true });
  });
});
