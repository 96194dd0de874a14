import { Customer } from '../../entities/customer.ts';
import { CustomerSession } from '../../entities/customer-session.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import { createHash } from 'node:crypto';
import { type IdentityWorld, startIdentityWorld } from './identity-world.ts';

let world: IdentityWorld;
beforeAll(async () => void (world = await startIdentityWorld()));
afterAll(() => world.stop());
afterEach(() => world.wechat.world.faults.clear());

const signIn = (body: unknown) => world.call('', 'POST', '/app/sessions/mini-program', body);
const identityOf = async (openid: string) => (await world.rows(WechatIdentity, { openid }))[0]!;

describe('POST /app/sessions/mini-program', () => {
  it('signs a new person in: customer, identity, session', async () => {
    const person = world.person();
    const answer = await world.signInPhone(person, 'iPhone 15');
    expect(answer.status).toBe(201);
    expect(answer.body.data).toEqual({
      token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      expiresAt: expect.any(String),
      customer: { nickname: null, phoneMasked: null, follows: null, signedInWith: 'mini-program' },
    });
    const identity = await identityOf(person.openids[world.wechat.world.kit.miniProgram.appid]!);
    expect(identity).toMatchObject({ appKind: 'mini-program', unionid: person.unionid });
    expect(await world.rows(Customer, { id: identity.customerId })).toHaveLength(1);
    const me = await world.call(answer.body.data.token, 'GET', '/app/me');
    expect(me.body.data).toEqual(answer.body.data.customer);
  });

  it('knows the person again, on another device too', async () => {
    const person = world.person();
    await world.signInPhone(person);
    await world.signInPhone(person);
    const identity = await identityOf(person.openids[world.wechat.world.kit.miniProgram.appid]!);
    expect(await world.rows(CustomerSession, { customerId: identity.customerId })).toHaveLength(2);
  });

  it('keeps a hash of the token only, and the session_key sealed', async () => {
    const person = world.person();
    const { token } = (await world.signInPhone(person)).body.data;
    const identity = await identityOf(person.openids[world.wechat.world.kit.miniProgram.appid]!);
    const [session] = await world.rows(CustomerSession, { customerId: identity.customerId });
    expect(session!.tokenHash).toBe(createHash('sha256').update(token).digest('hex'));
    expect(JSON.stringify(session)).not.toContain(token);
    const key = world.wechat.world.miniProgram.sessionKeys.get(person.id)!;
    expect(identity.sessionKeySealed).toMatch(/^v1\./);
    expect(identity.sessionKeySealed).not.toContain(key);
    const place = `wechat_identity.session_key:${identity.id}`;
    expect(world.desk.vault.open(identity.sessionKeySealed!, place)).toBe(key);
  });

  it('names the device after the browser when the phone does not', async () => {
    const person = world.person();
    const response = await fetch(`${world.origin}/app/sessions/mini-program`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Mozilla/5.0 (Linux; Android 14) Mobile MicroMessenger/8.0',
      },
      body: JSON.stringify({ code: world.loginCode(person) }),
    });
    const { token } = ((await response.json()) as { data: { token: string } }).data;
    const devices = await world.call(token, 'GET', '/app/sessions');
    expect(devices.body.data).toMatchObject([{ device: '安卓手机 微信', isCurrent: true }]);
  });

  it('works without an Open Platform account: the person has no unionid', async () => {
    world.wechat.world.platform.settings.openPlatformBound = false;
    const person = world.person();
    expect((await world.signInPhone(person)).status).toBe(201);
    world.wechat.world.platform.settings.openPlatformBound = true;
    const openid = person.openids[world.wechat.world.kit.miniProgram.appid]!;
    const before = await identityOf(openid);
    expect(before.unionid).toBeNull();
    await world.signInPhone(person);
    expect(await identityOf(openid)).toMatchObject({ unionid: person.unionid, customerId: before.customerId });
  });

  it.each([
    ['a code that WeChat never gave', () => ({ code: 'nobody-knows-this-code' })],
    ['a code used before', async () => ({ code: await usedCode() })],
  ])('asks for a new code after %s', async (_, body) => {
    const answer = await signIn(await body());
    expect(answer.status).toBe(401);
    expect(answer.body.error.code).toBe('session.code_refused');
  });

  async function usedCode(): Promise<string> {
    const code = world.loginCode(world.person());
    await signIn({ code });
    return code;
  }

  it('turns a person away whom WeChat blocks, without a trace', async () => {
    const person = world.person();
    world.wechat.world.miniProgram.settings.riskyPeople.push(person.id);
    const answer = await world.signInPhone(person);
    expect([answer.status, answer.body.error.code]).toEqual([403, 'session.blocked']);
    expect(await world.rows(WechatIdentity, { unionid: person.unionid })).toEqual([]);
  });

  it.each([
    ['busy', 503, 'upstream.unavailable'],
    ['minute-quota', 503, 'upstream.unavailable'],
    ['html-502', 503, 'upstream.unavailable'],
    ['reset-before', 503, 'upstream.unavailable'],
    ['unknown-code', 502, 'upstream.refused'],
  ] as const)('tells %s at WeChat from a bad code', async (kind, status, code) => {
    world.wechat.world.faults.add({ kind, path: '/sns/jscode2session', times: null });
    const answer = await world.signInPhone(world.person());
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it.each([
    ['no code', {}, 'code'],
    ['a number', { code: 5 }, 'code'],
    ['a code of 257 characters', { code: 'a'.repeat(257) }, 'code'],
    ['a code with a NUL', { code: 'ab\0c' }, 'code'],
    ['an emoji for a device', { code: 'abc', device: '📱' }, 'device'],
    ['a device of 65 characters', { code: 'abc', device: '机'.repeat(65) }, 'device'],
    ['a device that turns the writing round', { code: 'abc', device: 'a\u202eb' }, 'device'],
  ])('names the field of %s', async (_, body, field) => {
    const answer = await signIn(body);
    expect(answer.status).toBe(422);
    expect(answer.body.error.detail.fields).toEqual([{ field, message: expect.stringMatching(/\p{Script=Han}/u) }]);
  });

  it('ignores who the phone says it is', async () => {
    const person = world.person();
    const code = world.loginCode(person);
    await signIn({ code, openid: 'oSomebodyElse', unionid: 'oSomebodyElse', customerId: 'x' });
    expect(await world.rows(WechatIdentity, { unionid: person.unionid })).toHaveLength(1);
    expect(await world.rows(WechatIdentity, { openid: 'oSomebodyElse' })).toEqual([]);
  });
});
