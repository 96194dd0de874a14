import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { WechatNotice } from '../../entities/wechat-notice.ts';
import type { WechatPay } from '../../src/platform/wechat-pay/index.ts';
import { noticeRules } from '../../src/selfcheck/notice-rules.ts';
import { operationRules } from '../../src/selfcheck/operation-rules.ts';
import { newStranger, type Stranger } from '../../src/selfcheck/stranger.ts';
import { wechatRules } from '../../src/selfcheck/wechat-rules.ts';
import { askWechatPlainly } from '../../src/selfcheck/ask-wechat-plainly.ts';
import { startWorld, type TestWorld } from '../support/world.ts';
import { find, siteOf } from './site.ts';

const REFUSALS = [
  'notice.signature',
  'notice.unsigned',
  'notice.sign-probe',
  'notice.stale',
  'notice.foreign-serial',
  'notice.seal',
];

let world: TestWorld;
let stub: Server | undefined;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
afterEach(async () => {
  stub?.closeAllConnections();
  await new Promise((resolve) => (stub ? stub.close(resolve) : resolve(null)));
  stub = undefined;
});

type Answer = (response: ServerResponse, body: string) => unknown;

/** Some server that is not as it should be. */
async function serve(answers: Record<string, Answer>): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => void (answers[request.url!] ?? status(404))(response, body));
  });
  stub = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const NOTICES = '/wechat/pay/notices';
const status =
  (code: number): Answer =>
  (response) =>
    response.writeHead(code).end();

const honest = () => newStranger(siteOf(world), null);

describe('A server that', () => {
  it.each([
    ['takes every notice for genuine', status(204)],
    ['fails over each of them', status(500)],
    ['does not know the address', status(404)],
    ['sends WeChat elsewhere', status(302)],
    ['hangs up', (response: ServerResponse) => response.destroy()],
  ])('%s fails every rule of refusal', async (_, answer) => {
    const rules = noticeRules(siteOf(world, { server: await serve({ [NOTICES]: answer }) }), honest());
    for (const id of REFUSALS) expect(await find(rules, id)).toMatchObject({ result: 'failed' });
  });

  it('looks at signatures and not at their age fails that rule alone', async () => {
    const seen: Answer = (response, body) => response.writeHead(body.includes('selfcheck') ? 204 : 401).end();
    let calls = 0;
    const server = await serve({
      // The notices come in a known order: the fifth is the stale one.
      [NOTICES]: (response, body) => ((calls += 1) === 5 ? status(204)(response, body) : seen(response, body)),
    });
    const rules = noticeRules(siteOf(world, { server }), honest());
    expect(await find(rules, 'notice.stale')).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('✗ 301 秒前的时间戳：服务器答 204'),
    });
    for (const id of REFUSALS.filter((one) => one !== 'notice.stale'))
      expect(await find(rules, id)).toMatchObject({ result: 'passed' });
  });

  it('takes longer than five seconds over one of them fails', async () => {
    let calls = 0;
    const server = await serve({
      [NOTICES]: async (response, body) => {
        if ((calls += 1) === 1) await pause(5050);
        status(401)(response, body);
      },
    });
    expect(await find(noticeRules(siteOf(world, { server }), honest()), 'notice.in-time')).toMatchObject({
      result: 'failed',
      evidence: expect.stringMatching(/^✗ 7 次探测最慢 \d{4,5} 毫秒/),
    });
  });

  it('took longer over a genuine notice before fails as well', async () => {
    const label = `route="${NOTICES}",method="POST",status="204"`;
    const metrics = `http_request_seconds_bucket{le="5",${label}} 11\nhttp_request_seconds_bucket{le="10",${label}} 12\nhttp_request_seconds_count{${label}} 12\n`;
    const server = await serve({ [NOTICES]: status(401), '/metrics': (response) => response.end(metrics) });
    expect(await find(noticeRules(siteOf(world, { server }), honest()), 'notice.in-time')).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('✗ 服务器启动以来 12 次通知，超过 5 秒 1 次'),
    });
  });

  it('writes down what it should have refused fails', async () => {
    const server = await serve({
      [NOTICES]: async (response, body) => {
        const { id } = JSON.parse(body.trim()) as { id: string };
        const row = { id, eventType: 'X', outcome: 'ignored', receivedAt: new Date() };
        await world.world.database.transaction((db) => db.insert(WechatNotice, row));
        status(401)(response, body);
      },
    });
    expect(await find(noticeRules(siteOf(world, { server }), honest()), 'notice.leaves-nothing')).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('探测被当作真实通知记录 7 项'),
    });
  });

  it('is of another version fails that rule', async () => {
    const server = await serve({
      '/openapi.json': (response) => response.end('{"info":{"version":"0.0.1"}}'),
    });
    expect(await find(operationRules(siteOf(world, { server })), 'server.version')).toEqual({
      result: 'failed',
      evidence: '✗ 服务器 0.0.1，本程序 test',
    });
  });
});

describe('A program that', () => {
  const gullible = (change: Partial<WechatPay>): Stranger => {
    const { pay } = world.world.desk;
    return { ...honest(), openProgram: () => ({ ...pay, stop: () => Promise.resolve(), ...change }) };
  };

  it('opens whatever it is given fails every rule of refusal, though the server refuses', async () => {
    const notice = { id: 'x', eventType: 'x', kind: 'other' } as const;
    const rules = noticeRules(siteOf(world), gullible({ openNotice: () => ({ opened: true, notice }) }));
    for (const id of REFUSALS)
      expect(await find(rules, id)).toMatchObject({
        result: 'failed',
        evidence: expect.stringContaining('✗ 令本程序'),
      });
  });

  it('believes answers that another key signed fails', async () => {
    const site = siteOf(world);
    const rules = wechatRules(site, gullible({}), await askWechatPlainly(site));
    expect(await find(rules, 'answers.verified')).toEqual({
      result: 'failed',
      evidence: '查询当日投诉：应答验签通过；✗ 以陌生公钥核验同一应答：竟被采信',
    });
  });

  it('has another key than WeChat’s fails', async () => {
    await world.lever('/faults', { path: '/v3/merchant-service', kind: 'wrong-body-signature', times: 1 });
    const site = siteOf(world);
    const rules = wechatRules(site, honest(), await askWechatPlainly(site));
    expect(await find(rules, 'answers.verified')).toEqual({
      result: 'failed',
      evidence: '微信支付的应答未通过签名核验：密钥与微信侧不一致',
    });
  });

  it('has a clock of its own fails', async () => {
    const { desk, ...site } = siteOf(world);
    const late = { ...site, desk: { ...desk, now: () => new Date(Date.now() - 90_000) } };
    const rules = wechatRules(late, honest(), await askWechatPlainly(late));
    expect(await find(rules, 'clock.shift')).toEqual({
      result: 'failed',
      evidence: expect.stringMatching(/^✗ 相差 (89|90|91) 秒/),
    });
  });

  it('takes a number that does not exist for a payment fails', async () => {
    const { desk, ...site } = siteOf(world);
    const pay = { ...desk.pay, findByOutTradeNo: async () => ({ state: 'success' }) as never };
    const rules = wechatRules({ ...site, desk: { ...desk, pay } }, honest(), null);
    expect(await find(rules, 'query.unknown-number')).toMatchObject({
      result: 'failed',
      evidence: '✗ 支付单号：success；退款单号：不存在',
    });
  });

  it('has a certificate that ends within a month fails', async () => {
    const { desk, ...site } = siteOf(world);
    const years = 5 * 365 * 24 * 3600_000;
    const later = { ...site, desk: { ...desk, now: () => new Date(Date.now() + years) } };
    expect(await find(wechatRules(later, honest(), null), 'keys.merchant-certificate')).toMatchObject({
      result: 'failed',
    });
  });
});
