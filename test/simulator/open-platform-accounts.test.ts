import { fieldOf, type PlatformOwner, startOpenPlatform } from './open-platform-support.ts';
import type { Body } from './platform-support.ts';

const MINUTE_MS = 60_000;

let wechat: PlatformOwner;
let token: string;
beforeEach(async () => {
  wechat = await startOpenPlatform();
  await wechat.introduce();
  token = await wechat.componentToken();
});
afterEach(() => wechat.stop());

const lever = (path: string, body: object = {}) => wechat.owner.lever(path, body);
const ask = (path: string, body: object) => wechat.owner.ask(path, body, { access_token: token });
const lastTold = async () => {
  await wechat.owner.settled();
  return wechat.owner.told().at(-1)!;
};
const newAccount = async (more: object = {}): Promise<string> => (await lever('/accounts', more)).appid;
const query = (authorization_code: string) => ask('api_query_auth', { authorization_code });
const refresh = (authorizer_appid: string, authorizer_refresh_token: string) =>
  ask('api_authorizer_token', { authorizer_appid, authorizer_refresh_token });
const basicInfo = async (access_token: string, method = 'POST'): Promise<Body> =>
  (await wechat.call(method, '/cgi-bin/account/getaccountbasicinfo', { access_token })).body;

/** An account whose owner authorised it, and what its code brought. */
async function authorised(more: object = {}) {
  const appid = await newAccount(more);
  const { authCode } = await lever(`/accounts/${appid}/authorise`);
  const { authorization_info: granted } = await query(authCode);
  return { appid, authCode, granted };
}

describe('an authorisation', () => {
  it('is told, and its code gives tokens once', async () => {
    const { appid, authCode, granted } = await authorised();
    const xml = await lastTold();
    const names = ['AppId', 'InfoType', 'AuthorizerAppid', 'AuthorizationCode'];
    expect(names.map((name) => fieldOf(xml, name))).toEqual([wechat.kit.appid, 'authorized', appid, authCode]);
    expect(granted).toMatchObject({
      authorizer_appid: appid,
      expires_in: 7200,
      func_info: [1, 2, 3].map((id) => ({ funcscope_category: { id } })),
    });
    expect((await query(authCode)).errcode).toBe(61009);
    await lever('/settings', { usedCodeAnswer: 61010 });
    expect((await query(authCode)).errcode).toBe(61010);
    expect((await query('invented')).errcode).toBe(61009);
  });

  it('whose code is too old gives nothing', async () => {
    const { authCode } = await lever(`/accounts/${await newAccount()}/authorise`);
    await wechat.advance(3600_000);
    expect((await query(authCode)).errcode).toBe(61010);
  });

  it('may be told with a code of its own', async () => {
    await lever('/settings', { codeInEvent: 'another' });
    const { authCode } = await lever(`/accounts/${await newAccount()}/authorise`);
    const told = fieldOf(await lastTold(), 'AuthorizationCode');
    expect(told).not.toBe(authCode);
    expect([(await query(told)).errcode, (await query(authCode)).errcode]).toEqual([undefined, undefined]);
  });

  it('can be changed, and taken back', async () => {
    const { appid, granted } = await authorised();
    await lever(`/accounts/${appid}/authorise`, { scopes: [1] });
    expect(fieldOf(await lastTold(), 'InfoType')).toBe('updateauthorized');
    expect((await basicInfo(granted.authorizer_access_token)).errcode).toBe(61007);
    await lever(`/accounts/${appid}/revoke`);
    const xml = await lastTold();
    expect([fieldOf(xml, 'InfoType'), fieldOf(xml, 'AuthorizerAppid')]).toEqual(['unauthorized', appid]);
    expect((await basicInfo(granted.authorizer_access_token)).errcode).toBe(61003);
    expect((await refresh(appid, granted.authorizer_refresh_token)).errcode).toBe(61003);
    expect((await ask('api_get_authorizer_info', { authorizer_appid: appid })).errcode).toBe(61003);
  });
});

describe('a refresh', () => {
  it('gives a new refresh token, and the former one is worth nothing', async () => {
    const { appid, granted } = await authorised();
    const first = granted.authorizer_refresh_token;
    const next = await refresh(appid, first);
    expect(next).toEqual({
      authorizer_access_token: expect.stringMatching(/^.{512}$/),
      expires_in: 7200,
      authorizer_refresh_token: expect.stringMatching(/^refreshtoken@@@/),
    });
    expect(next.authorizer_refresh_token).not.toBe(first);
    expect((await refresh(appid, first)).errcode).toBe(61023);
    await lever('/settings', { formerRefreshToken: 'works', refreshTokens: 'stay' });
    const again = await refresh(appid, first);
    expect(again.authorizer_refresh_token).toBe(next.authorizer_refresh_token);
  });

  it('is over when the refresh token is lost, until the owner authorises again', async () => {
    const { appid, granted } = await authorised();
    await lever(`/accounts/${appid}/lose-refresh-token`);
    expect((await refresh(appid, granted.authorizer_refresh_token)).errcode).toBe(61023);
    const { authorization_info: told } = await ask('api_get_authorizer_info', { authorizer_appid: appid });
    expect(told).not.toHaveProperty('authorizer_refresh_token');
    const { authCode } = await lever(`/accounts/${appid}/authorise`);
    const { authorization_info: renewed } = await query(authCode);
    expect((await refresh(appid, renewed.authorizer_refresh_token)).errcode).toBeUndefined();
  });
});

describe('what is told of an account', () => {
  it.each([
    ['a verified service account', {}, 2, 0],
    ['one without a name', { named: false }, 2, 3],
    ['one that is not verified', { qualified: false, named: false }, 2, -1],
    ['one whose year is over', { until: 0 }, 2, -1],
    ['a subscription account', { kind: 'subscription' }, 0, 0],
    ['one that was upgraded', { kind: 'subscription', serviceType: 1 }, 1, 0],
    ['one with a microblog', { verifyType: 4 }, 2, 4],
    ['a mini-program', { kind: 'mini-program' }, 0, 0],
  ])('%s', async (_, wanted, service, verify) => {
    const { appid } = await authorised(wanted);
    const { authorizer_info: told } = await ask('api_get_authorizer_info', { authorizer_appid: appid });
    expect(told).toMatchObject({
      service_type_info: { id: service },
      verify_type_info: { id: verify },
      account_status: 1,
      principal_name: verify === -1 ? '' : expect.stringContaining('有限公司'),
    });
    expect('MiniProgramInfo' in told).toBe('kind' in wanted && wanted.kind === 'mini-program');
  });

  it('under its own token, by POST or GET', async () => {
    const { appid, granted } = await authorised({ nickname: '示例商店' });
    const told = await basicInfo(granted.authorizer_access_token);
    expect(told).toMatchObject({
      appid,
      account_type: 2,
      nickname: '示例商店',
      realname_status: 1,
      customer_type: 1,
      wx_verify_info: { qualification_verify: true, naming_verify: true, annual_review: false },
    });
    const { annual_review_begin_time: begin, annual_review_end_time: end } = told.wx_verify_info;
    expect(end - begin).toBe(7_776_000);
    expect(await basicInfo(granted.authorizer_access_token, 'GET')).toEqual(told);
    expect((await basicInfo(token)).errcode).toBe(61015);
    await wechat.advance(7200_000);
    expect((await basicInfo(granted.authorizer_access_token)).errcode).toBe(42001);
  });

  it('in lists of at most five hundred', async () => {
    await lever('/accounts/bulk', { count: 7 });
    const list = (offset: number, count: number) => ask('api_get_authorizer_list', { offset, count });
    const page = await list(5, 500);
    expect([page.total_count, page.list.length]).toEqual([7, 2]);
    expect(page.list[0]).toEqual({
      authorizer_appid: expect.stringMatching(/^wx[0-9a-f]{16}$/),
      refresh_token: expect.any(String),
      auth_time: expect.any(Number),
    });
    expect((await list(0, 501)).errcode).toBe(40097);
    await lever('/settings', { listsRefreshTokens: false });
    expect((await list(0, 1)).list[0]).not.toHaveProperty('refresh_token');
  });

  it('of ten thousand that were authorised before anybody listened', async () => {
    const { appids } = await lever('/accounts/bulk', { count: 10_000 });
    expect(new Set(appids).size).toBe(10_000);
    expect((await ask('api_get_authorizer_list', { offset: 9999, count: 500 })).list).toHaveLength(1);
    expect(wechat.owner.told()).toHaveLength(1);
  });
});

describe('the events of its verification', () => {
  it.each([
    ['qualification_verify_success', 'ExpiredTime'],
    ['qualification_verify_fail', 'FailTime'],
    ['naming_verify_success', 'ExpiredTime'],
    ['naming_verify_fail', 'FailTime'],
    ['annual_renew', 'ExpiredTime'],
    ['verify_expired', 'ExpiredTime'],
  ])('%s goes to the message URL, sealed with the key of the platform', async (event, instant) => {
    const { appid } = await authorised({ until: 1_798_761_600_000 });
    const { originalId } = await lever(`/accounts/${appid}/verification`, { event, reason: '执照看不清' });
    const xml = await lastTold();
    expect([fieldOf(xml, 'ToUserName'), fieldOf(xml, 'Event')]).toEqual([originalId, event]);
    expect(fieldOf(xml, instant)).toBe(instant === 'FailTime' ? fieldOf(xml, 'CreateTime') : '1798761600');
    expect(fieldOf(xml, 'FailReason')).toBe(instant === 'FailTime' ? '执照看不清' : '');
  });

  it('come by the clock: the review window opens, the year ends, and a renewal puts both off', async () => {
    const now = wechat.world.clock.now();
    const [from, until] = [now + MINUTE_MS, now + 2 * MINUTE_MS];
    const { appid, granted } = await authorised({ from, until });
    const silent = await authorised({ from, until });
    await lever(`/accounts/${silent.appid}/authorise`, { scopes: [1, 2] });
    const state = async () => (await basicInfo(granted.authorizer_access_token)).wx_verify_info;
    const events = () => wechat.owner.told().flatMap((xml) => fieldOf(xml, 'Event') || []);

    await wechat.advance(MINUTE_MS + 1000);
    expect(events()).toEqual(['annual_renew']);
    expect(await state()).toMatchObject({ qualification_verify: true, annual_review: true });
    await wechat.advance(MINUTE_MS + 1000);
    expect(events()).toEqual(['annual_renew', 'verify_expired']);
    expect(await state()).toEqual({ qualification_verify: false, naming_verify: false });

    const again = wechat.world.clock.now() + 2 * MINUTE_MS;
    await lever(`/accounts/${appid}`, { from: again - MINUTE_MS, until: again });
    await lever(`/accounts/${appid}`, { from: again, until: again + MINUTE_MS });
    await wechat.advance(MINUTE_MS + 1000);
    expect(events()).toHaveLength(2);
    await wechat.advance(MINUTE_MS);
    expect(events()).toEqual(['annual_renew', 'verify_expired', 'annual_renew']);
  });

  it('are not told without the permission set', async () => {
    const { appid } = await authorised();
    await lever(`/accounts/${appid}/authorise`, { scopes: [1, 2] });
    await expect(lever(`/accounts/${appid}/verification`, { event: 'annual_renew' })).rejects.toThrow('409');
    expect(await lever(`/accounts/${appid}/verification`, { qualified: false })).toMatchObject({ push: null });
  });
});
