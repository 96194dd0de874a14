import { createHash } from 'node:crypto';
import { Customer } from '../../entities/customer.ts';
import { CustomerSession } from '../../entities/customer-session.ts';
import { WebSignIn } from '../../entities/web-sign-in.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { Person } from '../../simulator/src/people.ts';
import { type IdentityWorld, startIdentityWorld } from './identity-world.ts';

let world: IdentityWorld;
beforeAll(async () => void (world = await startIdentityWorld()));
afterAll(() => world.stop());
afterEach(() => {
  world.wechat.world.faults.clear();
  Object.assign(world.wechat.world.officialAccount.settings, {
    snapshot: false,
    snapshotFlagMissing: false,
    snapshotUserinfo: 'virtual',
  });
});

const MINUTE_MS = 60_000;
const exchanges = () => world.wechat.world.calls.all('/sns/oauth2/access_token').length;
const openidOf = (person: Person) => person.openids[world.wechat.world.kit.officialAccount.appid]!;
const sessionsOf = async (person: Person) => {
  const [identity] = await world.rows(WechatIdentity, { openid: openidOf(person) });
  return identity ? world.rows(CustomerSession, { identityId: identity.id }) : [];
};

describe('the way to WeChat and back', () => {
  it('signs a person in silently, with a cookie that no script reads, and a clean address', async () => {
    const browser = world.browser(world.person());
    const ended = await browser.signIn('/app/oauth/start?back=%2F%23%2Fpages%2Forders%2Findex%3Fstate%3Dpaid');
    expect(ended.status).toBe(302);
    expect(ended.location).toBe('/#/pages/orders/index?state=paid');
    const cookie = ended.setCookies.find((line) => line.startsWith('tongban_session='))!;
    expect(cookie).toMatch(/; path=\/;/);
    expect(cookie).toMatch(/; samesite=lax/i);
    expect(cookie).toMatch(/; httponly/i);
    expect(cookie).not.toMatch(/secure/i);
    const me = await browser.call('GET', '/app/me');
    expect(await me.json()).toEqual({
      data: { nickname: null, phoneMasked: null, follows: null, signedInWith: 'official-account' },
    });
  });

  it('keeps hashes of what binds the browser, and leaves WeChat a state that it takes', async () => {
    const browser = world.browser(world.person());
    const started = await browser.visit('/app/oauth/start');
    const state = new URL(started.location!).searchParams.get('state')!;
    expect(state).toMatch(/^[A-Za-z0-9]{32,128}$/);
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const [trip] = await world.rows(WebSignIn, { stateHash: sha256(state) });
    expect(trip).toMatchObject({ browserHash: sha256(browser.cookies.get('tongban_browser')!), scope: 'snsapi_base' });
    const cookie = started.setCookies.find((line) => line.startsWith('tongban_browser='))!;
    expect(cookie).toMatch(/path=\/app\/oauth;/);
    expect(cookie).toMatch(/httponly/i);
    expect(cookie).toMatch(/samesite=lax/i);
    expect(new Date(/expires=([^;]+)/.exec(cookie)![1]!).getTime()).toBeLessThan(Date.now() + 16 * MINUTE_MS);
  });

  it('stores the name when the page asks for it', async () => {
    const person = world.person({ nickname: ' 林\u0000晓\u202e🌸\n ' });
    const browser = world.browser(person);
    await browser.signIn('/app/oauth/start?scope=userinfo');
    const me = (await (await browser.call('GET', '/app/me')).json()) as { data: { nickname: string } };
    expect(me.data.nickname).toBe('林晓🌸');
    expect(await world.rows(WechatIdentity, { openid: openidOf(person) })).toMatchObject([{ unionid: person.unionid }]);
  });

  it('lets two pages of one browser sign in at once', async () => {
    const browser = world.browser(world.person());
    const [first, second] = [await browser.goToWechat(), await browser.goToWechat()];
    expect((await browser.visit(first)).location).toBe('/');
    expect((await browser.visit(second)).location).toBe('/');
  });

  it('ends the session that the browser forgets', async () => {
    const person = world.person();
    const browser = world.browser(person);
    await browser.signIn();
    await browser.signIn('/app/oauth/start?scope=userinfo');
    const sessions = await sessionsOf(person);
    expect(sessions.filter((session) => session.revokedAt === null)).toHaveLength(1);
    expect((await browser.call('GET', '/app/me')).status).toBe(200);
  });
});

describe('only the browser that left may come back', () => {
  it.each([
    ['another browser', (callback: string) => world.browser().visit(callback)],
    [
      'another browser that has left too',
      async (callback: string) => {
        const other = world.browser(world.person());
        await other.visit('/app/oauth/start');
        return other.visit(callback);
      },
    ],
  ])('refuses %s, and tells it nothing of the address', async (_, visit) => {
    const person = world.person();
    const callback = await world.browser(person).goToWechat('/app/oauth/start?back=/secret-place');
    const before = exchanges();
    const ended = await visit(callback);
    expect(ended.location).toBe('/?signInError=session.state_invalid');
    expect(ended.setCookies.join()).not.toContain('tongban_session');
    expect(exchanges()).toBe(before);
    expect(await sessionsOf(person)).toEqual([]);
  });

  it('still lets the first browser in after a stranger tried', async () => {
    const browser = world.browser(world.person());
    const callback = await browser.goToWechat();
    await world.browser().visit(callback);
    expect((await browser.visit(callback)).location).toBe('/');
  });

  it.each([
    ['no state', '/app/oauth/callback?code=abc'],
    ['a state that nobody made', '/app/oauth/callback?code=abc&state=abc'],
    ['a state twice', '/app/oauth/callback?code=abc&state=a&state=b'],
    ['a state of 500 characters', `/app/oauth/callback?code=abc&state=${'a'.repeat(500)}`],
    ['nothing', '/app/oauth/callback'],
  ])('refuses %s', async (_, address) => {
    const browser = world.browser(world.person());
    await browser.visit('/app/oauth/start');
    const ended = await browser.visit(address);
    expect([ended.status, ended.location]).toEqual([302, '/?signInError=session.state_invalid']);
  });

  it('gives up on a trip of more than fifteen minutes', async () => {
    const browser = world.browser(world.person());
    const callback = await browser.goToWechat('/app/oauth/start?back=/me');
    await world.advance(15 * MINUTE_MS + 1);
    expect((await browser.visit(callback)).location).toBe('/me?signInError=session.state_invalid');
  });
});

describe('a callback works once', () => {
  it('answers a second load within a minute with the same redirect, without a second exchange or session', async () => {
    const person = world.person();
    const browser = world.browser(person);
    const callback = await browser.goToWechat('/app/oauth/start?back=/me');
    await browser.visit(callback);
    const before = exchanges();
    const again = await browser.visit(callback);
    expect([again.status, again.location]).toEqual([302, '/me']);
    expect(exchanges()).toBe(before);
    expect(await sessionsOf(person)).toHaveLength(1);
  });

  it('signs the browser in when the first answer was lost with its cookie', async () => {
    const person = world.person();
    const browser = world.browser(person);
    const callback = await browser.goToWechat('/app/oauth/start?back=/me');
    await browser.visit(callback);
    browser.cookies.delete('tongban_session');
    expect((await browser.visit(callback)).location).toBe('/me');
    expect((await browser.call('GET', '/app/me')).status).toBe(200);
  });

  it('serves ten loads at the same instant with one exchange', async () => {
    const person = world.person();
    const browser = world.browser(person);
    const callback = await browser.goToWechat('/app/oauth/start?back=/me');
    world.wechat.world.faults.add({ kind: 'delay', path: '/sns/oauth2/access_token', ms: 300 });
    const before = exchanges();
    const visits = await Promise.all(Array.from({ length: 10 }, () => browser.visit(callback)));
    expect(new Set(visits.map((visit) => visit.location))).toEqual(new Set(['/me']));
    expect(exchanges()).toBe(before + 1);
    expect(await world.rows(WechatIdentity, { openid: openidOf(person) })).toHaveLength(1);
  });

  it('is over after a minute', async () => {
    const browser = world.browser(world.person());
    const callback = await browser.goToWechat('/app/oauth/start?back=/me');
    await browser.visit(callback);
    await world.advance(MINUTE_MS + 1);
    browser.cookies.delete('tongban_session');
    const again = await browser.visit(callback);
    expect(again.location).toBe('/me?signInError=session.state_invalid');
    expect(browser.cookies.has('tongban_session')).toBe(false);
  });
});

describe('what stops a sign-in is told where the person was', () => {
  it('is a refused consent', async () => {
    const person = world.person();
    const ended = await world
      .browser(person)
      .signIn('/app/oauth/start?scope=userinfo&back=/me%3Ftab%3D1%23top', 'deny');
    expect(ended.location).toBe('/me?tab=1&signInError=session.consent_refused#top');
    expect(await world.rows(WechatIdentity, { unionid: person.unionid })).toEqual([]);
  });

  it.each([
    ['says so', {}],
    ['does not say so, and refuses the profile', { snapshotFlagMissing: true, snapshotUserinfo: 'refused' }],
  ])('is a snapshot page, when WeChat %s: nobody is created or bound', async (_, settings) => {
    Object.assign(world.wechat.world.officialAccount.settings, { snapshot: true, ...settings });
    const [customers, identities] = [await world.rows(Customer), await world.rows(WechatIdentity)];
    const browser = world.browser(world.person());
    const ended = await browser.signIn('/app/oauth/start?scope=userinfo&back=/me');
    expect(ended.location).toBe('/me?signInError=session.snapshot');
    expect(browser.cookies.has('tongban_session')).toBe(false);
    expect(await world.rows(Customer)).toHaveLength(customers.length);
    expect(await world.rows(WechatIdentity)).toHaveLength(identities.length);
  });

  it('is a code that WeChat does not know any more', async () => {
    const browser = world.browser(world.person());
    const callback = await browser.goToWechat('/app/oauth/start?back=/me');
    await world.advance(6 * MINUTE_MS);
    expect((await browser.visit(callback)).location).toBe('/me?signInError=session.code_refused');
  });

  it.each([
    ['/sns/oauth2/access_token', 'busy', 'upstream.unavailable'],
    ['/sns/oauth2/access_token', 'reset-before', 'upstream.unavailable'],
    ['/sns/userinfo', 'html-502', 'upstream.unavailable'],
    ['/sns/oauth2/access_token', 'unknown-code', 'upstream.refused'],
  ] as const)('is WeChat: %s %s', async (path, kind, code) => {
    const browser = world.browser(world.person());
    const callback = await browser.goToWechat('/app/oauth/start?scope=userinfo&back=/me');
    world.wechat.world.faults.add({ kind, path, times: null });
    expect((await browser.visit(callback)).location).toBe(`/me?signInError=${code}`);
  });

  it('takes the refusal of an earlier attempt out of the address', async () => {
    const back = encodeURIComponent('/me?a=%20b&signInError=session.snapshot&c#d?e');
    const ended = await world.browser(world.person()).signIn(`/app/oauth/start?back=${back}`);
    expect(ended.location).toBe('/me?a=%20b&c#d?e');
  });
});

describe('the way back stays on our own pages', () => {
  it.each([
    '//evil.example/x',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    'me',
    '',
    `/${'a'.repeat(1024)}`,
    '/me\u0000',
    '\\/evil.example',
    ' /me',
  ])('leads to the first page instead of %j', async (back) => {
    const browser = world.browser(world.person());
    const ended = await browser.signIn(`/app/oauth/start?back=${encodeURIComponent(back)}`);
    expect(ended.location).toBe('/');
  });

  it('takes one of two', async () => {
    const ended = await world.browser(world.person()).signIn('/app/oauth/start?back=/a&back=/b');
    expect(ended.location).toBe('/');
  });

  it('keeps a path of 1024 characters with Chinese in it', async () => {
    const back = `/${'页'.repeat(1023)}`;
    const ended = await world.browser(world.person()).signIn(`/app/oauth/start?back=${encodeURIComponent(back)}`);
    expect(decodeURI(ended.location!)).toBe(back);
  });
});

describe('behind a proxy that speaks https', () => {
  it('marks both cookies as secure', async () => {
    const secured = await startIdentityWorld({ PUBLIC_ORIGIN: 'https://desk.example' });
    try {
      secured.wechat.world.officialAccount.settings.domains.oauth.push('desk.example');
      const browser = secured.browser(secured.person());
      const started = await browser.visit('/app/oauth/start');
      expect(started.setCookies.join()).toMatch(/tongban_browser=.*; secure/i);
      const callback = new URL(await browser.goToWechat());
      expect(callback.origin).toBe('https://desk.example');
      const ended = await browser.visit(callback.pathname + callback.search);
      expect(ended.setCookies.join()).toMatch(/tongban_session=.*; secure/i);
    } finally {
      await secured.stop();
    }
  });
});
