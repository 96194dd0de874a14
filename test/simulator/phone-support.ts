import { randomBytes, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Frame, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/prepare.mjs';
import type { Kit } from '../../simulator/src/simulator.ts';
import { orderBody, payClient, pull } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

export type PhoneDriver = Awaited<ReturnType<typeof startPhone>>;

/** A simulator, a page of a merchant, and one browser to look at the phone with. */
export async function startPhone() {
  const simulator = await startTestSimulator();
  const site = await startSite(simulator.origin);
  const browser = await launch();
  const { kit } = simulator.world;
  const client = payClient(simulator);
  const context = await browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();

  return {
    simulator,
    site: site.origin,
    /** What the merchant's server was pushed. */
    pushed: site.pushed,
    lever: <T = Record<string, unknown>>(path: string, body: object = {}) => pull<T>(simulator, path, body),

    /** A phone out of the box: nobody has held it yet. */
    async open(query = '', size = { width: 1280, height: 900 }): Promise<Page> {
      await context.clearCookies();
      await page.setViewportSize(size);
      if (page.url().startsWith(simulator.origin)) await page.evaluate('localStorage.clear()');
      await page.goto(`${simulator.origin}/phone/${query}`);
      await page.waitForSelector('body[data-ready]');
      return page;
    },

    /** The pages that a phone opens in its browser. */
    openSite: (path: string) => `?open=${encodeURIComponent(`${site.origin}${path}`)}`,

    /** Orders in the service account's page and gives what the page hands to WeChat. */
    async order(personId: string, changes: Record<string, unknown> = {}) {
      const { appid } = kit.officialAccount;
      const payer = { openid: simulator.world.people.get(personId).openids[appid] };
      const body = orderBody(simulator, { appid, payer, ...changes });
      const { json } = await client.post('/v3/pay/transactions/jsapi', body);
      return {
        number: String(body.out_trade_no),
        parameters: signParameters(kit, simulator.world.clock.seconds(), String(json.prepay_id)),
      };
    },

    async orderByCode() {
      const body = orderBody(simulator, { payer: undefined });
      const { json } = await client.post('/v3/pay/transactions/native', body);
      return { number: String(body.out_trade_no), codeUrl: String(json.code_url) };
    },

    async orderByH5() {
      const scene = { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } };
      const body = orderBody(simulator, { payer: undefined, scene_info: scene });
      const { json } = await client.post('/v3/pay/transactions/h5', body);
      return { number: String(body.out_trade_no), h5Url: String(json.h5_url) };
    },

    /** Sends a template message to a follower, as a merchant's server does. */
    async send(personId: string, more: Record<string, unknown> = {}) {
      const { appid, secret, templates } = kit.officialAccount;
      const { access_token: token } = await post(simulator.origin, '/cgi-bin/stable_token', {
        grant_type: 'client_credential',
        appid,
        secret,
      });
      return post(simulator.origin, `/cgi-bin/message/template/send?access_token=${String(token)}`, {
        touser: simulator.world.people.get(personId).openids[appid],
        template_id: templates[0]!.templateId,
        data: {
          character_string1: { value: 'TB20261122001' },
          thing2: { value: '公司注册' },
          amount3: { value: '199.00元' },
          time4: { value: '2026-11-22 10:00' },
        },
        ...more,
      });
    },

    stateOf: (number: string) => simulator.world.pay.orders.get(number)!.state,

    async stop() {
      await browser.close();
      await site.stop();
      await simulator.stop();
    },
  };
}

/** What a page hands to WeChat, signed by the merchant. */
function signParameters({ merchant, officialAccount }: Kit, nowSeconds: number, prepayId: string) {
  const [appId, timeStamp, nonceStr] = [officialAccount.appid, String(nowSeconds), randomBytes(16).toString('hex')];
  const bundle = `prepay_id=${prepayId}`;
  const text = `${appId}\n${timeStamp}\n${nonceStr}\n${bundle}\n`;
  const paySign = sign('RSA-SHA256', Buffer.from(text), merchant.privateKeyPem).toString('base64');
  return { appId, timeStamp, nonceStr, package: bundle, signType: 'RSA', paySign };
}

function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('the phone is tested in Chromium, which is not installed');
  const args = ['--no-sandbox', '--disable-quic', '--disable-background-networking'];
  return chromium.launch({ executablePath, args });
}

async function post(origin: string, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(origin + path, { method: 'POST', body: JSON.stringify(body) });
  return (await answer.json()) as Record<string, unknown>;
}

/** A page that asks for money, pages around and inside it, and an address for pushes. */
async function startSite(simulatorOrigin: string) {
  const pushed: string[] = [];
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    if (pathname === '/pushes') {
      request.resume();
      if (request.method === 'POST') pushed.push(request.url!);
      response.end('success');
      return;
    }
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (pathname === '/login') {
      const cookie = request.headers.cookie ?? '';
      response.setHeader('Set-Cookie', 'visitor=seen; Path=/; HttpOnly');
      response.end(`<title>登录</title><p id="who">${cookie.includes('visitor=seen') ? '来过' : '第一次来'}</p>`);
      return;
    }
    response.end(PAGES[pathname]?.(simulatorOrigin) ?? '<title>空白</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pushed,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const bridge = (simulatorOrigin: string): string => `
  <script src="${simulatorOrigin}/open/js/jweixin-1.6.0.js"></script>
  <script>
    var outcomes = [];
    var ask = (name, params) => WeixinJSBridge.invoke(name, params, (result) => outcomes.push(result));
  </script>`;

const PAGES: Record<string, (simulatorOrigin: string) => string> = {
  '/shop': (origin) => `<!doctype html><title>确认订单</title>${bridge(origin)}<a href="/next">下一页</a>`,
  '/next': () => '<title>下一页</title><p>第二页</p>',
  '/smuggler': (origin) => `<title>夹带</title>${bridge(origin)}<iframe name="inner" src="/inner"></iframe>`,
  '/inner': () => '<title>里层</title>',
};

/** The page that is open in the phone's browser. */
export const frameOf = (page: Page): Frame => page.mainFrame().childFrames()[0]!;

/** Its address; undefined while nothing is open yet. */
export const addressIn = (page: Page): string | undefined => page.mainFrame().childFrames()[0]?.url();

/** The page asks the bridge for something and does not wait for the answer. */
export const askBridge = (page: Page, name: string, params: object): Promise<void> =>
  frameOf(page).evaluate(`void ask(${JSON.stringify(name)}, ${JSON.stringify(params)})`);

/** What the page was told by the bridge, in order. */
export const heard = (page: Page): Promise<string[]> =>
  frameOf(page).evaluate('outcomes.map((outcome) => outcome.err_msg)');

/** Sends a message as if it came from the script. */
export const forge = (from: Frame, to: 'self' | 'parent' | 'top', message: object): Promise<void> =>
  from.evaluate(`void ${to}.postMessage(${JSON.stringify(message)}, '*')`);

const PATIENCE_MS = 30_000;

/** Asks until the answer is the wanted one, and fails with what it was last. */
export async function until<T>(ask: () => Promise<T> | T, wanted: T): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  let answer = await ask();
  while (JSON.stringify(answer) !== JSON.stringify(wanted) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    answer = await ask();
  }
  expect(answer).toEqual(wanted);
}
