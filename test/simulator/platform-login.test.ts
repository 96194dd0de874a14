import { createHmac } from 'node:crypto';
import { startPlatform, type PlatformDriver } from './platform-support.ts';

let wechat: PlatformDriver;
beforeEach(async () => {
  wechat = await startPlatform();
});
afterEach(() => wechat.stop());

const loginCode = async (person = 'lin') => (await wechat.lever(`/people/${person}/mini-program/login`)).code as string;
const login = async (js_code: string, more: object = {}) =>
  (
    await wechat.get('/sns/jscode2session', {
      ...wechat.secrets['mini-program'],
      js_code,
      grant_type: 'authorization_code',
      ...more,
    })
  ).body;

describe('GET /sns/jscode2session', () => {
  it('tells who came, once a code', async () => {
    const code = await loginCode();
    expect(await login(code)).toEqual({
      openid: wechat.openid('lin', 'mini-program'),
      session_key: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
      unionid: wechat.world.people.get('lin').unionid,
    });
    expect((await login(code)).errcode).toBe(40029);
  });

  it('takes a code for five minutes', async () => {
    const early = await loginCode();
    const late = await loginCode();
    await wechat.advance(5 * 60_000 - 3000);
    expect((await login(early)).errcode).toBeUndefined();
    await wechat.advance(3000);
    expect((await login(late)).errcode).toBe(40029);
  });

  it('refuses what is wrong with its own code', async () => {
    const code = await loginCode();
    expect((await login('')).errcode).toBe(41008);
    expect((await login('nothing')).errcode).toBe(40029);
    expect((await login(code, { appid: '' })).errcode).toBe(41002);
    expect((await login(code, { appid: 'wxffffffffffffffff' })).errcode).toBe(40013);
    expect((await login(code, wechat.secrets['official-account'])).errcode).toBe(40013);
    expect((await login(code, { secret: '' })).errcode).toBe(41004);
    expect((await login(code, { secret: 'x' })).errcode).toBe(40125);
    expect((await login(code, { grant_type: 'x' })).errcode).toBe(40002);
    expect((await wechat.post('/sns/jscode2session', {}, {})).body.errcode).toBe(43001);
    // None of them used the code up.
    expect((await login(code)).errcode).toBeUndefined();
  });

  it('blocks risky people, and people who come too often', async () => {
    await wechat.lever('/mini-program/settings', { riskyPeople: ['chen'], loginsPerMinute: 2 });
    expect((await login(await loginCode('chen'))).errcode).toBe(40226);
    await login(await loginCode());
    await login(await loginCode());
    expect((await login(await loginCode())).errcode).toBe(45011);
    expect((await login(await loginCode('ouyang'))).errcode).toBeUndefined();
    await wechat.advance(60_000);
    expect((await login(await loginCode())).errcode).toBeUndefined();
  });

  it('keeps the code usable when the system is busy', async () => {
    const code = await loginCode();
    await wechat.lever('/faults', { kind: 'busy', path: '/sns/jscode2session' });
    expect((await login(code)).errcode).toBe(-1);
    expect((await login(code)).errcode).toBeUndefined();
  });

  it('says text/plain and means JSON, unless told otherwise', async () => {
    expect((await wechat.get('/sns/jscode2session')).type).toContain('text/plain');
    await wechat.lever('/platform/settings', { snsTextPlain: false });
    expect((await wechat.get('/sns/jscode2session')).type).toContain('application/json');
  });
});

describe('the session', () => {
  const sign = (key: string) => createHmac('sha256', key).update('').digest('hex');
  const ask = async (path: string, signature: string, more: object = {}, method: 'get' | 'post' = 'get') => {
    const access_token = await wechat.token('mini-program');
    const fields = { openid: wechat.openid('lin', 'mini-program'), signature, sig_method: 'hmac_sha256', ...more };
    const { body } =
      method === 'get'
        ? await wechat.get(path, { access_token, ...fields })
        : await wechat.post(path, { access_token }, fields);
    return body;
  };

  it('is checked by query and by body, until the next login', async () => {
    const { session_key: key } = await login(await loginCode());
    expect((await ask('/wxa/checksession', sign(key))).errcode).toBe(0);
    expect((await ask('/wxa/checksession', sign(key), {}, 'post')).errcode).toBe(0);
    await login(await loginCode());
    expect((await ask('/wxa/checksession', sign(key))).errcode).toBe(87009);
  });

  it('may keep its key', async () => {
    await wechat.lever('/mini-program/settings', { rotatesSessionKey: false });
    const { session_key: key } = await login(await loginCode());
    expect((await login(await loginCode())).session_key).toBe(key);
  });

  it('can be reset', async () => {
    const { session_key: key } = await login(await loginCode());
    const { session_key: fresh } = await ask('/wxa/resetusersessionkey', sign(key));
    expect(fresh).not.toBe(key);
    expect((await ask('/wxa/checksession', sign(key))).errcode).toBe(87009);
    expect((await ask('/wxa/checksession', sign(fresh))).errcode).toBe(0);
  });

  it('refuses what it cannot check', async () => {
    expect((await ask('/wxa/checksession', 'x')).errcode).toBe(87007);
    const { session_key: key } = await login(await loginCode());
    expect((await ask('/wxa/checksession', sign(key), { sig_method: 'md5' })).errcode).toBe(87008);
    expect((await ask('/wxa/checksession', sign(key), { openid: '' })).errcode).toBe(41009);
    expect((await ask('/wxa/checksession', sign(key), { openid: 'nobody' })).errcode).toBe(40003);
    expect((await ask('/wxa/checksession', sign(key).toUpperCase())).errcode).toBe(87009);
  });
});

describe('the phone number', () => {
  const phoneCode = async (body: object = {}, person = 'lin') =>
    (await wechat.lever(`/people/${person}/mini-program/phone-code`, body)).code as string;
  const ask = async (code: string) =>
    (
      await wechat.post(
        '/wxa/business/getuserphonenumber',
        { access_token: await wechat.token('mini-program') },
        { code },
      )
    ).body;

  it('is told once a code, with a watermark', async () => {
    const code = await phoneCode();
    const { phone_info: told } = await ask(code);
    const { phone } = wechat.world.people.get('lin');
    expect(told).toMatchObject({ phoneNumber: phone, purePhoneNumber: phone, countryCode: '86' });
    expect(told.watermark).toEqual({ timestamp: expect.any(Number), appid: wechat.kit.miniProgram.appid });
    expect((await ask(code)).errcode).toBe(40029);
  });

  it('splits a foreign number', async () => {
    const { id } = await wechat.lever('/people', { nickname: '周末', phone: '+852-51234567' });
    const { phone_info: told } = await ask(await phoneCode({}, id));
    expect(told).toMatchObject({ phoneNumber: '+85251234567', purePhoneNumber: '51234567', countryCode: '852' });
  });

  it('refuses codes that are missing, of a login, late, or of another mini-program', async () => {
    const late = await phoneCode();
    expect((await ask('')).errcode).toBe(41008);
    expect((await ask(await loginCode())).errcode).toBe(40029);
    expect((await ask(await phoneCode({ appid: 'wxffffffffffffffff' }))).errcode).toBe(40013);
    await wechat.advance(5 * 60_000);
    expect((await ask(late)).errcode).toBe(40029);
  });
});
