import { anOrder, aTransaction, openCounter, settingsFor, TestClock, type Counter } from './counter.ts';
import { newMerchantKit } from './merchant-kit.ts';
import { sealText, signatureHeaders, StrictServer } from './strict-server.ts';

const kit = newMerchantKit();
const clock = new TestClock();
const openid = 'oTestPayerOpenid000000000001';
const payerIp = '203.0.113.77';
let wechat: StrictServer;
let counter: Counter;

beforeAll(async () => {
  wechat = await StrictServer.start(kit, clock.now);
});
beforeEach(() => {
  wechat.calls.length = 0;
  counter = openCounter({ ...settingsFor(kit, { origin: wechat.origin }), timeoutMs: 3_000 }, clock.now);
});
afterEach(() => counter.pay.stop());
afterAll(() => wechat.stop());

const lines = () => counter.logged.map((line) => JSON.parse(line) as Record<string, unknown>);

it('tells one line a call: what, where, how it ended, how long, and WeChat’s own number of it', async () => {
  wechat.turns = [(response) => wechat.reply(response, 200, JSON.stringify(aTransaction(kit)))];
  await counter.pay.findByOutTradeNo(anOrder.outTradeNo);
  expect(lines()).toEqual([
    expect.objectContaining({
      level: 30,
      method: 'GET',
      path: `/v3/pay/transactions/out-trade-no/${anOrder.outTradeNo}`,
      domain: 'primary',
      status: 200,
      ms: expect.any(Number),
      requestId: '08F78BB5AF0610B302189C8DE5A00128F9CD3850-0',
    }),
  ]);
});

it('tells of a refusal what WeChat said, and of a failure what broke', async () => {
  wechat.turns = [
    (response) =>
      wechat.refuse(response, 400, 'PARAM_ERROR', `输入源“/body/payer/openid”的值 ${openid} 不合法，来自 ${payerIp}`),
    (response) => response.socket?.resetAndDestroy(),
  ];
  await counter.pay.prepayNative(anOrder).catch(() => {});
  await counter.pay.prepayNative(anOrder).catch(() => {});
  expect(lines()).toEqual([
    expect.objectContaining({
      level: 40,
      kind: 'refused',
      code: 'param_error',
      status: 400,
      requestId: '08F78BB5AF-268435461',
      reason: '输入源“/body/payer/openid”的值 … 不合法，来自 …',
    }),
    expect.objectContaining({ level: 40, kind: 'unknown', code: 'connection_lost', reason: expect.any(String) }),
  ]);
});

it('gives the error WeChat’s number and nothing that a person should not read', async () => {
  wechat.turns = [(response) => wechat.refuse(response, 400, 'PARAM_ERROR', `value ${openid}`)];
  const error: unknown = await counter.pay.prepayJsapi({ ...anOrder, openid }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ requestId: '08F78BB5AF-268435461', status: 400 });
  const everything = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).cause);
  expect(everything).not.toContain(openid);
});

it('takes no line from a stranger’s Request-ID', async () => {
  wechat.turns = [(response) => response.writeHead(502, { 'request-id': 'a b "c" <d>' }).end()];
  await counter.pay.prepayNative(anOrder).catch(() => {});
  expect(lines()[0]).not.toHaveProperty('requestId');
});

it('never tells a key, a signature, an openid, an address or a body', async () => {
  const answer = JSON.stringify(aTransaction(kit));
  wechat.turns = [
    (response) => wechat.reply(response, 200, '{"prepay_id":"wx0210000000000000000000000001"}'),
    (response) => wechat.reply(response, 200, '{"h5_url":"https://wx.tenpay.com/a?prepay_id=wx02"}'),
    (response) => wechat.reply(response, 200, answer),
    (response) => wechat.reply(response, 200, answer, { signedText: 'x' }),
    (response) =>
      wechat.refuse(response, 401, 'SIGN_ERROR', `sign not match ${wechat.calls.at(-1)!.headers.authorization}`),
    (response) => wechat.refuse(response, 500, 'SYSTEM_ERROR', openid),
    () => {},
    (response) => wechat.reply(response, 200, '{"openid":"half'),
  ];
  await counter.pay.prepayJsapi({ ...anOrder, openid });
  await counter.pay.prepayH5({ ...anOrder, payerIp });
  for (let count = 0; count < 6; count += 1) await counter.pay.findByOutTradeNo(anOrder.outTradeNo).catch(() => {});
  const { paySign } = counter.pay.payParametersFor(anOrder.appid, 'wx0210000000000000000000000001');
  const noticeText = JSON.stringify({
    id: 'EV-1',
    event_type: 'TRANSACTION.SUCCESS',
    resource: sealText(answer, 'f'.repeat(32), 'transaction'),
  });
  const noticeHeaders = signatureHeaders(noticeText, kit.wechatPublicKey, clock.now());
  counter.pay.openNotice(Buffer.from(noticeText), noticeHeaders);
  counter.pay.openNotice(Buffer.from('{}'), noticeHeaders);

  const log = counter.logged.join('');
  expect(counter.logged.length).toBeGreaterThanOrEqual(10);
  const signatures = wechat.calls.map(({ headers }) => /signature="([^"]+)"/.exec(headers.authorization ?? '')![1]!);
  const nonces = wechat.calls.map(({ headers }) => /nonce_str="([^"]+)"/.exec(headers.authorization ?? '')![1]!);
  const secrets = [
    ...signatures.flatMap((signature) => signature.split('/').filter((part) => part.length > 15)),
    ...nonces,
    ...noticeHeaders['wechatpay-signature']!.split('/').filter((part) => part.length > 15),
    openid,
    payerIp,
    paySign,
    kit.apiV3Key,
    kit.merchant.privatePem.slice(60, 120),
    kit.wechatPublicKey.publicPem.slice(60, 120),
    'PRIVATE KEY',
    'prepay_id',
    '?mchid',
    'WECHATPAY2',
  ];
  for (const secret of secrets) expect(log).not.toContain(secret);
});
