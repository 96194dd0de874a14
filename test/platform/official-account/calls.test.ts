import { setTimeout as pause } from 'node:timers/promises';
import { WechatToken } from '../../../entities/wechat-token.ts';
import { createOfficialAccount, type OfficialAccount } from '../../../src/platform/official-account/index.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { type ApiServer, startApiServer } from '../wechat-api/api-server.ts';
import { testClock, testConfig, testLog, testVault } from '../wechat-api/gateway-world.ts';

const SEND = '/cgi-bin/message/template/send';
const TOKEN = '/cgi-bin/stable_token';
const OPENID = 'oDemoOpenId_0000000000000001';
const MESSAGE = {
  openid: OPENID,
  templateId: 'TEMPLATE',
  fields: { thing2: '商标注册“加急”', amount3: '¥199.00' },
  clientMsgId: '0199a7e0-0000-7000-8000-000000000000',
};

let fresh: TestDatabase;
let api: ApiServer;
let account: OfficialAccount;
let clock: ReturnType<typeof testClock>;
let lines: string[];

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

beforeEach(async () => {
  await fresh.database.transaction((db) => db.clear(WechatToken));
  api = await startApiServer();
  clock = testClock();
  account = accountAt(api.origin);
});
afterEach(async () => {
  await account.stop();
  await api.stop();
});

function accountAt(origin: string, change: Partial<ReturnType<typeof testConfig>> = {}): OfficialAccount {
  const logged = testLog();
  lines = logged.lines;
  const config = { ...testConfig(origin), ...change };
  return createOfficialAccount({ config, database: fresh.database, vault, now: clock.now, log: logged.log });
}
const vault = testVault();

const tokensOf = (path: string) => api.to(path).map((call) => call.query.access_token);

describe('a template message', () => {
  it('carries the documented fields as raw UTF-8, and the token in the query', async () => {
    api.answer(SEND, '{"errcode":0,"errmsg":"ok","msgid":2918131553548107776}');
    const miniProgram = { appid: 'wxfedcba9876543210', pagePath: 'pages/order?id=1' };
    expect(await account.sendTemplate({ ...MESSAGE, url: 'https://desk.example.com/#/o', miniProgram })).toEqual({
      msgid: '2918131553548107776',
    });
    const [sent] = api.to(SEND);
    expect(sent).toMatchObject({ method: 'POST', query: { access_token: 'T1' } });
    expect(Object.keys(sent!.query)).toEqual(['access_token']);
    expect(sent!.headers['content-type']).toBe('application/json');
    expect(sent!.rawBody).toContain('商标注册');
    expect(sent!.body).toEqual({
      touser: OPENID,
      template_id: 'TEMPLATE',
      url: 'https://desk.example.com/#/o',
      miniprogram: { appid: 'wxfedcba9876543210', pagepath: 'pages/order?id=1' },
      client_msg_id: MESSAGE.clientMsgId,
      data: { thing2: { value: '商标注册“加急”' }, amount3: { value: '¥199.00' } },
    });
  });

  it.each([
    ['{"errcode":0,"msgid":200228332}'],
    ['{"msgid":"200228332"}'],
    ['{\n"errcode": "0",\n"msgid": 200228332\n}'],
  ])('is understood from %s', async (answer) => {
    api.answer(SEND, answer);
    expect(await account.sendTemplate(MESSAGE)).toEqual({ msgid: '200228332' });
  });

  it('is understood as text/plain', async () => {
    api.answer(SEND, (response) => {
      response.setHeader('content-type', 'text/plain');
      response.end('{"msgid":1}');
    });
    expect(await account.sendTemplate(MESSAGE)).toEqual({ msgid: '1' });
  });

  it.each([
    [43004, { kind: 'refused', action: 'drop', code: 'not_following', retryable: false }],
    [45009, { kind: 'rate_limited', action: 'wait_day', code: 'daily_quota', retryable: true }],
    [-1, { kind: 'refused', action: 'backoff', code: 'busy', retryable: true }],
    [1119004, { kind: 'refused', action: 'surface', code: 'unknown_code', retryable: false }],
  ])('that is refused with %i fails as its table says, after one try', async (errcode, failure) => {
    api.answer(SEND, { errcode, errmsg: 'no rid: 611740a4-27f9a8ba-065da01b' });
    await expect(account.sendTemplate(MESSAGE)).rejects.toMatchObject({
      upstream: 'official-account',
      wechatCode: errcode,
      requestId: '611740a4-27f9a8ba-065da01b',
      ...failure,
    });
    expect(api.to(SEND)).toHaveLength(1);
  });

  it.each<[string, Parameters<ApiServer['answer']>[1], string]>([
    ['silence', () => undefined, 'timeout'],
    ['a connection that breaks', (response) => void response.destroy(), 'connection_lost'],
    [
      'half an answer',
      (response) => (
        response.writeHead(200, { 'content-length': '99' }),
        response.write('{"msgid"'),
        void setTimeout(() => response.destroy(), 20)
      ),
      'connection_lost',
    ],
    ['an HTML page', '<html>502</html>', 'unreadable_answer'],
    ['a bad gateway', (response) => void response.writeHead(502).end('<html>'), 'http_502'],
    ['no msgid', { errcode: 0 }, 'unexpected_answer'],
    ['an endless answer', (response) => void response.end('x'.repeat(2_000_000)), 'answer_too_large'],
  ])('that ends in %s may have been sent, and is not for a blind repeat', async (_, reply, code) => {
    await account.stop();
    account = accountAt(api.origin, { WECHAT_API_TIMEOUT_MS: 300 });
    api.answer(SEND, reply);
    await expect(account.sendTemplate(MESSAGE)).rejects.toMatchObject({ kind: 'unknown', code, retryable: false });
    expect(api.to(SEND)).toHaveLength(1);
  });

  it('was sent before, says WeChat: that is no refusal', async () => {
    api.answer(SEND, { errcode: 45065, errmsg: 'clientmsgid exist' });
    await expect(account.sendTemplate(MESSAGE)).rejects.toMatchObject({
      kind: 'unknown',
      action: 'success',
      retryable: false,
    });
  });

  it('was surely not sent when nobody listens', async () => {
    await account.jsSdkParameters('https://desk.example.com/');
    const { origin } = api;
    await api.stop();
    await account.stop();
    account = accountAt(origin);
    await expect(account.sendTemplate(MESSAGE)).rejects.toMatchObject({
      kind: 'not_sent',
      code: 'unreachable',
      retryable: true,
    });
  });

  it.each<[string, Parameters<ApiServer['answer']>[1], object]>([
    ['WeChat is silent', () => undefined, { kind: 'not_sent', code: 'token_unavailable', retryable: true }],
    ['the answer has no token', { errcode: 0 }, { kind: 'not_sent', code: 'token_unavailable', retryable: true }],
    [
      'our address is not listed',
      { errcode: 40164, errmsg: 'invalid ip 1.2.3.4' },
      { kind: 'refused', code: 'address_not_allowed', action: 'surface' },
    ],
    [
      'the secret is wrong',
      { errcode: 40001, errmsg: 'invalid credential' },
      { kind: 'refused', code: 'secret_wrong', action: 'surface' },
    ],
    ['the quota is used up', { errcode: 45009, errmsg: 'limit' }, { kind: 'rate_limited', code: 'daily_quota' }],
  ])('was surely not sent when there is no token because %s', async (_, reply, failure) => {
    await account.stop();
    account = accountAt(api.origin, { WECHAT_API_TIMEOUT_MS: 200 });
    api.answer(TOKEN, reply);
    await expect(account.sendTemplate(MESSAGE)).rejects.toMatchObject(failure);
    expect(api.to(SEND)).toHaveLength(0);
  });
});

describe('the shared token', () => {
  beforeEach(() => api.answer(SEND, { errcode: 0, msgid: 1 }));

  it('is asked for as the documentation says, once for twenty messages, and never forced', async () => {
    await Promise.all(Array.from({ length: 20 }, () => account.sendTemplate(MESSAGE)));
    const { OFFICIAL_ACCOUNT_APPID: appid, OFFICIAL_ACCOUNT_SECRET: secret } = testConfig(api.origin);
    expect(api.to(TOKEN)).toHaveLength(1);
    expect(api.to(TOKEN)[0]).toMatchObject({
      method: 'POST',
      query: {},
      body: { grant_type: 'client_credential', appid, secret, force_refresh: false },
    });
    expect(new Set(tokensOf(SEND))).toEqual(new Set(['T1']));
  });

  it.each([40001, 40014, 42001])('is replaced after %i, and the message sent once more', async (errcode) => {
    api.answer(SEND, { errcode, errmsg: 'bad token' }, { errcode: 0, msgid: 7 });
    expect(await account.sendTemplate(MESSAGE)).toEqual({ msgid: '7' });
    expect(tokensOf(SEND)).toEqual(['T1', 'T2']);
    expect(api.to(TOKEN).map((call) => call.body.force_refresh)).toEqual([false, false]);
  });

  it('that is refused twice is for an operator, and nothing goes round in circles', async () => {
    api.answer(SEND, { errcode: 40001, errmsg: 'invalid credential' });
    await expect(account.sendTemplate(MESSAGE)).rejects.toMatchObject({
      kind: 'refused',
      code: 'token_refused',
      action: 'surface',
      wechatCode: 40001,
      retryable: false,
    });
    expect(tokensOf(SEND)).toEqual(['T1', 'T2']);
    expect(api.to(TOKEN)).toHaveLength(2);
  });

  it('that another process replaced meanwhile is taken from the database', async () => {
    await account.sendTemplate(MESSAGE);
    const other = accountAt(api.origin);
    api.answer(SEND, { errcode: 42001, errmsg: 'expired' }, (response) => response.end('{"msgid":1}'));
    await other.sendTemplate(MESSAGE);
    api.answer(SEND, (response, { query }) =>
      response.end(query.access_token === 'T2' ? '{"msgid":2}' : '{"errcode":40001,"errmsg":""}'),
    );
    expect(await account.sendTemplate(MESSAGE)).toEqual({ msgid: '2' });
    expect(api.to(TOKEN)).toHaveLength(2);
    await other.stop();
  });

  it('that twenty callers lost at once is fetched once', async () => {
    await account.sendTemplate(MESSAGE);
    api.answer(SEND, (response, { query }) =>
      setTimeout(() => response.end(query.access_token === 'T1' ? '{"errcode":40001,"errmsg":""}' : '{"msgid":2}'), 30),
    );
    await Promise.all(Array.from({ length: 20 }, () => account.sendTemplate(MESSAGE)));
    expect(api.to(TOKEN)).toHaveLength(2);
    expect(tokensOf(SEND).filter((token) => token === 'T2')).toHaveLength(20);
  });

  it('is asked for once more when WeChat is busy', async () => {
    api.answer(TOKEN, { errcode: -1, errmsg: 'system error' }, { access_token: 'T9', expires_in: '7200' });
    await account.sendTemplate(MESSAGE);
    expect(tokensOf(SEND)).toEqual(['T9']);
  });
});

describe('signing in on the web', () => {
  const EXCHANGE = '/sns/oauth2/access_token';
  const PROFILE = '/sns/userinfo';

  it('begins at an address whose order WeChat looks at', () => {
    const redirectUri = 'https://desk.example.com/wechat/back?a=1&b=2';
    expect(account.authoriseUrl({ redirectUri, scope: 'snsapi_userinfo', state: 'abc123' })).toBe(
      'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0123456789abcdef&redirect_uri=https%3A%2F%2Fdesk.example.com%2Fwechat%2Fback%3Fa%3D1%26b%3D2&response_type=code&scope=snsapi_userinfo&state=abc123#wechat_redirect',
    );
  });

  it.each([[''], ['a-b'], ['a'.repeat(129)], ['a&scope=snsapi_userinfo']])('refuses the state %j', (state) => {
    expect(() => account.authoriseUrl({ redirectUri: 'https://a.example', scope: 'snsapi_base', state })).toThrow(
      RangeError,
    );
  });

  it('turns a code into an openid, without our token', async () => {
    const answer = { access_token: 'USER', expires_in: 7200, refresh_token: 'R', openid: OPENID, scope: 'snsapi_base' };
    api.answer(EXCHANGE, answer);
    expect(await account.exchangeCode('CODE')).toEqual({
      openid: OPENID,
      accessToken: 'USER',
      scope: 'snsapi_base',
      isSnapshot: false,
    });
    const { OFFICIAL_ACCOUNT_APPID: appid, OFFICIAL_ACCOUNT_SECRET: secret } = testConfig(api.origin);
    expect(api.calls).toHaveLength(1);
    expect(api.calls[0]).toMatchObject({
      method: 'GET',
      query: { appid, secret, code: 'CODE', grant_type: 'authorization_code' },
    });
  });

  it.each([[1], ['1'], [true]])('knows a snapshot user by %j', async (is_snapshotuser) => {
    api.answer(EXCHANGE, {
      access_token: 'USER',
      openid: OPENID,
      scope: 'snsapi_userinfo',
      unionid: 'U',
      is_snapshotuser,
    });
    expect(await account.exchangeCode('CODE')).toMatchObject({ isSnapshot: true, unionid: 'U' });
  });

  it.each([
    [40163, 'code_used'],
    [40029, 'code_invalid'],
    [42003, 'code_invalid'],
  ])('asks the user again after %i', async (errcode, code) => {
    api.answer(EXCHANGE, { errcode, errmsg: 'no' });
    await expect(account.exchangeCode('CODE')).rejects.toMatchObject({ action: 'ask_user', code, retryable: false });
    expect(api.calls).toHaveLength(1);
  });

  it('tries once more when WeChat is busy: the code lives on', async () => {
    api.answer(EXCHANGE, { errcode: -1, errmsg: 'busy' }, { access_token: 'USER', openid: OPENID, scope: '' });
    expect(await account.exchangeCode('CODE')).toMatchObject({ openid: OPENID });
  });

  it('does not take an answer without openid for a user', async () => {
    api.answer(EXCHANGE, { access_token: 'USER', expires_in: 7200 });
    await expect(account.exchangeCode('CODE')).rejects.toMatchObject({ kind: 'unknown', code: 'unexpected_answer' });
  });

  it('reads the profile with the user’s own token', async () => {
    api.answer(PROFILE, { openid: OPENID, nickname: '林晓', unionid: 'U', privilege: [] });
    expect(await account.userInfo('USER', OPENID)).toEqual({ nickname: '林晓', unionid: 'U' });
    expect(api.to(PROFILE)[0]!.query).toEqual({ access_token: 'USER', openid: OPENID, lang: 'zh_CN' });
  });

  it('asks the user, and does not replace our token, when the user’s token is refused', async () => {
    api.answer(PROFILE, { errcode: 40001, errmsg: 'invalid credential' });
    await expect(account.userInfo('USER', OPENID)).rejects.toMatchObject({ kind: 'refused', action: 'ask_user' });
    expect(api.to(PROFILE)).toHaveLength(1);
    expect(api.to(TOKEN)).toHaveLength(0);
  });
});

describe('a follower', () => {
  const INFO = '/cgi-bin/user/info';

  it('is one since a moment', async () => {
    api.answer(INFO, { subscribe: 1, openid: OPENID, subscribe_time: '1767225600', unionid: 'U' });
    expect(await account.follower(OPENID)).toEqual({
      follows: true,
      unionid: 'U',
      followedAt: new Date(1767225600_000),
    });
    expect(api.to(INFO)[0]!.query).toEqual({ access_token: 'T1', openid: OPENID, lang: 'zh_CN' });
  });

  it('is none', async () => {
    api.answer(INFO, { subscribe: 0, openid: OPENID, unionid: '' });
    expect(await account.follower(OPENID)).toEqual({ follows: false });
  });

  it('stays one parameter whatever the openid looks like', async () => {
    api.answer(INFO, { subscribe: 0, openid: OPENID });
    await account.follower('o&lang=en&access_token=X');
    expect(api.to(INFO)[0]!.query).toEqual({ access_token: 'T1', openid: 'o&lang=en&access_token=X', lang: 'zh_CN' });
  });
});

it('lists the templates', async () => {
  const content = '订单编号：{{character_string1.DATA}}';
  api.answer('/cgi-bin/template/get_all_private_template', {
    template_list: [{ template_id: 'T', title: '订单支付成功通知', primary_industry: '', content, example: '' }],
  });
  expect(await account.listTemplates()).toEqual([{ templateId: 'T', title: '订单支付成功通知', content }]);
});

describe('the JS-SDK', () => {
  const TICKET = '/cgi-bin/ticket/getticket';

  it('shares one ticket between twenty pages, for two hours', async () => {
    const pages = await Promise.all(
      Array.from({ length: 20 }, (_, page) => account.jsSdkParameters(`https://desk.example.com/?page=${page}`)),
    );
    expect(api.to(TICKET)).toHaveLength(1);
    expect(api.to(TICKET)[0]!.query).toEqual({ access_token: 'T1', type: 'jsapi' });
    expect(new Set(pages.map(({ nonceStr }) => nonceStr)).size).toBe(20);
    expect(pages[0]).toMatchObject({ appId: 'wx0123456789abcdef', timestamp: clock.now().getTime() / 1000 });
    clock.advance(7000_000);
    await account.jsSdkParameters('https://desk.example.com/');
    expect(api.to(TICKET)).toHaveLength(2);
  });

  it('cuts off what follows the hash', async () => {
    const { jsSdkSignature } = await import('../../../src/platform/official-account/js-sdk.ts');
    const { nonceStr, timestamp, signature } = await account.jsSdkParameters('https://desk.example.com/?a=1#/order/#2');
    expect(signature).toBe(jsSdkSignature('TICKET1', nonceStr, timestamp, 'https://desk.example.com/?a=1'));
  });

  it('replaces a refused token while it fetches a ticket', async () => {
    api.answer(TICKET, { errcode: 40001, errmsg: '' }, { errcode: 0, ticket: 'NEW', expires_in: 7200 });
    await account.jsSdkParameters('https://desk.example.com/');
    expect(tokensOf(TICKET)).toEqual(['T1', 'T2']);
  });
});

it('logs facts of every call, and nothing that is secret or personal', async () => {
  api.answer(SEND, { errcode: 43004, errmsg: `require subscribe ${OPENID} rid: 611740a4-27f9a8ba-065da01b` });
  api.answer('/cgi-bin/user/info', { subscribe: 0, openid: OPENID });
  api.answer('/sns/oauth2/access_token', (response) => void response.destroy());
  await account.sendTemplate(MESSAGE).catch(() => undefined);
  await account.follower(OPENID);
  await account.exchangeCode('THE-CODE').catch(() => undefined);
  await pause(5);

  const text = lines.join('');
  for (const secret of [testConfig('').OFFICIAL_ACCOUNT_SECRET, 'T1', OPENID, 'THE-CODE', '商标', 'access_token='])
    expect(text).not.toContain(secret);
  const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records).toContainEqual(
    expect.objectContaining({
      upstream: 'official-account',
      method: 'POST',
      path: SEND,
      errcode: 43004,
      rid: '611740a4-27f9a8ba-065da01b',
      ms: expect.any(Number) as number,
    }),
  );
});
