import { WechatToken } from '../../../entities/wechat-token.ts';
import { withdrawAuthorisation } from '../../../src/platform/open-platform/index.ts';
import { type PlatformWorld, startPlatformWorld } from './platform-world.ts';

const HOUR = 3600_000;
const TOKEN = '/cgi-bin/component/api_component_token';
const REFRESH = '/cgi-bin/component/api_authorizer_token';
const BASIC = '/cgi-bin/account/getaccountbasicinfo';
const AGAIN = '/cgi-bin/component/api_start_push_ticket';

let wechat: PlatformWorld;
beforeAll(async () => {
  wechat = await startPlatformWorld();
});
beforeEach(() => wechat.reset());
afterAll(() => wechat.stop());

const LINK = { redirectUri: 'https://desk.example.com/back', kind: 'any' } as const;
const links = () => wechat.gateway.authorisationLinks(LINK);
const ticketRow = () =>
  wechat.database.reader.findOneByOrFail(WechatToken, { name: `${wechat.gateway.appid}:verify_ticket` });
const ticketInside = async () => {
  const row = await ticketRow();
  return wechat.vault.open(row.valueSealed!, row.name);
};

describe('the ticket', () => {
  it('comes by push, lies sealed, and gives a token that is fetched once', async () => {
    await wechat.introduce();
    const [push] = wechat.door.pushes;
    expect(push).toMatchObject({ infoType: 'component_verify_ticket' });
    expect(await ticketInside()).toBe((push as { ticket: string }).ticket);
    await Promise.all(Array.from({ length: 10 }, links));
    expect(wechat.callsTo(TOKEN)).toBe(1);
    expect(JSON.stringify(wechat.lines)).not.toContain((push as { ticket: string }).ticket);
  });

  it('is not replaced by an older one, nor kept away by one from the future', async () => {
    const at = (minutes: number) => new Date(wechat.now().getTime() + minutes * 60_000);
    await wechat.gateway.keepTicket('second', at(-10));
    await wechat.gateway.keepTicket('first', at(-20));
    expect(await ticketInside()).toBe('second');
    await wechat.gateway.keepTicket('ahead', at(600));
    expect((await ticketRow()).expiresAt!.getTime()).toBeLessThanOrEqual(at(720).getTime());
    await wechat.advance(60_000);
    await wechat.gateway.keepTicket('third', at(0));
    expect(await ticketInside()).toBe('third');
  });

  it('is asked for when there is none, once in ten minutes', async () => {
    await expect(links()).rejects.toMatchObject({ code: 'ticket_missing', retryable: true, action: 'backoff' });
    await expect(links()).rejects.toMatchObject({ code: 'ticket_missing' });
    expect([wechat.callsTo(AGAIN), wechat.callsTo(TOKEN)]).toEqual([1, 0]);
    await wechat.advance(600_000);
    await expect(links()).rejects.toMatchObject({ code: 'ticket_missing' });
    expect(wechat.callsTo(AGAIN)).toBe(2);
  });

  it.each([61005, 61006, 40091])('that WeChat refuses (%i) is not tried again until there is another', async (code) => {
    await wechat.introduce();
    await wechat.fault(TOKEN, 'code', { code, times: null });
    await expect(links()).rejects.toMatchObject({ code: 'ticket_missing' });
    await expect(links()).rejects.toMatchObject({ code: 'ticket_missing' });
    expect([wechat.callsTo(AGAIN), wechat.callsTo(TOKEN)]).toEqual([1, 1]);
    await wechat.settled();
    await wechat.lever('/faults', undefined, 'DELETE');
    await wechat.advance(600_000);
    expect(await links()).toMatchObject({ expiresAt: expect.any(Date) as Date });
  });

  it('is over after twelve hours, though pushes stopped', async () => {
    await wechat.introduce();
    await wechat.platform('/settings', { tickets: 'stopped' });
    await wechat.advance(11 * HOUR);
    await links();
    await wechat.advance(3 * HOUR);
    await expect(links()).rejects.toMatchObject({ code: 'ticket_missing' });
    await wechat.settled();
    await links();
    expect(wechat.simulator.world.openPlatform.settings.tickets).toBe('auto');
  });
});

describe('the token of the platform', () => {
  beforeEach(() => wechat.introduce());

  it('is replaced ten minutes before its end', async () => {
    await links();
    await wechat.advance(109 * 60_000);
    await links();
    expect(wechat.callsTo(TOKEN)).toBe(1);
    await wechat.advance(2 * 60_000);
    await links();
    expect(wechat.callsTo(TOKEN)).toBe(2);
  });

  it('that died early is replaced, and the call made again', async () => {
    await links();
    await wechat.platform('/tokens/expire');
    await links();
    expect(wechat.callsTo(TOKEN)).toBe(2);
  });

  it.each([
    ['token-invalid-once', 2],
    ['number-string-flip', 1],
    ['text-plain', 1],
    ['busy', 1],
  ])('the fault %s does no harm', async (kind, tokens) => {
    await wechat.fault('/cgi-bin/component/api_create_preauthcode', kind);
    await links();
    expect(wechat.callsTo(TOKEN)).toBe(tokens);
  });

  it.each([
    [{ whitelistOk: false }, { code: 'address_not_allowed', wechatCode: 61004, action: 'surface' }],
    [{ published: false }, { code: 'platform_not_published', wechatCode: 61028, action: 'surface' }],
  ])('under %j surfaces', async (settings, failure) => {
    await wechat.platform('/settings', settings);
    await expect(links()).rejects.toMatchObject(failure);
  });
});

describe('links', () => {
  beforeEach(() => wechat.introduce());

  it('lead the owner back with a code that gives what he granted', async () => {
    const { desktop, phone, expiresAt } = await links();
    expect(expiresAt.getTime() - wechat.now().getTime()).toBeGreaterThan(590_000);
    expect(phone).toMatch(/bindcomponent\?action=bindcomponent&no_scan=1&component_appid=.+#wechat_redirect$/);
    for (const link of [desktop, phone]) {
      const page = await fetch(link.split('#')[0]!, { headers: { cookie: 'phone=lin' } });
      expect(await page.text()).toContain('林记茶行');
    }
    const [account] = wechat.simulator.world.openPlatform.all();
    const { pathname, search } = new URL(desktop);
    const form = { query: search, account: account!.appid, scope: '3', answer: 'allow' };
    const back = await fetch(new URL(pathname, desktop), {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: 'phone=lin', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    });
    const code = new URL(back.headers.get('location')!).searchParams.get('auth_code')!;
    await wechat.settled();
    expect(wechat.door.pushes.at(-1)).toMatchObject({ infoType: 'authorized', appid: account!.appid, code });
    expect(await wechat.gateway.queryAuth(code)).toMatchObject({ appid: account!.appid, funcScopes: [3] });
  });

  it('name the kind of account, or the one account', async () => {
    const { desktop } = await wechat.gateway.authorisationLinks({ ...LINK, kind: 'mini_program', appid: 'wx1' });
    const { searchParams } = new URL(desktop);
    expect([searchParams.get('auth_type'), searchParams.get('biz_appid')]).toEqual(['2', 'wx1']);
  });
});

describe('an authorisation', () => {
  beforeEach(() => wechat.introduce());

  it('is kept, sealed, before its code is answered for', async () => {
    const appid = await wechat.authorised();
    const row = await wechat.rowOf(appid);
    const token = wechat.simulator.world.openPlatform.get(appid).authorisation!.refreshToken!;
    expect(row).toMatchObject({ state: 'authorised', funcScopes: [1, 2, 3], lostAt: null });
    expect(row.refreshTokenSealed).not.toContain(token);
    expect(wechat.vault.open(row.refreshTokenSealed, `authorisation:${appid}`)).toBe(token);
    expect(await wechat.gateway.basicInfo(appid)).toMatchObject({ appid, kind: 'service', isQualified: true });
    expect(wechat.callsTo(REFRESH)).toBe(0);
    expect(JSON.stringify(wechat.lines)).not.toContain(token);
  });

  it.each([61009, 61010])('whose code was used (%i) needs the owner again', async (usedCodeAnswer) => {
    await wechat.platform('/settings', { usedCodeAnswer });
    const { authCode } = await wechat.platform<{ authCode: string }>(`/accounts/${await wechat.account()}/authorise`);
    await wechat.gateway.queryAuth(authCode);
    await expect(wechat.gateway.queryAuth(authCode)).rejects.toMatchObject({
      code: 'code_invalid',
      action: 'ask_user',
    });
  });

  it('is refreshed, and the refresh token that came back is the one that is used next', async () => {
    const appid = await wechat.authorised();
    for (let times = 0; times < 3; times += 1) {
      await wechat.advance(2 * HOUR);
      expect(await wechat.gateway.basicInfo(appid)).toMatchObject({ appid });
    }
    expect(wechat.callsTo(REFRESH)).toBe(3);
    expect(await wechat.rowOf(appid)).toMatchObject({ state: 'authorised', generation: 4 });
  });

  it('is not lost with the answer to a refresh', async () => {
    const appid = await wechat.authorised();
    await wechat.advance(2 * HOUR);
    await wechat.fault(REFRESH, 'reset-after-effect');
    await expect(wechat.gateway.basicInfo(appid)).rejects.toMatchObject({ code: 'token_unavailable', retryable: true });
    expect(await wechat.gateway.basicInfo(appid)).toMatchObject({ appid });
    expect(await wechat.rowOf(appid)).toMatchObject({ state: 'authorised' });
  });

  it.each([
    ['taken back', 'revoke', 'not_authorised'],
    ['whose refresh token is worth nothing any more', 'lose-refresh-token', 'refresh_token_invalid'],
  ])('%s is lost, and WeChat is not asked again until the owner grants anew', async (_, lever, lostReason) => {
    const appid = await wechat.authorised();
    await wechat.platform(`/accounts/${appid}/${lever}`);
    await wechat.advance(2 * HOUR);
    await expect(wechat.gateway.basicInfo(appid)).rejects.toMatchObject({ code: 'authorisation_lost' });
    expect(await wechat.rowOf(appid)).toMatchObject({ state: 'lost', lostReason });
    const calls = wechat.callsTo('/cgi-bin/');
    await expect(wechat.gateway.basicInfo(appid)).rejects.toMatchObject({ code: 'authorisation_lost' });
    await expect(wechat.gateway.authorizerInfo(appid)).rejects.toMatchObject({ code: 'authorisation_lost' });
    expect(wechat.callsTo('/cgi-bin/')).toBe(calls);

    const { authCode } = await wechat.platform<{ authCode: string }>(`/accounts/${appid}/authorise`);
    await wechat.gateway.queryAuth(authCode);
    expect(await wechat.gateway.basicInfo(appid)).toMatchObject({ appid });
    expect(await wechat.rowOf(appid)).toMatchObject({ state: 'authorised', lostAt: null, lostReason: null });
  });

  it('taken back while its token lives is noticed by the next call', async () => {
    const appid = await wechat.authorised();
    await wechat.platform(`/accounts/${appid}/revoke`);
    await expect(wechat.gateway.basicInfo(appid)).rejects.toMatchObject({ code: 'authorisation_lost' });
    expect(await wechat.rowOf(appid)).toMatchObject({ state: 'lost', lostReason: 'not_authorised' });
  });

  it('is withdrawn by a push, but not by one from before the owner granted again', async () => {
    const appid = await wechat.authorised();
    const withdraw = (at: Date) => wechat.database.transaction((db) => withdrawAuthorisation(db, appid, at));
    expect(await withdraw(new Date(wechat.now().getTime() - 60_000))).toBe(false);
    expect(await wechat.rowOf(appid)).toMatchObject({ state: 'authorised' });
    expect(await withdraw(wechat.now())).toBe(true);
    expect(await withdraw(wechat.now())).toBe(false);
    expect(await wechat.rowOf(appid)).toMatchObject({ state: 'lost', lostReason: 'withdrawn' });
  });

  it('of which nothing is known cannot be used', async () => {
    await expect(wechat.gateway.basicInfo('wx00000000000000c1')).rejects.toMatchObject({ code: 'authorisation_lost' });
    await expect(wechat.gateway.authorizerInfo('wx00000000000000c1')).rejects.toMatchObject({
      code: 'authorisation_lost',
      wechatCode: 61003,
    });
  });
});

describe('what WeChat says of an account', () => {
  beforeEach(() => wechat.introduce());

  it.each([
    [{}, { kind: 'service', hasApiPermission: true, hasTick: true }],
    [{ named: false }, { kind: 'service', hasApiPermission: true, hasTick: false }],
    [{ verifyType: 4 }, { kind: 'service', hasApiPermission: true, hasTick: false }],
    [{ verifyType: 5 }, { kind: 'service', hasApiPermission: true, hasTick: false }],
    [{ verifyType: 1 }, { kind: 'service', hasApiPermission: false, hasTick: false }],
    [{ qualified: false }, { hasApiPermission: false, hasTick: false, principalName: null }],
    [{ kind: 'subscription' }, { kind: 'subscription', hasTick: true }],
    [{ kind: 'subscription', serviceType: 1 }, { kind: 'subscription' }],
    [{ kind: 'mini-program' }, { kind: 'mini_program', hasApiPermission: true, funcScopes: [17, 18, 30] }],
    [{ accountStatus: 19 }, { accountStatus: 'frozen' }],
    [{ accountStatus: 77 }, { accountStatus: null }],
  ])('%j', async (wanted, told) => {
    const appid = await wechat.authorised(wanted);
    expect(await wechat.gateway.authorizerInfo(appid)).toMatchObject({ appid, accountStatus: 'normal', ...told });
    const { originalId } = wechat.simulator.world.openPlatform.get(appid);
    expect(await wechat.rowOf(appid)).toMatchObject({ originalId });
  });

  it('of its verification, under its own token', async () => {
    const until = Date.parse('2027-01-01T00:00:00Z');
    const appid = await wechat.authorised({ named: false, nickname: '示例商店', until });
    expect(await wechat.gateway.basicInfo(appid)).toMatchObject({
      nickname: '示例商店',
      isQualified: true,
      isNamed: false,
      reviewUntil: new Date(until),
    });
  });

  it('is asked by GET where POST is refused, and not at all where it may not be', async () => {
    const appid = await wechat.authorised();
    await wechat.fault(BASIC, 'code', { code: 43001, method: 'POST' });
    expect(await wechat.gateway.basicInfo(appid)).toMatchObject({ appid });
    await wechat.fault(BASIC, 'code', { code: 48001 });
    expect(await wechat.gateway.basicInfo(appid)).toBe('not_available');
    await wechat.platform(`/accounts/${appid}/authorise`, { scopes: [1] });
    await expect(wechat.gateway.basicInfo(appid)).rejects.toMatchObject({
      code: 'permission_not_granted',
      action: 'surface',
    });
    expect(await wechat.rowOf(appid)).toMatchObject({ state: 'authorised' });
  });

  it.each(['token-invalid-once', 'token-expired-once'])('needs one refresh after the fault %s', async (kind) => {
    const appid = await wechat.authorised();
    await wechat.fault(BASIC, kind);
    expect(await wechat.gateway.basicInfo(appid)).toMatchObject({ appid });
    expect(wechat.callsTo(REFRESH)).toBe(1);
  });

  it('comes by push as well', async () => {
    const appid = await wechat.authorised();
    await wechat.platform(`/accounts/${appid}/verification`, { event: 'verify_expired' });
    await wechat.settled();
    expect(wechat.door.accountPushes).toMatchObject([
      { appid, kind: 'verify_expired', content: { type: 'verification', step: 'expired' } },
    ]);
  });

  it.each(['key', 'appid', 'to-user', 'signature', 'old-timestamp'])('falsified, is refused: %s', async (tamper) => {
    const { id } = wechat.simulator.world.openPlatform.allPushes()[0]!;
    await wechat.lever(`/pushes/${id}/send`, { tamper });
    expect(wechat.door.pushes).toHaveLength(1);
    expect(wechat.door.faults).toHaveLength(1);
  });
});

describe('accounts that were authorised before we listened', () => {
  beforeEach(() => wechat.introduce());

  it('are found in the list and taken over, page by page', async () => {
    await wechat.platform('/accounts/bulk', { count: 501 });
    const [first, second] = [await wechat.gateway.listAuthorizers(0), await wechat.gateway.listAuthorizers(500)];
    expect([first.total, first.list.length, second.list.length]).toEqual([501, 500, 1]);
    const [last] = second.list;
    expect(await wechat.gateway.adoptAuthorizer(last!)).toBe(true);
    expect(await wechat.gateway.adoptAuthorizer(last!)).toBe(false);
    expect(await wechat.gateway.basicInfo(last!.appid)).toMatchObject({ appid: last!.appid });
  });

  it('are asked about one by one where the list tells no token', async () => {
    await wechat.platform('/settings', { listsRefreshTokens: false });
    await wechat.platform('/accounts/bulk', { count: 1 });
    const { list } = await wechat.gateway.listAuthorizers(0);
    expect(list).toEqual([{ appid: expect.any(String), refreshToken: null, authorisedAt: expect.any(Date) }]);
    expect(await wechat.gateway.adoptAuthorizer(list[0]!)).toBe(false);
    await wechat.gateway.authorizerInfo(list[0]!.appid);
    expect(await wechat.gateway.basicInfo(list[0]!.appid)).toMatchObject({ appid: list[0]!.appid });
  });

  it('and were lost are taken over once they were granted again', async () => {
    const appid = await wechat.authorised();
    await wechat.platform(`/accounts/${appid}/revoke`);
    await expect(wechat.gateway.basicInfo(appid)).rejects.toMatchObject({ code: 'authorisation_lost' });
    await wechat.advance(60_000);
    await wechat.platform(`/accounts/${appid}/authorise`);
    const { list } = await wechat.gateway.listAuthorizers(0);
    expect(await wechat.gateway.adoptAuthorizer(list[0]!)).toBe(true);
    await wechat.advance(2 * HOUR);
    expect(await wechat.gateway.basicInfo(appid)).toMatchObject({ appid });
  });
});
