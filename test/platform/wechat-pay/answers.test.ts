import { newSigningKey, newMerchantKit } from './merchant-kit.ts';
import { aTransaction, anOrder, openCounter, settingsFor, TestClock, type Counter } from './counter.ts';
import { StrictServer, type SignatureOverrides } from './strict-server.ts';

const kit = newMerchantKit();
const clock = new TestClock();
let wechat: StrictServer;
let counter: Counter;

beforeAll(async () => {
  wechat = await StrictServer.start(kit, clock.now);
});
beforeEach(() => {
  counter = openCounter(settingsFor(kit, { origin: wechat.origin }), clock.now);
});
afterEach(() => counter.pay.stop());
afterAll(() => wechat.stop());

const ask = () => counter.pay.findByOutTradeNo(anOrder.outTradeNo);

const answering = (overrides: SignatureOverrides, transaction: object = aTransaction(kit)) => {
  wechat.turns = [(response) => wechat.reply(response, 200, JSON.stringify(transaction), overrides)];
};

describe('a payment, as WeChat tells it', () => {
  it('becomes a fact in our words', async () => {
    answering({});
    expect(await ask()).toEqual({
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
    });
    expect(wechat.calls.at(-1)!.target).toBe(
      `/v3/pay/transactions/out-trade-no/${anOrder.outTradeNo}?mchid=${kit.mchid}`,
    );
  });

  it.each([
    ['REFUND', 'refund'],
    ['NOTPAY', 'not_paid'],
    ['CLOSED', 'closed'],
    ['REVOKED', 'revoked'],
    ['USERPAYING', 'paying'],
    ['PAYERROR', 'pay_failed'],
    ['SOMETHING_NEW', 'unrecognised'],
  ])('%s is %s', async (theirs, ours) => {
    answering({}, aTransaction(kit, { trade_state: theirs }));
    expect(await ask()).toMatchObject({ state: ours });
  });

  it('is found by WeChat’s own number too', async () => {
    answering({});
    expect(await counter.pay.findByTransactionId('4200002026030212345678901234')).toMatchObject({ state: 'success' });
    expect(wechat.calls.at(-1)!.target).toBe(`/v3/pay/transactions/id/4200002026030212345678901234?mchid=${kit.mchid}`);
  });

  it('may carry fields that we do not know, and lack those that no money depends on', async () => {
    const bare = aTransaction(kit, {
      amount: { total: 19900 },
      payer: null,
      attach: null,
      trade_type: 'MWEB',
      new_field: [1],
    });
    answering({}, bare);
    expect(await ask()).toMatchObject({ amountFen: 19900, payerFen: null, currency: 'CNY', tradeType: 'h5' });
  });

  it.each([
    ['amount as text', { amount: { total: '19900', currency: 'CNY' } }],
    ['amount in parts of a fen', { amount: { total: 199.5, currency: 'CNY' } }],
    ['no amount', { amount: undefined }],
    ['no transaction id', { transaction_id: undefined }],
    ['no moment of success', { success_time: 'yesterday' }],
  ])('is not a fact with %s', async (_what, wrong) => {
    answering({}, aTransaction(kit, wrong));
    await expect(ask()).rejects.toMatchObject({ kind: 'unknown', code: 'unexpected_answer' });
  });

  it.each([
    ['another order', { out_trade_no: 'T2603020002' }],
    ['another merchant’s order', { mchid: '1900000110' }],
  ])('does not count when it is about %s', async (_what, other) => {
    answering({}, aTransaction(kit, other));
    await expect(ask()).rejects.toMatchObject({ kind: 'unknown', code: 'answer_about_another_order' });
  });

  it('is null when WeChat does not know the order, whichever way it spells that', async () => {
    for (const code of ['ORDER_NOT_EXIST', 'ORDERNOTEXIST']) {
      wechat.turns = [(response) => wechat.refuse(response, 404, code)];
      expect(await ask()).toBeNull();
    }
  });

  it.each([
    [404, 'RESOURCE_NOT_EXISTS', 'refused'],
    [403, 'NO_AUTH', 'refused'],
    [500, 'ORDER_NOT_EXIST', 'unknown'],
  ])('is not null for %s %s', async (status, code, kind) => {
    wechat.turns = [(response) => wechat.refuse(response, status, code)];
    await expect(ask()).rejects.toMatchObject({ kind });
  });
});

describe('an answer that is not proved to be WeChat’s', () => {
  const text = JSON.stringify(aTransaction(kit));
  const stranger = newSigningKey('PUB_KEY_ID_0000');

  it.each<[string, string, SignatureOverrides]>([
    ['was changed on its way', 'bad_signature', { signedText: text.replace('"total":19900', '"total":1') }],
    ['was changed by a space', 'bad_signature', { signedText: `${text} ` }],
    [
      'is signed by a stranger under WeChat’s name',
      'bad_signature',
      { key: stranger, serial: kit.wechatPublicKey.serial },
    ],
    ['is signed with our own certificate', 'bad_signature', { key: kit.merchant, serial: kit.wechatPublicKey.serial }],
    ['is signed with a key that nobody knows', 'unknown_serial', { key: stranger }],
    ['names the key in other letters', 'unknown_serial', { serial: kit.wechatPublicKey.serial.toLowerCase() }],
    ['is a probe', 'probe', { prefix: 'WECHATPAY/SIGNTEST/' }],
    ['is 300 seconds old', 'stale', { timestamp: String(clock.now().getTime() / 1000 - 300) }],
    ['is 300 seconds early', 'stale', { timestamp: String(clock.now().getTime() / 1000 + 300) }],
    ['has a timestamp that is no number', 'stale', { timestamp: '0x6a000000' }],
    ['is signed another way', 'wrong_type', { type: 'WECHATPAY2-SM2-WITH-SM3' }],
  ])('%s', async (_what, code, overrides) => {
    answering(overrides);
    await expect(ask()).rejects.toMatchObject({
      upstream: 'wechat-pay',
      kind: 'bad_signature',
      code,
      retryable: true,
      requestId: '08F78BB5AF0610B302189C8DE5A00128F9CD3850-0',
    });
  });

  it.each(['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-serial', 'wechatpay-signature'])(
    'lacks %s',
    async (header) => {
      wechat.turns = [
        (response) => {
          const setHead = response.writeHead.bind(response);
          response.writeHead = ((status: number, headers: Record<string, string>) => {
            const { [header]: _left, ...others } = headers;
            return setHead(status, others);
          }) as typeof response.writeHead;
          wechat.reply(response, 200, text);
        },
      ];
      await expect(ask()).rejects.toMatchObject({ kind: 'bad_signature', code: 'missing_header' });
    },
  );

  it('closes nothing: an answer without a body is signed too', async () => {
    wechat.turns = [(response) => wechat.reply(response, 204, '', { signedText: 'x' })];
    await expect(counter.pay.close(anOrder.outTradeNo)).rejects.toMatchObject({ kind: 'bad_signature' });
    wechat.turns = [(response) => response.writeHead(204).end()];
    await expect(counter.pay.close(anOrder.outTradeNo)).rejects.toMatchObject({ code: 'missing_header' });
    wechat.turns = [(response) => wechat.reply(response, 204, '')];
    expect(await counter.pay.close(anOrder.outTradeNo)).toBe('closed');
  });
});
