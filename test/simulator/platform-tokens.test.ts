import { NOON, startPlatform, type PlatformDriver } from './platform-support.ts';

const MINUTE = 60_000;
const RID = / rid: ([0-9a-f]{8})-[0-9a-f]{8}-[0-9a-f]{8}$/;

let wechat: PlatformDriver;
beforeEach(async () => {
  wechat = await startPlatform();
});
afterEach(() => wechat.stop());

const account = () => wechat.secrets['official-account'];
const fetchPlain = async (more: object = {}) =>
  (await wechat.get('/cgi-bin/token', { grant_type: 'client_credential', ...account(), ...more })).body;
const fetchStable = async (more: object = {}) =>
  (await wechat.post('/cgi-bin/stable_token', {}, { grant_type: 'client_credential', ...account(), ...more })).body;
/** 0 when the token works. */
const tryToken = async (token: string): Promise<number> =>
  (await wechat.get('/cgi-bin/user/get', { access_token: token })).body.errcode ?? 0;

describe('GET /cgi-bin/token', () => {
  it('gives a new token each time, and the earlier one dies five minutes later', async () => {
    const first = await fetchPlain();
    expect(first).toEqual({ access_token: expect.stringMatching(/^.{512}$/), expires_in: 7200 });
    const second = await fetchPlain();
    expect(second.access_token).not.toBe(first.access_token);
    await wechat.advance(5 * MINUTE - 2000);
    expect([await tryToken(first.access_token), await tryToken(second.access_token)]).toEqual([0, 0]);
    await wechat.advance(4000);
    expect([await tryToken(first.access_token), await tryToken(second.access_token)]).toEqual([40001, 0]);
  });

  it('lets a token expire after two hours', async () => {
    const { access_token: token } = await fetchPlain();
    await wechat.advance(119 * MINUTE);
    expect(await tryToken(token)).toBe(0);
    await wechat.advance(2 * MINUTE);
    expect(await tryToken(token)).toBe(42001);
  });

  it('looks at the appid first, then at the secret, then at the grant type', async () => {
    const codes = await Promise.all([
      fetchPlain({ appid: '' }),
      fetchPlain({ appid: 'wxffffffffffffffff', grant_type: 'x' }),
      fetchPlain({ appid: account().appid.toUpperCase() }),
      fetchPlain({ secret: '' }),
      fetchPlain({ secret: 'wrong', grant_type: 'x' }),
      fetchPlain({ grant_type: 'x' }),
    ]);
    expect(codes.map((body) => body.errcode)).toEqual([41002, 40013, 40013, 41004, 40125, 40002]);
  });

  it('wants a GET', async () => {
    const { status, body } = await wechat.post('/cgi-bin/token', {}, account());
    expect([status, body.errcode]).toEqual([200, 43001]);
  });

  it('gives 2000 tokens a Shanghai day, and again after midnight or a reset', async () => {
    await wechat.lever('/official-account/quotas', { path: '/cgi-bin/token', used: 1999 });
    expect((await fetchPlain()).errcode).toBeUndefined();
    expect((await fetchPlain()).errcode).toBe(45009);
    const cleared = await wechat.post(
      '/cgi-bin/clear_quota/v2',
      {},
      { appid: account().appid, appsecret: account().secret },
    );
    expect(cleared.body).toEqual({ errcode: 0, errmsg: 'ok' });
    expect((await fetchPlain()).errcode).toBeUndefined();
    await wechat.lever('/official-account/quotas', { path: '/cgi-bin/token', used: 2000 });
    await wechat.advance(12 * 60 * MINUTE - 5000);
    expect((await fetchPlain()).errcode).toBe(45009);
    await wechat.advance(10_000);
    expect((await fetchPlain()).errcode).toBeUndefined();
  });
});

describe('POST /cgi-bin/stable_token', () => {
  it('answers the same token with what is left of its life', async () => {
    const first = await fetchStable();
    expect(first.expires_in).toBe(7200);
    await wechat.advance(60 * MINUTE);
    const later = await fetchStable();
    expect(later.access_token).toBe(first.access_token);
    expect(later.expires_in).toBeGreaterThan(3590);
    expect(later.expires_in).toBeLessThanOrEqual(3600);
  });

  it('answers a new one in the last five minutes, and both work until the old one ends', async () => {
    const old = await fetchStable();
    await wechat.advance(115 * MINUTE + 2000);
    const fresh = await fetchStable();
    expect(fresh.access_token).not.toBe(old.access_token);
    expect(fresh.expires_in).toBe(7200);
    expect([await tryToken(old.access_token), await tryToken(fresh.access_token)]).toEqual([0, 0]);
    await wechat.advance(5 * MINUTE);
    expect([await tryToken(old.access_token), await tryToken(fresh.access_token)]).toEqual([42001, 0]);
  });

  it('never promises less than 300 seconds', async () => {
    await fetchStable();
    for (const minutes of [100, 10, 4, 2, 110]) {
      await wechat.advance(minutes * MINUTE);
      expect((await fetchStable()).expires_in).toBeGreaterThanOrEqual(300);
    }
  });

  it('kills the earlier token at once when forced, but not twice within 30 seconds', async () => {
    const old = await fetchStable();
    const forced = await fetchStable({ force_refresh: true });
    expect(forced.access_token).not.toBe(old.access_token);
    expect([await tryToken(old.access_token), await tryToken(forced.access_token)]).toEqual([40001, 0]);
    expect((await fetchStable({ force_refresh: true })).access_token).toBe(forced.access_token);
    await wechat.advance(31_000);
    expect((await fetchStable({ force_refresh: true })).access_token).not.toBe(forced.access_token);
    expect(await tryToken(forced.access_token)).toBe(40001);
  });

  it('may be forced twenty times a day', async () => {
    for (let time = 0; time < 20; time += 1) {
      expect((await fetchStable({ force_refresh: true })).errcode).toBeUndefined();
      await wechat.advance(31_000);
    }
    expect((await fetchStable({ force_refresh: true })).errcode).toBe(45009);
    expect((await fetchStable()).errcode).toBeUndefined();
    await wechat.advance(24 * 60 * MINUTE);
    expect((await fetchStable({ force_refresh: true })).errcode).toBeUndefined();
  });

  it('leaves the tokens of /cgi-bin/token alone, and they leave it alone', async () => {
    const plain = await fetchPlain();
    const stable = await fetchStable();
    await fetchStable({ force_refresh: true });
    expect(await tryToken(plain.access_token)).toBe(0);
    const forced = await fetchStable();
    await fetchPlain();
    await wechat.advance(6 * MINUTE);
    expect([await tryToken(stable.access_token), await tryToken(forced.access_token)]).toEqual([40001, 0]);
  });

  it('wants a POST with JSON', async () => {
    expect((await wechat.get('/cgi-bin/stable_token', account())).body.errcode).toBe(43002);
    expect((await wechat.post('/cgi-bin/stable_token', {}, '')).body.errcode).toBe(44002);
    expect((await wechat.post('/cgi-bin/stable_token', {}, 'grant_type=client_credential')).body.errcode).toBe(47001);
    expect((await wechat.post('/cgi-bin/stable_token', {}, '[]')).body.errcode).toBe(47001);
  });

  it('counts the minute and forgets it in the next one', async () => {
    await wechat.lever('/official-account/quotas', { path: '/cgi-bin/stable_token', minute: 2 });
    expect([(await fetchStable()).errcode, (await fetchStable()).errcode]).toEqual([undefined, undefined]);
    expect((await fetchStable()).errcode).toBe(45011);
    await wechat.advance(MINUTE);
    expect((await fetchStable()).errcode).toBeUndefined();
  });
});

describe('refusals around the token', () => {
  it('tell missing, malformed, unknown and foreign tokens apart', async () => {
    const mini = await wechat.token('mini-program');
    const code = async (query: object) => (await wechat.get('/cgi-bin/user/get', query)).body.errcode;
    expect(await code({})).toBe(41001);
    expect(await code({ access_token: 'abc' })).toBe(40014);
    expect(await code({ access_token: `98_${'x'.repeat(509)}` })).toBe(40001);
    expect(await code({ access_token: mini })).toBe(48001);
  });

  it('carry a rid that begins with the time of the call in hexadecimal', async () => {
    const { status, body } = await wechat.get('/cgi-bin/user/get');
    expect(status).toBe(200);
    const seconds = Number.parseInt(RID.exec(body.errmsg)![1]!, 16);
    expect(Math.abs(seconds - NOON / 1000)).toBeLessThan(30);
  });

  it('say which address is not on the list', async () => {
    await wechat.lever('/official-account/settings', { whitelistOk: false });
    const refused = await fetchStable();
    expect(refused.errcode).toBe(40164);
    expect(refused.errmsg).toMatch(/^invalid ip 127\.0\.0\.1 ipv6 ::ffff:127\.0\.0\.1, not in whitelist rid: /);
    await wechat.lever('/official-account/settings', { whitelistOk: true });
    expect((await fetchStable()).errcode).toBeUndefined();
  });

  it.each([
    ['secret-frozen', 40243],
    ['token-forbidden', 50004],
    ['frozen', 50007],
  ])('an account that is %s gets no token: %d', async (standing, code) => {
    await wechat.lever('/official-account/settings', { standing });
    expect((await fetchPlain()).errcode).toBe(code);
  });

  it.each([
    ['unauthorised', 48001],
    ['banned', 48004],
  ])('an account that is %s may not call: %d', async (standing, code) => {
    const token = await wechat.token();
    await wechat.lever('/official-account/settings', { standing });
    expect(await tryToken(token)).toBe(code);
  });

  it('end by lever as if two hours had passed', async () => {
    const token = await wechat.token();
    await wechat.lever('/official-account/tokens/expire');
    expect(await tryToken(token)).toBe(42001);
  });
});

describe('quota and support calls', () => {
  it('tell how much of a day is used', async () => {
    const token = await wechat.token();
    await tryToken(token);
    const ask = (path: string) =>
      wechat.post('/cgi-bin/openapi/quota/get', { access_token: token }, { cgi_path: path });
    expect((await ask('/cgi-bin/user/get')).body).toMatchObject({
      errcode: 0,
      quota: { daily_limit: 500, used: 1, remain: 499 },
    });
    expect((await ask('cgi-bin/user/get')).body.errcode).toBe(76021);
    expect((await ask('/cgi-bin/nothing')).body.errcode).toBe(76021);
    expect((await ask('/sns/userinfo')).body.errcode).toBe(76022);
  });

  it('reset ten times a month', async () => {
    const token = await wechat.token();
    const clear = async (appid = account().appid) =>
      (await wechat.post('/cgi-bin/clear_quota', { access_token: token }, { appid })).body.errcode;
    expect(await clear('wxffffffffffffffff')).toBe(40013);
    for (let time = 0; time < 10; time += 1) expect(await clear()).toBe(0);
    expect(await clear()).toBe(48006);
    await wechat.advance(16 * 24 * 60 * MINUTE);
    const { errcode } = (
      await wechat.post('/cgi-bin/clear_quota', { access_token: await wechat.token() }, { appid: account().appid })
    ).body;
    expect(errcode).toBe(0);
  });

  it('look a rid up for a week, for its own account', async () => {
    const token = await wechat.token();
    const refused = await wechat.get('/cgi-bin/user/info', { access_token: token, openid: 'nobody' });
    const rid = refused.body.errmsg.split('rid: ')[1];
    const ask = async (access_token: string, wanted: string) =>
      (await wechat.post('/cgi-bin/openapi/rid/get', { access_token }, { rid: wanted })).body;
    expect(await ask(token, rid)).toMatchObject({ errcode: 0, request: { request_url: '/cgi-bin/user/info' } });
    expect((await ask(await wechat.token('mini-program'), rid)).errcode).toBe(76003);
    expect((await ask(token, '00000000-00000000-00000000')).errcode).toBe(76001);
    expect((await ask(token, 'x')).errcode).toBe(76002);
    await wechat.advance(8 * 24 * 60 * MINUTE);
    expect((await ask(await wechat.token(), rid)).errcode).toBe(76004);
  });
});
