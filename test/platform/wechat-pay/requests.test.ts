import { createVerify } from 'node:crypto';
import type { UpstreamError } from '../../../src/platform/errors.ts';
import { anOrder, openCounter, settingsFor, TestClock, type Counter } from './counter.ts';
import { newMerchantKit } from './merchant-kit.ts';
import { StrictServer } from './strict-server.ts';

const kit = newMerchantKit();
const clock = new TestClock();
let wechat: StrictServer;
let counter: Counter;

beforeAll(async () => {
  wechat = await StrictServer.start(kit, clock.now);
});
beforeEach(() => {
  wechat.calls.length = 0;
  counter = openCounter(settingsFor(kit, { origin: wechat.origin }), clock.now);
});
afterEach(() => counter.pay.stop());
afterAll(() => wechat.stop());

const answering = (value: unknown) => {
  wechat.turns = [(response) => wechat.reply(response, 200, JSON.stringify(value))];
};
const sentBody = (): unknown => JSON.parse(wechat.calls[0]!.body);
const failureOf = (call: Promise<unknown>): Promise<UpstreamError> => call.then(fail, (error: UpstreamError) => error);
const fail = (): never => {
  throw new Error('it should have been refused');
};

const commonBody = {
  appid: anOrder.appid,
  mchid: kit.mchid,
  description: anOrder.description,
  out_trade_no: anOrder.outTradeNo,
  time_expire: '2026-03-03T10:00:00+08:00',
  notify_url: anOrder.notifyUrl,
  amount: { total: 19900, currency: 'CNY' },
};

describe('ordering', () => {
  it('asks for a JSAPI payment and gives the prepay id with its two hours', async () => {
    answering({ prepay_id: 'wx0210000000000000000000000001' });
    const prepared = await counter.pay.prepayJsapi({ ...anOrder, openid: 'oTestPayerOpenid000000000001' });
    expect(prepared).toEqual({
      prepayId: 'wx0210000000000000000000000001',
      usableUntil: new Date('2026-03-02T04:00:00Z'),
    });
    expect(wechat.calls[0]).toMatchObject({ method: 'POST', target: '/v3/pay/transactions/jsapi' });
    expect(sentBody()).toEqual({ ...commonBody, payer: { openid: 'oTestPayerOpenid000000000001' } });
  });

  it('asks for a QR code', async () => {
    answering({ code_url: 'weixin://wxpay/bizpayurl?pr=abc' });
    const prepared = await counter.pay.prepayNative({ ...anOrder, attach: 'order 17' });
    expect(prepared).toEqual({
      codeUrl: 'weixin://wxpay/bizpayurl?pr=abc',
      usableUntil: new Date('2026-03-02T04:00:00Z'),
    });
    expect(wechat.calls[0]!.target).toBe('/v3/pay/transactions/native');
    expect(sentBody()).toEqual({ ...commonBody, attach: 'order 17' });
  });

  it('asks for an H5 link, which lives five minutes', async () => {
    answering({ h5_url: 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2' });
    const prepared = await counter.pay.prepayH5({ ...anOrder, payerIp: '203.0.113.7' });
    expect(prepared.usableUntil).toEqual(new Date('2026-03-02T02:05:00Z'));
    expect(prepared.h5Url).toContain('prepay_id=wx1');
    expect(wechat.calls[0]!.target).toBe('/v3/pay/transactions/h5');
    expect(sentBody()).toEqual({
      ...commonBody,
      scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } },
    });
  });

  it('gives pay parameters that the merchant’s certificate confirms', () => {
    const given = counter.pay.payParametersFor(anOrder.appid, 'wx0210000000000000000000000001');
    const message = `${given.appId}\n${given.timeStamp}\n${given.nonceStr}\n${given.package}\n`;
    const check = createVerify('RSA-SHA256').update(message);
    expect(check.verify(kit.merchant.certificatePem, given.paySign, 'base64')).toBe(true);
    expect(given.timeStamp).toBe(String(clock.now().getTime() / 1000));
    expect(given.package).toBe('prepay_id=wx0210000000000000000000000001');
  });

  it.each([
    ['a number with a slash', { outTradeNo: 'T26/../../certificates' }],
    ['a number that is too long', { outTradeNo: 'T'.repeat(33) }],
    ['an amount of nothing', { amountFen: 0 }],
    ['a negative amount', { amountFen: -1 }],
    ['an amount in yuan', { amountFen: 199.5 }],
    ['an empty description', { description: ' ' }],
    ['a description that is too long', { description: '长'.repeat(128) }],
    ['a notice address with a query', { notifyUrl: 'https://desk.example.com/notices?a=1' }],
    ['an attachment that is too long', { attach: 'a'.repeat(129) }],
    ['no moment to end', { expiresAt: new Date(Number.NaN) }],
  ])('sends nothing for %s', async (_what, wrong) => {
    const refused = await failureOf(counter.pay.prepayNative({ ...anOrder, ...wrong }));
    expect(refused).toMatchObject({ kind: 'refused', code: 'param_error', retryable: false });
    expect(wechat.calls).toHaveLength(0);
  });
});

describe('every request', () => {
  it('names the public key, so that the answer is signed with it', async () => {
    answering({ code_url: 'weixin://wxpay/bizpayurl?pr=abc' });
    await counter.pay.prepayNative(anOrder);
    expect(wechat.calls[0]!.headers['wechatpay-serial']).toBe(kit.wechatPublicKey.serial);
  });

  it('is signed by the clock it is given, and anew each time', async () => {
    clock.advance(86_400);
    wechat.turns = [(response) => wechat.reply(response, 204, ''), (response) => wechat.reply(response, 204, '')];
    expect([await counter.pay.close('T2603020001'), await counter.pay.close('T2603020001')]).toEqual([
      'closed',
      'closed',
    ]);
    const [first, second] = wechat.calls.map(({ headers }) => headers.authorization);
    expect(first).not.toBe(second);
  });

  it('keeps its connections for the next ones', async () => {
    const ports = new Set<number | undefined>();
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8].map((digit) => `T260302000${digit}`);
    wechat.turns = numbers.map(() => (response) => {
      ports.add(response.socket?.remotePort);
      wechat.reply(response, 204, '');
    });
    for (const number of numbers) await counter.pay.close(number);
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('asks for numbers that cannot lead elsewhere only', async () => {
    for (const call of [
      counter.pay.close('T26/close?x=1'),
      counter.pay.findByOutTradeNo('../../certificates'),
      counter.pay.findByTransactionId('42?mchid=1'),
    ]) {
      expect(await failureOf(call)).toMatchObject({ kind: 'refused', code: 'param_error' });
    }
    expect(wechat.calls).toHaveLength(0);
  });
});
