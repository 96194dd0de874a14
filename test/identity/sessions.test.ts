import { CustomerSession } from '../../entities/customer-session.ts';
import { findSession } from '../../src/identity/find-session.ts';
import { type IdentityWorld, startIdentityWorld } from './identity-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

let world: IdentityWorld;
beforeAll(async () => void (world = await startIdentityWorld({ SESSION_DAYS: '30' })));
afterAll(() => world.stop());

const signIn = async () => {
  const person = world.person();
  const { token } = (await world.signInPhone(person)).body.data as { token: string };
  return { person, token };
};
const me = async (token: string) => {
  const answer = await world.call(token, 'GET', '/app/me');
  return answer.status === 200 ? 'signed in' : (answer.body.error.code as string);
};

describe('the customer door', () => {
  it.each(['/app/me', '/app/sessions'])('asks who is there before %s', async (path) => {
    const answer = await world.call('', 'GET', path);
    expect([answer.status, answer.body.error.code]).toEqual([401, 'session.required']);
  });

  it.each([
    ['never given', 'A'.repeat(43)],
    ['too short', 'abc'],
    ['of 5000 characters', 'a'.repeat(5000)],
    ['with quotes', `' OR '1'='1`.replaceAll(' ', '')],
  ])('takes no token %s', async (_, token) => expect(await me(token)).toBe('session.expired'));

  it('takes no hash for a token', async () => {
    const { token } = await signIn();
    const found = await findSession(world.desk, token);
    const [session] = await world.rows(CustomerSession, { id: found!.sessionId });
    expect(await me(session!.tokenHash)).toBe('session.expired');
    expect(await me(session!.tokenHash.slice(0, 43))).toBe('session.expired');
  });

  it('wants more than a cookie for a deed: it must come from our own page', async () => {
    const browser = world.browser(world.person());
    await browser.signIn();
    const out = (headers: Record<string, string>) => browser.call('DELETE', '/app/sessions/current', headers);
    const ours = { 'x-requested-with': 'tongban' };
    expect((await out({})).status).toBe(403);
    expect((await out({ ...ours, origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.call('GET', '/app/me')).status).toBe(200);
    expect((await out({ ...ours, origin: world.origin })).status).toBe(204);
  });
});

describe('the log', () => {
  it('says that people signed in, and nothing of who they are or what opens their door', async () => {
    const person = world.person({ nickname: '记录里不该有', phone: '13987654321' });
    const browser = world.browser(person);
    const callback = new URL(await browser.goToWechat('/app/oauth/start?scope=userinfo'));
    await browser.visit(callback.href);
    await browser.visit(callback.href);
    const loginCode = world.loginCode(person);
    const signedIn = await world.call('', 'POST', '/app/sessions/mini-program', { code: loginCode });
    const { token } = signedIn.body.data as { token: string };
    await world.call('', 'POST', '/app/sessions/mini-program', { code: loginCode });
    await world.call(token, 'POST', '/app/me/phone', { code: world.phoneCode(person) });
    await world.doJobs();

    const log = world.logged.join('');
    expect(log).toContain('/oauth/callback');
    const secrets = [
      ...[person.nickname, person.phone, person.unionid, ...Object.values(person.openids)],
      ...[token, loginCode, ...callback.searchParams.values(), ...browser.cookies.values()],
      world.wechat.world.miniProgram.sessionKeys.get(person.id)!,
    ];
    for (const secret of secrets) expect(log).not.toContain(secret);
  });
});

describe('the life of a session', () => {
  it('ends after thirty days without use', async () => {
    const { token } = await signIn();
    await world.advance(30 * DAY_MS - MINUTE_MS);
    expect(await me(token)).toBe('signed in');
    const { token: unused } = await signIn();
    await world.advance(30 * DAY_MS);
    expect(await me(unused)).toBe('session.expired');
  });

  it('moves its end with use, and is written once an hour at most', async () => {
    const { token } = await signIn();
    const read = async () =>
      (await world.rows(CustomerSession, { id: (await findSession(world.desk, token))!.sessionId }))[0]!;
    const first = await read();
    await world.advance(HOUR_MS - MINUTE_MS);
    await me(token);
    expect(await read()).toEqual(first);
    await world.advance(MINUTE_MS);
    await Promise.all(Array.from({ length: 10 }, () => me(token)));
    const later = await read();
    expect(later.lastSeenAt.getTime()).toBeGreaterThanOrEqual(first.lastSeenAt.getTime() + HOUR_MS);
    expect(later.expiresAt.getTime() - later.lastSeenAt.getTime()).toBe(30 * DAY_MS);
  });

  it('tells a browser its new end', async () => {
    const browser = world.browser(world.person());
    await browser.signIn();
    expect((await browser.call('GET', '/app/me')).headers.getSetCookie()).toEqual([]);
    await world.advance(2 * HOUR_MS);
    const [cookie] = (await browser.call('GET', '/app/me')).headers.getSetCookie();
    expect(cookie).toContain(`tongban_session=${browser.cookies.get('tongban_session')}; `);
    expect(cookie).toMatch(/httponly/i);
  });
});

describe('devices', () => {
  it('lists them, the last used first, and says which one asks', async () => {
    const person = world.person();
    const phone = (await world.signInPhone(person, 'iPhone 15')).body.data.token as string;
    await world.advance(1000);
    const browser = world.browser(person);
    await browser.signIn('/app/oauth/start?scope=userinfo');
    const { body } = await world.call(phone, 'GET', '/app/sessions');
    expect(body.data).toEqual([
      expect.objectContaining({ device: 'iPhone 微信', signedInWith: 'official-account', isCurrent: false }),
      expect.objectContaining({ device: 'iPhone 15', signedInWith: 'mini-program', isCurrent: true }),
    ]);
  });

  it('signs another device out', async () => {
    const person = world.person();
    const [lost, kept] = [
      (await world.signInPhone(person, 'lost')).body.data.token as string,
      (await world.signInPhone(person, 'kept')).body.data.token as string,
    ];
    const devices = (await world.call(kept, 'GET', '/app/sessions')).body.data as { id: string; device: string }[];
    const { id } = devices.find(({ device }) => device === 'lost')!;
    expect((await world.call(kept, 'DELETE', `/app/sessions/${id}`)).status).toBe(204);
    expect([await me(lost), await me(kept)]).toEqual(['session.expired', 'signed in']);
    expect((await world.call(kept, 'DELETE', `/app/sessions/${id}`)).body.error.code).toBe('session.not_found');
    expect((await world.call(kept, 'GET', '/app/sessions')).body.data).toHaveLength(1);
  });

  it('cannot sign somebody else out', async () => {
    const [mine, theirs] = [await signIn(), await signIn()];
    const [device] = (await world.call(theirs.token, 'GET', '/app/sessions')).body.data as { id: string }[];
    const answer = await world.call(mine.token, 'DELETE', `/app/sessions/${device!.id}`);
    expect([answer.status, answer.body.error.code]).toEqual([404, 'session.not_found']);
    expect(await me(theirs.token)).toBe('signed in');
  });

  it('signs itself out, and takes the cookie back', async () => {
    const { token } = await signIn();
    expect((await world.call(token, 'DELETE', '/app/sessions/current')).status).toBe(204);
    expect(await me(token)).toBe('session.expired');

    const browser = world.browser(world.person());
    await browser.signIn();
    const out = await browser.call('DELETE', '/app/sessions/current', { 'x-requested-with': 'tongban' });
    expect(out.headers.getSetCookie()[0]).toMatch(/^tongban_session=; path=\/; expires=Thu, 01 Jan 1970/);
    expect((await browser.call('GET', '/app/me')).status).toBe(401);
  });
});
