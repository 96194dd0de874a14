import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { UpstreamError } from '../../../src/platform/errors.ts';
import { aTransaction, anOrder, openCounter, settingsFor, TestClock, type Counter } from './counter.ts';
import { newCertificateKey, newMerchantKit } from './merchant-kit.ts';
import { signatureHeaders, StrictServer } from './strict-server.ts';

const kit = newMerchantKit();
const clock = new TestClock();
let wechat: StrictServer;
let counter: Counter;

beforeAll(async () => {
  wechat = await StrictServer.start(kit, clock.now);
});
beforeEach(() => {
  wechat.calls.length = 0;
  counter = openCounter(
    { ...settingsFor(kit, { origin: wechat.origin }), connectTimeoutMs: 1_000, timeoutMs: 1_200 },
    clock.now,
  );
});
afterEach(() => counter.pay.stop());
afterAll(() => wechat.stop());

const order = () => counter.pay.prepayNative(anOrder);
const text = JSON.stringify(aTransaction(kit));

async function failureOf(call: Promise<unknown>): Promise<UpstreamError> {
  const outcome = await call.then(
    () => null,
    (error: UpstreamError) => error,
  );
  if (!outcome) throw new Error('it should have failed');
  return outcome;
}

describe('an outcome that nobody knows', () => {
  it('is silence', async () => {
    wechat.turns = [() => {}];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: 'timeout', retryable: true });
  });

  it('is an answer that stops in the middle of its body', async () => {
    wechat.turns = [
      (response) => {
        response.writeHead(200, {
          ...signatureHeaders(text, kit.wechatPublicKey, clock.now()),
          'content-length': text.length * 2,
        });
        response.write(text);
      },
    ];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: 'timeout' });
  });

  it('is a connection that is reset after the effect', async () => {
    let effects = 0;
    wechat.turns = [
      (response) => {
        effects += 1;
        response.socket?.resetAndDestroy();
      },
    ];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: 'connection_lost', retryable: true });
    expect(effects).toBe(1);
  });

  it('is a body that is cut off', async () => {
    wechat.turns = [
      (response) => {
        response.writeHead(200, {
          ...signatureHeaders(text, kit.wechatPublicKey, clock.now()),
          'content-length': text.length,
        });
        response.write(text.slice(0, 40), () => response.destroy());
      },
    ];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: 'connection_lost' });
  });

  it('is half a JSON text, even under a right signature', async () => {
    wechat.turns = [(response) => wechat.reply(response, 200, '{"code_url":"weixin://')];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: 'unreadable_answer' });
  });

  it.each(['null', '"ok"', '17'])('is JSON that is no object: %s', async (odd) => {
    wechat.turns = [(response) => wechat.reply(response, 200, odd)];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown' });
  });

  it('is an object without what was asked for', async () => {
    wechat.turns = [(response) => wechat.reply(response, 200, '{}')];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: 'unexpected_answer' });
  });

  it.each([502, 503, 504])('is a web page of status %s', async (status) => {
    wechat.turns = [
      (response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>'),
    ];
    expect(await failureOf(order())).toMatchObject({
      kind: 'unknown',
      code: `http_${status}`,
      status,
      retryable: true,
    });
  });

  it('is a web page of status 403: it is not WeChat that says no', async () => {
    wechat.turns = [(response) => response.writeHead(403).end('<html>Forbidden</html>')];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: 'http_403' });
  });

  it('is a redirect, which nobody follows', async () => {
    wechat.turns = [(response) => response.writeHead(302, { location: `${wechat.origin}/elsewhere` }).end()];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: 'http_302' });
    expect(wechat.calls).toHaveLength(1);
  });

  it('is more than anyone would read', async () => {
    const huge = JSON.stringify({ code_url: 'x'.repeat(2 * 1024 * 1024) });
    wechat.turns = [(response) => wechat.reply(response, 200, huge)];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: 'answer_too_large' });
  });

  it.each(['SYSTEM_ERROR', 'BANK_ERROR'])('is 500 %s', async (code) => {
    wechat.turns = [(response) => wechat.refuse(response, 500, code)];
    expect(await failureOf(order())).toMatchObject({ kind: 'unknown', code: code.toLowerCase(), retryable: true });
  });
});

describe('a connection that never stands', () => {
  it('is given up after the connect timeout, TLS included', async () => {
    const held = new Set<Socket>();
    const deaf = createServer((socket) => held.add(socket)).listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const origin = `https://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
    const waiting = openCounter(
      // The whole call's own limit is never reached by a test.
      { ...settingsFor(kit, { origin }), connectTimeoutMs: 200, timeoutMs: 3600_000 },
      clock.now,
    );
    const failed = await failureOf(waiting.pay.prepayNative(anOrder));
    expect(failed).toMatchObject({ kind: 'unknown', code: 'unreachable', retryable: true });
    expect(failed.status).toBeUndefined();
    await waiting.pay.stop();
    for (const socket of held) socket.destroy();
    deaf.close();
  });

  it('is a stranger behind the name: nothing is sent to one whose certificate nobody vouches for', async () => {
    let requests = 0;
    const { certificatePem: cert, privatePem } = newCertificateKey('localhost');
    const stranger = createHttpsServer({ cert, key: privatePem }, () => (requests += 1)).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const origin = `https://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    const cautious = openCounter(settingsFor(kit, { origin, backupOrigin: wechat.origin }), clock.now);
    wechat.turns = [(response) => wechat.reply(response, 200, '{"code_url":"weixin://backup"}')];
    expect(await cautious.pay.prepayNative(anOrder)).toMatchObject({ codeUrl: 'weixin://backup' });
    expect(JSON.parse(cautious.logged[0]!)).toMatchObject({ kind: 'unknown', code: 'unreachable' });
    expect(requests).toBe(0);
    await cautious.pay.stop();
    stranger.close();
    stranger.closeAllConnections();
  });

  it('is nobody listening', async () => {
    const closed = await StrictServer.start(kit, clock.now);
    const { origin } = closed;
    await closed.stop();
    const lonely = openCounter(settingsFor(kit, { origin }), clock.now);
    expect(await failureOf(lonely.pay.prepayNative(anOrder))).toMatchObject({ kind: 'unknown', code: 'unreachable' });
    await lonely.pay.stop();
  });
});

describe('too fast', () => {
  it.each([
    [429, 'FREQUENCY_LIMITED'],
    [429, 'RATELIMIT_EXCEEDED'],
    [429, 'SOMETHING_NEW'],
    [403, 'FREQUENCY_LIMIT_EXCEED'],
  ])('is %s %s', async (status, code) => {
    wechat.turns = [(response) => wechat.refuse(response, status, code)];
    expect(await failureOf(order())).toMatchObject({
      kind: 'rate_limited',
      code: 'rate_limited',
      retryable: true,
      status,
    });
  });

  it('is 429 without a word', async () => {
    wechat.turns = [(response) => response.writeHead(429).end()];
    expect(await failureOf(order())).toMatchObject({ kind: 'rate_limited' });
  });
});

describe('no', () => {
  it.each([
    [400, 'ORDER_PAID', 'order_paid'],
    [400, 'ORDERPAID', 'order_paid'],
    [400, 'ORDER_CLOSED', 'order_closed'],
    [400, 'ORDERCLOSED', 'order_closed'],
    [403, 'OUT_TRADE_NO_USED', 'number_used'],
    [400, 'INVALID_REQUEST', 'invalid_request'],
    [400, 'PARAM_ERROR', 'param_error'],
    [400, 'APPID_MCHID_NOT_MATCH', 'appid_mchid_not_match'],
    [401, 'SIGN_ERROR', 'sign_error'],
    [403, 'NOAUTH', 'no_auth'],
    [403, 'RULELIMIT', 'rule_limit'],
    [500, 'OPENID_MISMATCH', 'openid_mismatch'],
    [400, 'A code, with a sentence in it', 'unrecognised'],
  ])('%s %s is %s', async (status, theirs, ours) => {
    wechat.turns = [(response) => wechat.refuse(response, status, theirs)];
    expect(await failureOf(order())).toMatchObject({ kind: 'refused', code: ours, retryable: false, status });
  });

  it('says that the content changed, when WeChat’s words do', async () => {
    wechat.turns = [
      (response) => wechat.refuse(response, 400, 'INVALID_REQUEST', '请求重入时，参数与首次请求时不一致'),
    ];
    expect(await failureOf(order())).toMatchObject({ kind: 'refused', code: 'parameters_changed' });
  });

  it.each([
    ['268498688', 'parameters_changed'],
    ['268449538', 'order_paid'],
    ['268498689', 'order_paid'],
    ['268447914', 'order_closed'],
  ])('takes a vague code further by WeChat’s internal one: %s is %s', async (internal, ours) => {
    for (const vague of ['INVALID_REQUEST', 'OUT_TRADE_NO_USED']) {
      wechat.turns = [(response) => wechat.refuse(response, 400, vague, '', internal)];
      expect(await failureOf(order())).toMatchObject({ kind: 'refused', code: ours });
    }
  });
});

describe('closing', () => {
  const close = () => counter.pay.close(anOrder.outTradeNo);
  const refusing = (status: number, code: string) => {
    wechat.turns = [(response) => wechat.refuse(response, status, code)];
  };
  const thenAnswering = (state: string) => {
    const fact = JSON.stringify(aTransaction(kit, { trade_state: state }));
    wechat.turns.push((response) => wechat.reply(response, 200, fact));
  };

  it('tells that the customer was faster, and that there is no such order', async () => {
    refusing(400, 'ORDERPAID');
    expect(await close()).toBe('paid');
    refusing(404, 'ORDER_NOT_EXIST');
    expect(await close()).toBe('not-found');
  });

  it.each([
    ['CLOSED', 'closed'],
    ['SUCCESS', 'paid'],
  ])('asks for a signed word when WeChat says that it is closed: %s', async (state, outcome) => {
    refusing(400, 'ORDER_CLOSED');
    thenAnswering(state);
    expect(await close()).toBe(outcome);
  });

  it('is not done when the signed word is another', async () => {
    refusing(400, 'ORDER_CLOSED');
    thenAnswering('NOTPAY');
    expect(await failureOf(close())).toMatchObject({ kind: 'unknown', code: 'not_closed' });
  });

  it('is not known after silence', async () => {
    wechat.turns = [() => {}];
    expect(await failureOf(close())).toMatchObject({ kind: 'unknown', code: 'timeout' });
  });
});
