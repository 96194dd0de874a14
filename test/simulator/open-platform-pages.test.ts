import { type PlatformOwner, startOpenPlatform } from './open-platform-support.ts';

const DESKTOP = '/cgi-bin/componentloginpage';
const PHONE = '/wxaopen/safe/bindcomponent';

let wechat: PlatformOwner;
let preAuthCode: string;
beforeEach(async () => {
  wechat = await startOpenPlatform();
  await wechat.introduce();
  const query = { component_access_token: await wechat.componentToken() };
  const { pre_auth_code, expires_in } = await wechat.owner.ask('api_create_preauthcode', {}, query);
  expect(expires_in).toBe(600);
  preAuthCode = pre_auth_code;
});
afterEach(() => wechat.stop());

const linkTo = (path: string, more: Record<string, string> = {}) =>
  new URLSearchParams({
    ...(path === PHONE ? { action: 'bindcomponent', no_scan: '1' } : {}),
    component_appid: wechat.kit.appid,
    pre_auth_code: preAuthCode,
    redirect_uri: 'https://desk.example.com/back?from=link',
    auth_type: '3',
    ...more,
  }).toString();
const cookie = (person?: string): Record<string, string> => (person ? { cookie: `phone=${person}` } : {});
const open = async (path: string, query: string, person?: string) =>
  (await fetch(`${wechat.origin}${path}?${query}`, { headers: cookie(person) })).text();
const answer = (path: string, query: string, form: Record<string, string>, person = 'lin') =>
  fetch(`${wechat.origin}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...cookie(person) },
    body: new URLSearchParams({ query: `?${query}`, ...form }).toString(),
  });
const accountsIn = (html: string) => [...html.matchAll(/name="account" value="(wx\w+)"/g)].map(([, appid]) => appid!);

it.each([DESKTOP, PHONE])('%s: the owner picks one of his accounts and is led back with a code', async (path) => {
  const query = linkTo(path);
  const [account] = accountsIn(await open(path, query, 'lin'));
  const back = await answer(path, query, { account: account!, scope: '3', answer: 'allow' });
  const target = new URL(back.headers.get('location')!);
  expect(target.href).toMatch(/^https:\/\/desk\.example\.com\/back\?from=link&auth_code=.+&expires_in=3600$/);
  const granted = await wechat.owner.ask(
    'api_query_auth',
    { authorization_code: target.searchParams.get('auth_code') },
    { access_token: await wechat.componentToken() },
  );
  expect(granted.authorization_info).toMatchObject({
    authorizer_appid: account,
    func_info: [{ funcscope_category: { id: 3 } }],
  });
  await wechat.owner.settled();
  expect(wechat.owner.told().at(-1)).toContain(`<PreAuthCode><![CDATA[${preAuthCode}]]></PreAuthCode>`);
  expect(await open(path, query, 'lin')).toContain('预授权码无效');
});

it('shows to each owner what is his, and of the kind that is asked for', async () => {
  const kinds = async (type: string, person?: string) => {
    const appids = accountsIn(await open(DESKTOP, linkTo(DESKTOP, { auth_type: type }), person));
    return appids.map((appid) => wechat.world.openPlatform.get(appid).verification.kind);
  };
  expect(await kinds('3', 'lin')).toEqual(['service', 'mini-program']);
  expect(await kinds('1', 'lin')).toEqual(['service']);
  expect(await kinds('2', 'lin')).toEqual(['mini-program']);
  expect(await kinds('3', 'chen')).toEqual([]);
  expect(await kinds('3')).toEqual(['service', 'mini-program', 'subscription']);
  const [, second] = wechat.world.openPlatform.all();
  expect(accountsIn(await open(DESKTOP, linkTo(DESKTOP, { biz_appid: second!.appid }), 'lin'))).toEqual([
    second!.appid,
  ]);
});

it('takes nobody’s account for somebody else’s, and no refusal for a yes', async () => {
  const foreign = wechat.world.openPlatform.all().find(({ ownerId }) => ownerId === 'ouyang')!;
  const query = linkTo(PHONE);
  const taken = await answer(PHONE, query, { account: foreign.appid, answer: 'allow' });
  expect(await taken.text()).toContain('请选择要授权的账号');
  const refused = await answer(PHONE, query, { answer: 'deny' });
  expect(await refused.text()).toContain('您已取消授权');
  expect(wechat.world.openPlatform.all().every(({ authorisation }) => authorisation === null)).toBe(true);
  expect(wechat.owner.told()).toHaveLength(1);
});

it('opens no link that is wrong', async () => {
  expect(await open(DESKTOP, linkTo(DESKTOP, { component_appid: 'wx1' }), 'lin')).toContain('component_appid参数错误');
  expect(await open(DESKTOP, linkTo(DESKTOP, { pre_auth_code: 'x' }), 'lin')).toContain('预授权码无效');
  expect(await open(DESKTOP, linkTo(DESKTOP, { redirect_uri: 'javascript:1' }), 'lin')).toContain('redirect_uri');
  expect(await open(DESKTOP, linkTo(DESKTOP, { auth_type: '9' }), 'lin')).toContain('auth_type参数错误');
  expect(await open(PHONE, linkTo(PHONE, { action: 'x' }), 'lin')).toContain('action参数错误');
  expect(await open(PHONE, linkTo(PHONE))).toContain('请在微信客户端打开链接');
  await wechat.advance(600_000);
  expect(await open(DESKTOP, linkTo(DESKTOP), 'lin')).toContain('预授权码已过期');
});

it('gives a pre-auth code the life that a setting says', async () => {
  await wechat.owner.lever('/settings', { preAuthCodeSeconds: 1800 });
  const query = { access_token: await wechat.componentToken() };
  expect((await wechat.owner.ask('api_create_preauthcode', {}, query)).expires_in).toBe(1800);
});
