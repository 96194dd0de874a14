import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { startPlatform, type Body, type PlatformDriver } from './platform-support.ts';

const PAGE = 'http://localhost:10086/orders/1?from=menu';
const ORDER = { timestamp: 1767225600, nonceStr: 'n', package: 'prepay_id=wx1', signType: 'RSA', paySign: 's' };

let wechat: PlatformDriver;
beforeEach(async () => {
  wechat = await startPlatform();
});
afterEach(() => wechat.stop());

const getTicket = async (query: object = { type: 'jsapi' }) =>
  (await wechat.get('/cgi-bin/ticket/getticket', { access_token: await wechat.token(), ...query })).body;

async function signedConfig(url = PAGE.split('#')[0]!) {
  const { ticket } = await getTicket();
  const [timestamp, nonceStr] = [1767225600, 'a1B2c3D4'];
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`;
  const signature = createHash('sha1').update(text).digest('hex');
  return { appId: wechat.kit.officialAccount.appid, timestamp, nonceStr, signature };
}

const check = (config: object) => wechat.lever('/web/check-config', { url: PAGE, ...config });

/** A page with the script in it; `answer` plays the phone around it, null is a plain browser without one. */
async function openPage(answer: ((call: Body) => Body) | null, href = PAGE) {
  const script = await (await fetch(`${wechat.origin}/open/js/jweixin-1.6.0.js`)).text();
  const told: Body[] = [];
  const listeners: ((event: Body) => void)[] = [];
  const events: string[] = [];
  const window: Body = {
    location: new URL(href),
    setTimeout,
    fetch,
    Event: class {
      type: string;
      constructor(type: string) {
        this.type = type;
      }
    },
    addEventListener: (_name: string, listener: (event: Body) => void) => listeners.push(listener),
  };
  const phone = {
    postMessage(call: Body) {
      told.push(JSON.parse(JSON.stringify(call)));
      const result = answer?.(call);
      const reply = { source: phone, data: { source: 'phone', id: call.id, result } };
      if (result) setImmediate(() => listeners.forEach((listener) => listener(reply)));
    },
  };
  window.parent = answer ? phone : window;
  const document = {
    currentScript: { src: `${wechat.origin}/open/js/jweixin-1.6.0.js` },
    dispatchEvent: (event: Body) => events.push(event.type),
  };
  runInNewContext(script, { window, document, URL, JSON, Object, String });
  return { window, wx: window.wx, told, events };
}

/** Resolves with `ready`, or with the error that `wx.error` was given. */
const configured = (wx: Body, config: object): Promise<string> =>
  new Promise((resolve) => {
    // First the config: it forgets how the last one ended.
    wx.config({ jsApiList: ['chooseWXPay', 'hideMenuItems'], ...config });
    wx.ready(() => resolve('ready'));
    wx.error((error: Body) => resolve(error.errMsg));
  });

const choosePay = (wx: Body): Promise<[outcome: string, errMsg: string]> =>
  new Promise((resolve) => {
    const tell = (outcome: string) => (result: Body) => resolve([outcome, result.errMsg]);
    wx.chooseWXPay({ ...ORDER, success: tell('success'), cancel: tell('cancel'), fail: tell('fail') });
  });

describe('the ticket', () => {
  it('stays the same while it lives, and is new in its last five minutes', async () => {
    const first = await getTicket();
    expect(first).toEqual({ errcode: 0, errmsg: 'ok', ticket: expect.stringMatching(/^.{86}$/), expires_in: 7200 });
    await wechat.advance(3600_000);
    const later = await getTicket();
    expect([later.ticket, later.expires_in <= 3600]).toEqual([first.ticket, true]);
    await wechat.advance(3310_000);
    expect((await getTicket()).ticket).not.toBe(first.ticket);
  });

  it('has two types, and is not for mini-programs', async () => {
    expect((await getTicket({ type: 'wx_card' })).ticket).not.toBe((await getTicket()).ticket);
    expect((await getTicket({})).errcode).toBe(40097);
    const access_token = await wechat.token('mini-program');
    expect((await wechat.get('/cgi-bin/ticket/getticket', { access_token, type: 'jsapi' })).body.errcode).toBe(48001);
  });
});

describe('the check of wx.config', () => {
  it('takes the signature of this page, whatever its fragment', async () => {
    const config = await signedConfig();
    expect(await check(config)).toEqual({ ok: true });
    expect(await check({ ...config, url: `${PAGE}#/pages/order` })).toEqual({ ok: true });
  });

  it('refuses another page, another ticket and missing parts', async () => {
    const config = await signedConfig();
    const refused = { errMsg: 'config:invalid signature' };
    expect(await check({ ...config, url: 'http://localhost:10086/orders/1' })).toEqual(refused);
    expect(await check({ ...config, timestamp: 1767225601 })).toEqual(refused);
    expect(await check({ ...config, signature: '' })).toEqual(refused);
    await wechat.lever('/web/forget-tickets');
    expect(await check(config)).toEqual(refused);
  });

  it('takes no ticket of two hours ago', async () => {
    const config = await signedConfig();
    await wechat.advance(7200_000);
    expect(await check(config)).toEqual({ errMsg: 'config:invalid signature' });
  });

  it('refuses pages outside the JS-safe domains, and foreign appids', async () => {
    const url = 'https://elsewhere.example.com/';
    expect(await check({ ...(await signedConfig(url)), url })).toEqual({ errMsg: 'config:invalid url domain' });
    expect(await check({ ...(await signedConfig()), appId: 'wx0' })).toEqual({ errMsg: 'config:invalid appid' });
  });

  it('may be asked from any page', async () => {
    const answer = await fetch(`${wechat.origin}/levers/web/check-config`, { method: 'OPTIONS' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('the script inside the phone', () => {
  it('has a bridge, an environment and says when it is there', async () => {
    const { window, events } = await openPage(() => null);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([typeof window.WeixinJSBridge.invoke, window.__wxjs_environment]).toEqual(['function', 'browser']);
    expect(events).toEqual(['WeixinJSBridgeReady']);
  });

  it('is ready after a good signature, and tells the phone', async () => {
    const { wx, told } = await openPage(() => null);
    expect(await configured(wx, await signedConfig())).toBe('ready');
    expect(told).toEqual([
      {
        source: 'jweixin',
        id: 'call-1',
        method: 'config',
        url: PAGE,
        params: {
          appId: wechat.kit.officialAccount.appid,
          jsApiList: ['chooseWXPay', 'hideMenuItems'],
          errMsg: 'config:ok',
        },
      },
    ]);
  });

  it('says what was wrong, also to whoever asks later, and can be configured again', async () => {
    const { wx } = await openPage(() => null);
    expect(await configured(wx, { ...(await signedConfig()), signature: 'x' })).toBe('config:invalid signature');
    expect(await new Promise((resolve) => wx.error(resolve))).toEqual({ errMsg: 'config:invalid signature' });
    expect(await configured(wx, await signedConfig())).toBe('ready');
  });

  it('pays through the phone: ok, cancel and fail', async () => {
    const answers = ['ok', 'cancel', 'fail: the order is closed'];
    const { wx, told } = await openPage(({ method }) =>
      method === 'chooseWXPay' ? { errMsg: answers.shift() } : null,
    );
    await configured(wx, await signedConfig());
    expect(await choosePay(wx)).toEqual(['success', 'chooseWXPay:ok']);
    expect(await choosePay(wx)).toEqual(['cancel', 'chooseWXPay:cancel']);
    expect(await choosePay(wx)).toEqual(['fail', 'chooseWXPay:fail: the order is closed']);
    expect(told[1]).toMatchObject({
      method: 'chooseWXPay',
      params: {
        appId: wechat.kit.officialAccount.appid,
        timeStamp: '1767225600',
        nonceStr: 'n',
        package: 'prepay_id=wx1',
        signType: 'RSA',
        paySign: 's',
      },
    });
  });

  it('does not pay before a good config, nor what was not asked for', async () => {
    const { wx, told } = await openPage(() => ({ errMsg: 'ok' }));
    expect(await choosePay(wx)).toEqual(['fail', 'chooseWXPay:permission denied']);
    await configured(wx, { ...(await signedConfig()), signature: 'x' });
    expect(await choosePay(wx)).toEqual(['fail', 'chooseWXPay:permission denied']);
    await configured(wx, { ...(await signedConfig()), jsApiList: ['hideMenuItems'] });
    expect(await choosePay(wx)).toEqual(['fail', 'chooseWXPay:permission denied']);
    expect(told.map(({ method }) => method)).toEqual(['config', 'config']);
  });

  it('pays over the bridge without a config', async () => {
    const answers = ['ok', 'cancel', 'fail'];
    const { window } = await openPage(() => ({ errMsg: answers.shift() }));
    const invoke = (): Promise<Body> =>
      new Promise((resolve) => window.WeixinJSBridge.invoke('getBrandWCPayRequest', { package: 'p' }, resolve));
    const words = [await invoke(), await invoke(), await invoke()].map((result) => result.err_msg);
    expect(words).toEqual(['ok', 'cancel', 'fail'].map((word) => `get_brand_wcpay_request:${word}`));
  });

  it('knows which calls there are, and that it is no mini-program', async () => {
    const { wx } = await openPage(() => null);
    const seen: Body[] = [];
    wx.checkJsApi({ jsApiList: ['chooseWXPay', 'openMars'], success: (result: Body) => seen.push(result.checkResult) });
    wx.miniProgram.getEnv((env: Body) => seen.push(env));
    await configured(wx, await signedConfig());
    wx.hideMenuItems({ menuList: [], success: (result: Body) => seen.push(result.errMsg) });
    expect(seen).toEqual([{ chooseWXPay: true, openMars: false }, { miniprogram: false }, 'hideMenuItems:ok']);
  });
});

describe('the script in a plain browser', () => {
  it('has no bridge, and wx.config fails', async () => {
    const { window, wx } = await openPage(null);
    expect([window.WeixinJSBridge, window.__wxjs_environment]).toEqual([undefined, undefined]);
    expect(await configured(wx, await signedConfig())).toBe('config:fail');
    expect(await choosePay(wx)).toEqual(['fail', 'chooseWXPay:permission denied']);
  });
});
