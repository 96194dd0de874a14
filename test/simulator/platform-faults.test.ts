import { startPlatform, type PlatformDriver } from './platform-support.ts';

const USERS = '/cgi-bin/user/get';

let wechat: PlatformDriver;
let token: string;
beforeEach(async () => {
  wechat = await startPlatform();
  token = await wechat.token();
});
afterEach(() => wechat.stop());

const fault = (rule: object) => wechat.lever('/faults', { path: USERS, ...rule });
const call = () => wechat.get(USERS, { access_token: token });
const code = async () => (await call()).body.errcode ?? 0;

describe('faults of api.weixin.qq.com', () => {
  it.each([
    ['busy', -1],
    ['daily-quota', 45009],
    ['minute-quota', 45011],
    ['token-invalid-once', 40001],
    ['token-expired-once', 42001],
    ['ip-not-whitelisted', 40164],
    ['unknown-code', 1119003],
  ])('%s answers %d once, with a rid, under HTTP 200', async (kind, errcode) => {
    await fault({ kind });
    const { status, body } = await call();
    expect([status, body.errcode]).toEqual([200, errcode]);
    expect(body.errmsg).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
    expect(await code()).toBe(0);
  });

  it('code answers whatever code is given, as often as it is told', async () => {
    await fault({ kind: 'code', code: 43116, times: 2 });
    expect([await code(), await code(), await code()]).toEqual([43116, 43116, 0]);
  });

  it('hits only the path it names', async () => {
    await fault({ kind: 'busy', path: '/cgi-bin/user/info' });
    expect(await code()).toBe(0);
  });

  it('delay holds the answer back', async () => {
    await fault({ kind: 'delay', ms: 80 });
    const started = performance.now();
    await call();
    expect(performance.now() - started).toBeGreaterThanOrEqual(79);
  });

  it('reset-after-effect cuts the line after the message was sent', async () => {
    await wechat.lever('/faults', { kind: 'reset-after-effect', path: '/cgi-bin/message/template/send' });
    const [template] = wechat.kit.officialAccount.templates;
    const message = {
      touser: wechat.openid('lin'),
      template_id: template!.templateId,
      client_msg_id: 'delivery-1',
      data: {
        character_string1: { value: 'TB1' },
        thing2: { value: '年报' },
        amount3: { value: '1' },
        time4: { value: '12:00' },
      },
    };
    const send = () => wechat.post('/cgi-bin/message/template/send', { access_token: token }, message);
    await expect(send()).rejects.toThrow();
    expect((await send()).body.errcode).toBe(0);
    expect(await wechat.lever('/messages', {}, 'GET')).toHaveLength(1);
  });

  it('reset-before cuts it before anything happened', async () => {
    await wechat.lever('/faults', { kind: 'reset-before', path: '/sns/jscode2session' });
    const { code: js_code } = await wechat.lever('/people/lin/mini-program/login');
    const query = { ...wechat.secrets['mini-program'], js_code, grant_type: 'authorization_code' };
    await expect(wechat.get('/sns/jscode2session', query)).rejects.toThrow();
    expect((await wechat.get('/sns/jscode2session', query)).body.openid).toBe(wechat.openid('lin', 'mini-program'));
  });

  it('text-plain changes the label, not the text', async () => {
    await fault({ kind: 'text-plain' });
    const { type, body } = await call();
    expect(type).toContain('text/plain');
    expect(body.total).toBe(1);
  });

  it('number-string-flip swaps numbers and strings, and leaves long ids alone', async () => {
    await fault({ kind: 'number-string-flip' });
    expect((await call()).body).toMatchObject({ total: '1', count: '1' });
    await wechat.lever('/faults', { kind: 'number-string-flip', path: '/wxa/business/getuserphonenumber' });
    const { code: phoneCode } = await wechat.lever('/people/lin/mini-program/phone-code');
    const access_token = await wechat.token('mini-program');
    const { body } = await wechat.post('/wxa/business/getuserphonenumber', { access_token }, { code: phoneCode });
    expect(body.errcode).toBe('0');
    expect(body.phone_info).toMatchObject({ phoneNumber: '13800000001', countryCode: 86 });
  });

  it('html-502 and truncated-body come from the way, not from WeChat', async () => {
    await fault({ kind: 'html-502' });
    expect(await call()).toMatchObject({ status: 502, type: expect.stringContaining('text/html') });
    await fault({ kind: 'truncated-body' });
    await expect(call()).rejects.toThrow();
  });

  it('are written into the call log with their code, and no token with them', async () => {
    await fault({ kind: 'busy' });
    await call();
    const [entry] = await wechat.lever(`/calls?path=${USERS}`, {}, 'GET');
    expect(entry).toMatchObject({ status: 200, code: -1, fault: 'busy' });
    expect(JSON.stringify(await wechat.lever('/calls', {}, 'GET'))).not.toContain(token);
  });
});

describe('codes that WeChat’s own judgement brings, ordered by the lever', () => {
  it.each([40249, 40251, 40252, 43019, 43116, 45051, 48002, 48004, 48011])(
    '%i on a template message: refused, nothing reaches the chat',
    async (errcode) => {
      const path = '/cgi-bin/message/template/send';
      await wechat.lever('/faults', { path, kind: 'code', code: errcode });
      const { body } = await wechat.post(path, { access_token: token }, { touser: wechat.openid('lin') });
      expect(body.errcode).toBe(errcode);
      expect(await wechat.lever('/messages', {}, 'GET')).toEqual([]);
    },
  );

  it.each([41030, 43104, 43107, 43108, 45168])(
    '%i on a subscribe message: refused, and the consent is still there',
    async (errcode) => {
      const path = '/cgi-bin/message/subscribe/send';
      const [template] = wechat.kit.miniProgram.templates;
      const templateIds = [template!.priTmplId];
      await wechat.lever('/people/lin/mini-program/subscribe', { templateIds, answer: 'accept' });
      await wechat.lever('/faults', { path, kind: 'code', code: errcode });
      const message = {
        touser: wechat.openid('lin', 'mini-program'),
        template_id: template!.priTmplId,
        data: {
          character_string1: { value: 'TB1' },
          thing2: { value: '年报' },
          amount3: { value: '1' },
          time4: { value: '12:00' },
        },
      };
      const access_token = await wechat.token('mini-program');
      const send = async () => (await wechat.post(path, { access_token }, message)).body.errcode;
      expect([await send(), await send(), await send()]).toEqual([errcode, 0, 43101]);
    },
  );

  it.each([40243, 50004, 50007, 89503, 89506, 89507])('%i when a token is asked for', async (errcode) => {
    const path = '/cgi-bin/stable_token';
    await wechat.lever('/faults', { path, kind: 'code', code: errcode });
    const wanted = { grant_type: 'client_credential', ...wechat.secrets['official-account'] };
    const { body } = await wechat.post(path, {}, wanted);
    expect(body).toMatchObject({ errcode });
    expect(body).not.toHaveProperty('access_token');
  });
});

describe('the whole state', () => {
  it('is told as JSON with both accounts, and is new after a reset', async () => {
    await wechat.lever('/people/chen/follow');
    await wechat.lever('/people/lin/text', { content: '你好' });
    const before = await wechat.lever('/state', {}, 'GET');
    expect(before.officialAccount.pushes).toHaveLength(2);
    expect(before.miniProgram.settings.pushFormat).toBe('json');
    await wechat.lever('/reset');
    const after = await wechat.lever('/state', {}, 'GET');
    expect([after.officialAccount.pushes, after.platform.messages]).toEqual([[], []]);
    expect(await code()).toBe(40001);
  });
});
