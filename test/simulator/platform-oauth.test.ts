import { startPlatform, type PlatformDriver } from './platform-support.ts';

const BACK = 'http://localhost:10086/wechat/back?from=menu';

let wechat: PlatformDriver;
beforeEach(async () => {
  wechat = await startPlatform();
});
afterEach(() => wechat.stop());

interface Page {
  status: number;
  html: string;
  /** Where the browser is sent, or null. */
  location: URL | null;
}

async function visit(path: string, person: string | null = 'lin', body?: URLSearchParams): Promise<Page> {
  const answer = await fetch(`${wechat.origin}${path}`, {
    redirect: 'manual',
    headers: person === null ? {} : { Cookie: `phone=${person}` },
    ...(body ? { method: 'POST', body } : {}),
  });
  const location = answer.headers.get('location');
  return { status: answer.status, html: await answer.text(), location: location === null ? null : new URL(location) };
}

function address(changes: Record<string, string | undefined> = {}): string {
  const params = {
    appid: wechat.kit.officialAccount.appid,
    redirect_uri: BACK,
    response_type: 'code',
    scope: 'snsapi_base',
    state: 'a1b2',
    ...changes,
  };
  const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/connect/oauth2/authorize?${String(new URLSearchParams(given))}`;
}

/** What the form on the consent page sends. */
async function decide(answer: 'allow' | 'deny', changes: Record<string, string> = {}): Promise<URL> {
  const asked = address({ scope: 'snsapi_userinfo', ...changes });
  const { html } = await visit(asked);
  const query = /name="query" value="([^"]*)"/.exec(html)![1]!.replaceAll('&#38;', '&');
  const { location } = await visit('/connect/oauth2/authorize', 'lin', new URLSearchParams({ query, answer }));
  return location!;
}

const codeFrom = (location: URL | null) => location!.searchParams.get('code')!;
const baseCode = async () => codeFrom((await visit(address())).location);
const userinfoCode = async () => codeFrom(await decide('allow'));

const exchange = async (code: string, more: object = {}) =>
  (
    await wechat.get('/sns/oauth2/access_token', {
      ...wechat.secrets['official-account'],
      code,
      grant_type: 'authorization_code',
      ...more,
    })
  ).body;

describe('the authorisation page', () => {
  it('sends the holder of the phone back in silence for snsapi_base', async () => {
    const { status, location } = await visit(address());
    expect(status).toBe(302);
    expect(location!.href).toMatch(/^http:\/\/localhost:10086\/wechat\/back\?from=menu&code=[\w-]{32}&state=a1b2$/);
  });

  it('asks for consent in Chinese for snsapi_userinfo', async () => {
    const { status, html, location } = await visit(address({ scope: 'snsapi_userinfo' }));
    expect([status, location]).toEqual([200, null]);
    for (const words of ['允许', '拒绝', '林晓', '微信头像']) expect(html).toContain(words);
  });

  it('brings a code after 允许, and the state alone after 拒绝', async () => {
    expect((await decide('allow')).searchParams.has('code')).toBe(true);
    const refused = await decide('deny');
    expect([refused.searchParams.has('code'), refused.searchParams.get('state')]).toEqual([false, 'a1b2']);
  });

  it('tells a browser outside WeChat to open the link there', async () => {
    for (const stranger of [null, 'nobody']) {
      const { status, html, location } = await visit(address(), stranger);
      expect([status, location]).toEqual([200, null]);
      expect(html).toContain('请在微信客户端打开链接');
      expect(html).toContain(`/phone/?open=${encodeURIComponent(wechat.origin)}`);
    }
  });

  it.each([
    [10003, { redirect_uri: 'https://elsewhere.example.com/' }],
    [10003, { redirect_uri: 'javascript:alert(1)' }],
    [10005, { scope: 'snsapi_login' }],
    [10010, { scope: '' }],
    [10011, { redirect_uri: '' }],
    [10012, { appid: '' }],
    [10013, { state: '' }],
  ])('shows error %d', async (code, changes) => {
    const { status, html, location } = await visit(address(changes));
    expect([status, location]).toEqual([200, null]);
    expect(html).toContain(`错误码：${code}`);
  });

  it.each([
    ['another response type', { response_type: 'token' }],
    ['a foreign appid', { appid: 'wxffffffffffffffff' }],
    ['a state with signs', { state: 'a-b' }],
    ['a state of 129 letters', { state: 'a'.repeat(129) }],
  ])('refuses %s', async (_what, changes) => {
    const { html, location } = await visit(address(changes));
    expect(location).toBeNull();
    expect(html).toContain('参数错误');
  });

  it('takes a state of 128 letters, and none at all', async () => {
    expect((await visit(address({ state: 'a'.repeat(128) }))).location).not.toBeNull();
    expect((await visit(address({ state: undefined }))).location!.searchParams.has('state')).toBe(false);
  });

  it('wants the documented order of parameters, unless told otherwise', async () => {
    const shuffled = `${address({ appid: undefined })}&appid=${wechat.kit.officialAccount.appid}`;
    expect((await visit(shuffled)).location).toBeNull();
    await wechat.lever('/official-account/settings', { strictAuthorizeOrder: false });
    expect((await visit(shuffled)).location).not.toBeNull();
  });

  it('knows only registered domains, with or without a port', async () => {
    const isOpen = async () => (await visit(address())).location !== null;
    await wechat.lever('/official-account/settings', { domains: { oauth: ['localhost:9999'] } });
    expect(await isOpen()).toBe(false);
    await wechat.lever('/official-account/settings', { domains: { oauth: ['localhost:10086'] } });
    expect(await isOpen()).toBe(true);
  });

  it.each([
    ['banned', 10004],
    ['unauthorised', 10005],
  ])('is closed for an account that is %s: %d', async (standing, code) => {
    await wechat.lever('/official-account/settings', { standing });
    expect((await visit(address())).html).toContain(`错误码：${code}`);
  });

  it.each([10006, 10009, 10015, 10016])('can be made to show %d', async (code) => {
    await wechat.lever('/faults', { kind: 'code', path: '/connect/oauth2/authorize', code });
    expect((await visit(address())).html).toContain(`错误码：${code}`);
  });

  it('may let followers pass in silence, but not those who are asked with force', async () => {
    await wechat.lever('/official-account/settings', { silentForFollowers: true });
    expect((await visit(address({ scope: 'snsapi_userinfo' }))).location).not.toBeNull();
    expect((await visit(address({ scope: 'snsapi_userinfo', forcePopup: 'true' }))).location).toBeNull();
    expect((await visit(address({ scope: 'snsapi_userinfo' }), 'chen')).location).toBeNull();
  });
});

describe('the exchange of the code', () => {
  it('tells the openid, and the unionid only to snsapi_userinfo', async () => {
    const base = await exchange(await baseCode());
    expect(base).toEqual({
      access_token: expect.any(String),
      expires_in: 7200,
      refresh_token: expect.any(String),
      openid: wechat.openid('lin'),
      scope: 'snsapi_base',
    });
    const full = await exchange(await userinfoCode());
    expect(full).toMatchObject({ scope: 'snsapi_userinfo', unionid: wechat.world.people.get('lin').unionid });
    expect(full).not.toHaveProperty('is_snapshotuser');
  });

  it('works once, and for five minutes', async () => {
    const code = await baseCode();
    expect((await exchange(code)).errcode).toBeUndefined();
    expect((await exchange(code)).errcode).toBe(40163);
    const late = await baseCode();
    const later = await baseCode();
    await wechat.advance(5 * 60_000);
    expect((await exchange(late)).errcode).toBe(42003);
    await wechat.lever('/official-account/settings', { expiredCode: 40029 });
    expect((await exchange(later)).errcode).toBe(40029);
  });

  it('refuses what is wrong with its own code', async () => {
    const code = await baseCode();
    expect((await exchange('')).errcode).toBe(41008);
    expect((await exchange('nothing')).errcode).toBe(40029);
    expect((await exchange(code, { appid: '' })).errcode).toBe(41002);
    expect((await exchange(code, { appid: 'wxffffffffffffffff' })).errcode).toBe(40013);
    expect((await exchange(code, wechat.secrets['mini-program'])).errcode).toBe(40013);
    expect((await exchange(code, { secret: 'x' })).errcode).toBe(40125);
    expect((await exchange(code, { grant_type: 'x' })).errcode).toBe(40002);
    expect((await wechat.post('/sns/oauth2/access_token', {}, {})).body.errcode).toBe(43001);
    expect((await exchange(code)).errcode).toBeUndefined();
  });

  it('stops at the minute’s limit without using the code up', async () => {
    await wechat.lever('/official-account/quotas', { path: '/sns/oauth2/access_token', minute: 0 });
    const code = await baseCode();
    expect((await exchange(code)).errcode).toBe(45011);
    await wechat.lever('/official-account/quotas', { path: '/sns/oauth2/access_token', minute: 10 });
    expect((await exchange(code)).errcode).toBeUndefined();
  });
});

describe('the user’s token', () => {
  const profile = async (access_token: string, more: object = {}) =>
    (await wechat.get('/sns/userinfo', { access_token, openid: wechat.openid('lin'), lang: 'zh_CN', ...more })).body;
  const auth = async (access_token: string, openid = wechat.openid('lin')) =>
    (await wechat.get('/sns/auth', { access_token, openid })).body.errcode;
  const refresh = async (refresh_token: string, more: object = {}) =>
    (
      await wechat.get('/sns/oauth2/refresh_token', {
        appid: wechat.kit.officialAccount.appid,
        grant_type: 'refresh_token',
        refresh_token,
        ...more,
      })
    ).body;

  it('opens the profile with snsapi_userinfo alone', async () => {
    const { access_token: full } = await exchange(await userinfoCode());
    expect(await profile(full)).toMatchObject({
      openid: wechat.openid('lin'),
      nickname: '林晓',
      sex: 0,
      headimgurl: expect.stringMatching(/\/132$/),
      privilege: [],
    });
    const { access_token: base } = await exchange(await baseCode());
    expect((await profile(base)).errcode).toBe(48001);
  });

  it('shows a portrait under its address', async () => {
    const { access_token: token } = await exchange(await userinfoCode());
    const { headimgurl } = await profile(token);
    const picture = await fetch(headimgurl);
    expect(picture.headers.get('content-type')).toContain('image/svg+xml');
    expect(await picture.text()).toContain('林');
  });

  it('is not the account’s token, and belongs to one openid', async () => {
    const { access_token: token } = await exchange(await userinfoCode());
    expect((await profile(await wechat.token())).errcode).toBe(40001);
    expect((await profile('')).errcode).toBe(41001);
    expect((await profile(token, { openid: '' })).errcode).toBe(41009);
    expect((await profile(token, { openid: wechat.openid('chen') })).errcode).toBe(40003);
    expect((await wechat.get('/cgi-bin/user/get', { access_token: token })).body.errcode).toBe(40001);
    expect([await auth(token), await auth(token, 'nobody')]).toEqual([0, 40003]);
  });

  it('lives two hours and is renewed for thirty days', async () => {
    const { access_token: token, refresh_token: renewal } = await exchange(await userinfoCode());
    await wechat.advance(7200_000);
    expect([await auth(token), (await profile(token)).errcode]).toEqual([42001, 42001]);
    const renewed = await refresh(renewal);
    expect(renewed).toMatchObject({ openid: wechat.openid('lin'), scope: 'snsapi_userinfo', expires_in: 7200 });
    expect(renewed).not.toHaveProperty('unionid');
    expect(await auth(renewed.access_token)).toBe(0);
    await wechat.advance(30 * 86_400_000);
    expect((await refresh(renewal)).errcode).toBe(42002);
  });

  it('cannot be renewed with anything else', async () => {
    const { refresh_token: renewal } = await exchange(await baseCode());
    expect((await refresh('x')).errcode).toBe(40030);
    expect((await refresh(renewal, { appid: '' })).errcode).toBe(41002);
    expect((await refresh(renewal, { appid: 'wxffffffffffffffff' })).errcode).toBe(40013);
    expect((await refresh(renewal, { grant_type: 'x' })).errcode).toBe(40002);
  });

  it.each([
    ['password-changed', 42007],
    ['authorisation-withdrawn', 50001],
  ])('is void when the person’s %s: %d', async (why, code) => {
    const { access_token: token, refresh_token: renewal } = await exchange(await userinfoCode());
    await wechat.lever('/people/lin/end-grants', { why });
    expect([(await profile(token)).errcode, (await refresh(renewal)).errcode]).toEqual([code, code]);
  });
});

describe('snapshots', () => {
  const snapshotCode = async (changes: Record<string, string> = {}) =>
    codeFrom((await visit(address({ scope: 'snsapi_userinfo', ...changes }))).location);

  it('bring a virtual person and say so', async () => {
    await wechat.lever('/official-account/settings', { snapshot: true });
    const told = await exchange(await snapshotCode());
    const lin = wechat.world.people.get('lin');
    expect(told.is_snapshotuser).toBe(1);
    expect(told.openid).toMatch(/^o.{27}$/);
    expect([told.openid, told.unionid]).not.toContain(wechat.openid('lin'));
    expect(told.unionid).not.toBe(lin.unionid);
    const { access_token, openid } = told;
    expect((await wechat.get('/sns/userinfo', { access_token, openid })).body.nickname).not.toBe('林晓');
    await wechat.lever('/official-account/settings', { snapshotUserinfo: 'refused' });
    expect((await wechat.get('/sns/userinfo', { access_token, openid })).body.errcode).toBe(48001);
  });

  it('can be forced for a test, and may lack the flag', async () => {
    expect((await exchange(await snapshotCode({ forceSnapShot: 'true' }))).is_snapshotuser).toBe(1);
    await wechat.lever('/official-account/settings', { snapshotFlagMissing: true });
    const told = await exchange(await snapshotCode({ forceSnapShot: 'true' }));
    expect(told).not.toHaveProperty('is_snapshotuser');
    expect(told.openid).not.toBe(wechat.openid('lin'));
  });

  it('end with the real consent page when the person taps for the full service', async () => {
    await wechat.lever('/official-account/settings', { snapshot: true });
    const code = codeFrom(await decide('allow', { forcePopup: 'true' }));
    const told = await exchange(code);
    expect(told.openid).toBe(wechat.openid('lin'));
    expect(told).not.toHaveProperty('is_snapshotuser');
  });

  it('do not touch snsapi_base', async () => {
    await wechat.lever('/official-account/settings', { snapshot: true });
    expect((await exchange(await baseCode())).openid).toBe(wechat.openid('lin'));
  });
});
