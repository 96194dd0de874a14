import { WechatToken } from '../../../entities/wechat-token.ts';
import { createMiniProgram, type MiniProgram } from '../../../src/platform/mini-program/index.ts';
import { createOfficialAccount } from '../../../src/platform/official-account/index.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { type ApiServer, startApiServer } from '../wechat-api/api-server.ts';
import { testClock, testConfig, testLog, testVault } from '../wechat-api/gateway-world.ts';
import { plainQuery, sealedPush } from '../wechat-api/push-sender.ts';

const LOGIN = '/sns/jscode2session';
const PHONE = '/wxa/business/getuserphonenumber';
const SEND = '/cgi-bin/message/subscribe/send';
const APPID = 'wxfedcba9876543210';
const OPENID = 'oMpOpenId_000000000000000001';
const MESSAGE = { openid: OPENID, templateId: 'TPL', fields: { thing2: '商标注册' } };

let fresh: TestDatabase;
let api: ApiServer;
let app: MiniProgram;
let world: Parameters<typeof createMiniProgram>[0] & Parameters<typeof createOfficialAccount>[0];
let lines: string[];

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

beforeEach(async () => {
  await fresh.database.transaction((db) => db.clear(WechatToken));
  api = await startApiServer();
  const logged = testLog();
  lines = logged.lines;
  world = {
    config: testConfig(api.origin),
    database: fresh.database,
    vault: testVault(),
    now: testClock().now,
    log: logged.log,
  };
  app = createMiniProgram(world);
});
afterEach(async () => {
  await app.stop();
  await api.stop();
});

describe('signing in', () => {
  it('turns a code into an openid', async () => {
    api.answer(LOGIN, { openid: OPENID, session_key: 'tiihtNczf5v6AKRyjwEUhQ==', unionid: 'U' });
    expect(await app.exchangeCode('CODE')).toEqual({
      openid: OPENID,
      sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
      unionid: 'U',
    });
    expect(api.calls).toHaveLength(1);
    expect(api.calls[0]).toMatchObject({
      method: 'GET',
      query: {
        appid: APPID,
        secret: world.config.MINI_PROGRAM_SECRET,
        js_code: 'CODE',
        grant_type: 'authorization_code',
      },
    });
    expect(lines.join('')).not.toMatch(/tiiht|CODE|oMpOpenId/);
  });

  it('needs no unionid, and no JSON header', async () => {
    api.answer(LOGIN, (response) => {
      response.setHeader('content-type', 'text/plain');
      response.end(JSON.stringify({ openid: OPENID, session_key: 'K' }));
    });
    expect(await app.exchangeCode('CODE')).toEqual({ openid: OPENID, sessionKey: 'K' });
  });

  it.each([
    [40029, { action: 'ask_user', code: 'code_invalid' }],
    [40226, { action: 'drop', code: 'user_blocked' }],
    [45011, { action: 'wait_minute', kind: 'rate_limited' }],
    [40125, { action: 'surface', code: 'secret_wrong' }],
  ])('fails with %i as its table says, after one try', async (errcode, failure) => {
    api.answer(LOGIN, { errcode, errmsg: 'no' });
    await expect(app.exchangeCode('CODE')).rejects.toMatchObject({ upstream: 'mini-program', ...failure });
    expect(api.calls).toHaveLength(1);
  });

  it('tries once more when WeChat is busy, and only once', async () => {
    api.answer(LOGIN, { errcode: -1, errmsg: 'busy' }, { openid: OPENID, session_key: 'K' });
    expect(await app.exchangeCode('CODE')).toMatchObject({ openid: OPENID });
    api.answer(LOGIN, { errcode: -1, errmsg: 'busy' });
    await expect(app.exchangeCode('CODE')).rejects.toMatchObject({ code: 'busy', retryable: true });
    expect(api.to(LOGIN)).toHaveLength(4);
  });
});

describe('a phone number', () => {
  const info = (change: object = {}) => ({
    errcode: 0,
    phone_info: {
      phoneNumber: '+8613800000000',
      purePhoneNumber: '13800000000',
      countryCode: '86',
      watermark: { timestamp: 1767225600, appid: APPID },
      ...change,
    },
  });

  it.each([['86'], [86]])('comes with its country code %j', async (countryCode) => {
    api.answer(PHONE, info({ countryCode }));
    expect(await app.phoneNumber('CODE')).toEqual({ phone: '13800000000', countryCode: '86' });
    expect(api.to(PHONE)[0]).toMatchObject({ method: 'POST', query: { access_token: 'T1' }, body: { code: 'CODE' } });
    expect(lines.join('')).not.toContain('13800000000');
  });

  it('of another mini-program is refused', async () => {
    api.answer(PHONE, info({ watermark: { timestamp: 1, appid: 'wx0123456789abcdef' } }));
    await expect(app.phoneNumber('CODE')).rejects.toMatchObject({ kind: 'refused', code: 'phone_of_another_app' });
  });

  it('under a used code is for the user to ask again', async () => {
    api.answer(PHONE, { errcode: 40029, errmsg: 'invalid code' });
    await expect(app.phoneNumber('CODE')).rejects.toMatchObject({ action: 'ask_user', code: 'code_invalid' });
  });

  it('is asked for under a new token when the old one is refused', async () => {
    api.answer(PHONE, { errcode: 42001, errmsg: 'expired' }, info());
    expect(await app.phoneNumber('CODE')).toMatchObject({ phone: '13800000000' });
    expect(api.to(PHONE).map((call) => call.query.access_token)).toEqual(['T1', 'T2']);
  });
});

describe('a subscribe message', () => {
  it('carries the documented fields', async () => {
    api.answer(SEND, { errcode: 0, errmsg: 'ok' });
    expect(await app.sendSubscribe({ ...MESSAGE, page: 'pages/order?id=1', state: 'trial' })).toEqual({ msgid: null });
    expect(api.to(SEND)[0]).toMatchObject({ method: 'POST', query: { access_token: 'T1' } });
    expect(api.to(SEND)[0]!.body).toEqual({
      touser: OPENID,
      template_id: 'TPL',
      page: 'pages/order?id=1',
      data: { thing2: { value: '商标注册' } },
      miniprogram_state: 'trial',
      lang: 'zh_CN',
    });
  });

  it('opens the released mini-program, nowhere in particular, when nothing is said', async () => {
    api.answer(SEND, '{"errcode":0,"errmsg":"ok","msgid":1700827132819554304}');
    expect(await app.sendSubscribe(MESSAGE)).toEqual({ msgid: '1700827132819554304' });
    expect(api.to(SEND)[0]!.body).toMatchObject({ miniprogram_state: 'formal' });
    expect(api.to(SEND)[0]!.body).not.toHaveProperty('page');
  });

  it.each([
    [43101, { action: 'drop', code: 'consent_used_up', retryable: false }],
    [43108, { action: 'backoff', code: 'one_at_a_time', retryable: true }],
    [47003, { action: 'surface', code: 'field_wrong', retryable: false }],
    [43107, { action: 'stop_template', retryable: false }],
  ])('that is refused with %i fails as its table says', async (errcode, failure) => {
    api.answer(SEND, { errcode, errmsg: 'no' });
    await expect(app.sendSubscribe(MESSAGE)).rejects.toMatchObject(failure);
    expect(api.to(SEND)).toHaveLength(1);
  });

  it('that got no answer may have been sent', async () => {
    api.answer(SEND, (response) => void response.destroy());
    await expect(app.sendSubscribe(MESSAGE)).rejects.toMatchObject({ kind: 'unknown', retryable: false });
    expect(api.to(SEND)).toHaveLength(1);
  });
});

it('has a token of its own beside the service account', async () => {
  const account = createOfficialAccount(world);
  api.answer(SEND, { errcode: 0 });
  api.answer('/cgi-bin/user/info', { subscribe: 0 });
  await app.sendSubscribe(MESSAGE);
  await account.follower(OPENID);
  expect(api.to('/cgi-bin/stable_token').map((call) => call.body.appid)).toEqual([APPID, account.appid]);
  expect(api.to('/cgi-bin/user/info')[0]!.query.access_token).toBe('T2');
  await account.stop();
});

it('opens its own pushes, and not those of the service account', () => {
  const { now } = world;
  const { MINI_PROGRAM_PUSH_TOKEN: token, MINI_PROGRAM_PUSH_KEY: encodingAesKey } = world.config;
  const message = JSON.stringify({
    ToUserName: 'gh_demo00000002',
    FromUserName: OPENID,
    CreateTime: String(now().getTime() / 1000),
    MsgType: 'event',
    Event: 'subscribe_msg_popup_event',
    List: { TemplateId: 'TPL_A', SubscribeStatusString: 'accept', PopupScene: '0' },
  });
  const sender = { token, encodingAesKey, appid: APPID, now };
  const own = sealedPush(sender, message, 'json');
  expect(app.openPush(own.query, own.body)).toMatchObject({
    ok: true,
    push: {
      appid: APPID,
      openid: OPENID,
      content: { type: 'consents_answered', answers: [{ templateId: 'TPL_A', isAccepted: true }] },
    },
  });
  const foreign = sealedPush({ ...sender, appid: 'wx0123456789abcdef' }, message, 'json');
  expect(app.openPush(foreign.query, foreign.body)).toEqual({ ok: false, reason: 'appid' });
  expect(app.verifyServerUrl({ ...plainQuery(sender), echostr: '42' })).toBe('42');
  expect(app.verifyServerUrl({ ...plainQuery({ ...sender, token: 'another' }), echostr: '42' })).toBeNull();
});
