import { Account } from '../../entities/account.ts';
import { Job } from '../../entities/job.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { AuthorisationLinkView, StaffAccountView, TaskView } from '../../src/contracts/index.ts';
import { receiveAuthorisation } from '../../src/verification/authorisation-told.ts';
import { askDue, takeOverAuthorised } from '../../src/verification/index.ts';
import { refusing } from '../support/refusing-desk.ts';
import { AccountWorld, DAY_MS } from './account-world.ts';

let world: AccountWorld;
beforeEach(async () => {
  world = await AccountWorld.start();
  await world.lever('/pushes/settled', {});
}, 60_000);
afterEach(() => world.stop());

const platform = <T = unknown>(path: string, body: object = {}) => world.lever<T>(`/open-platform${path}`, body);
const newAtWechat = async (more: object = {}) =>
  (
    await platform<{ appid: string }>('/accounts', {
      nickname: '东方通信服务',
      principalName: '东方通信有限公司',
      ...more,
    })
  ).appid;
const linkFor = (customerId: string) =>
  world.maker.data<AuthorisationLinkView>('POST', `/staff/customers/${customerId}/authorisation-links`);

/** The page that the link leads to, and WeChat's address on it. */
async function open(url: string, userAgent = 'Mozilla/5.0'): Promise<{ html: string; address: URL | null }> {
  const answer = await fetch(url, { headers: { 'user-agent': userAgent } });
  const html = await answer.text();
  const href = /class="go" href="([^"]+)"/.exec(html)?.[1];
  return { html, address: href ? new URL(href.replaceAll('&#38;', '&')) : null };
}

/** The owner confirms on WeChat's page. @returns where the browser is sent */
async function grant(appid: string, address: URL): Promise<string> {
  const preAuthCode = address.searchParams.get('pre_auth_code');
  const { authCode } = await platform<{ authCode: string }>(`/accounts/${appid}/authorise`, { preAuthCode });
  return `${address.searchParams.get('redirect_uri')}?auth_code=${encodeURIComponent(authCode)}&expires_in=3600`;
}

/** WeChat's pushes have come, and what follows from them has happened. */
async function settle(): Promise<void> {
  await world.lever('/pushes/settled', {});
  await world.test.settle();
}

const held = async (isHeld: boolean) => platform('/settings', { pushes: isHeld ? 'held' : 'auto' });
const accountOf = (appid: string) => world.desk.db.findOneBy(Account, { appid });
const see = async (appid: string): Promise<StaffAccountView> => world.see((await accountOf(appid))!.id);
const titles = async () =>
  (await world.maker.pages<TaskView>('/staff/tasks?limit=100&kind=attention')).map(({ title }) => title);

describe('A customer lets us see an account', () => {
  it('by a link that staff send: it is on the list at once, with its state, and asked about every day', async () => {
    const customerId = await world.customer('李女士');
    const appid = await newAtWechat();
    const { url } = await linkFor(customerId);
    const { html, address } = await open(url);
    expect(html).toContain('授权后我们会');
    expect(address!.pathname).toBe('/cgi-bin/componentloginpage');
    expect((await open(url, 'Mozilla/5.0 MicroMessenger/8.0')).address!.pathname).toBe('/wxaopen/safe/bindcomponent');
    const back = await grant(appid, (await open(url)).address!);
    expect((await open(back)).html).toContain('授权成功');
    await settle();
    const account = await see(appid);
    expect(account).toMatchObject({
      name: '东方通信服务',
      subject: '东方通信有限公司',
      state: 'verified',
      customer: { id: customerId, nickname: '李女士' },
      askFailure: null,
    });
    expect(account.consultant!.username).toBe(world.maker.username);
    // Whoever opens the link again is told that it is done.
    expect((await open(url)).html).toContain('授权成功');
    expect((await open(back)).html).toContain('授权成功');

    const now = world.test.clock.now().getTime();
    await platform(`/accounts/${appid}/verification`, { until: now + 40 * DAY_MS, from: now - 50 * DAY_MS });
    await world.later(2);
    await askDue(world.desk);
    expect(await see(appid)).toMatchObject({ state: 'renewal_due', daysLeft: 38 });
  });

  it('whose browser never comes back: WeChat’s event brings it', async () => {
    const customerId = await world.customer();
    const appid = await newAtWechat();
    await grant(appid, (await open((await linkFor(customerId)).url)).address!);
    await settle();
    expect(await see(appid)).toMatchObject({ state: 'verified', customer: { id: customerId } });
  });

  it('by a link of their own', async () => {
    const phone = await world.test.person();
    await phone.signInMiniProgram();
    const { url } = await phone.post<AuthorisationLinkView>('/app/authorisations');
    const appid = await newAtWechat({ kind: 'mini-program' });
    await open(await grant(appid, (await open(url)).address!));
    expect((await see(appid)).kind).toBe('mini_program');
  });

  it('with a code of which the answer was lost, or that is used twice, or none: in words, and nothing is lost', async () => {
    const customerId = await world.customer();
    const appid = await newAtWechat();
    const { url } = await linkFor(customerId);
    await held(true);
    const back = await grant(appid, (await open(url)).address!);
    expect((await open(back.split('?')[0]!)).html).toContain('授权未完成');
    expect((await open(`${back.split('?')[0]}?auth_code=made-up`)).html).toContain('授权码已使用或已过期');
    await world.lever('/faults', { path: '/cgi-bin/component/api_query_auth', kind: 'html-502', times: 5 });
    expect((await open(back)).html).toContain('微信暂时没有回应');
    await world.lever('/faults', undefined, 'DELETE');
    expect((await open(back)).html).toContain('授权成功');
    expect(await accountOf(appid)).toMatchObject({ customerId });
  });

  it('and comes back before WeChat tells of it: the used code of the event is no trouble, and nothing is done twice', async () => {
    const appid = await newAtWechat();
    const back = await grant(appid, (await open((await linkFor(await world.customer())).url)).address!);
    await open(back);
    const now = world.test.clock.now();
    const told = {
      infoType: 'authorized',
      appid,
      code: 'used-already',
      codeExpiresAt: now,
      preAuthCode: null,
      at: now,
    } as const;
    await world.desk.transaction((work) => receiveAuthorisation(work, told));
    await settle();
    expect(await world.desk.db.countBy(Job, { kind: 'authorisation.told' })).toBe(0);
    expect(await world.desk.db.countBy(Account, { appid })).toBe(1);
    expect((await see(appid)).state).toBe('verified');
  });

  it('by a link that is over, made up or cut does not', async () => {
    const { url } = await linkFor(await world.customer());
    expect((await open(`${url.slice(0, -43)}${'A'.repeat(43)}`)).html).toContain('链接已失效');
    expect((await open(url.slice(0, -1))).html).toContain('链接已失效');
    expect((await open(`${url}。`)).html).toContain('链接已失效');
    await world.later(8);
    expect((await open(url)).html).toContain('链接已失效');
    expect((await open(`${url}/return?auth_code=x`)).html).toContain('链接已失效');
  });
});

describe('An account that two companies claim', () => {
  it('stays where it is, and a person is to look', async () => {
    const [first, second] = [await world.customer('第一家'), await world.customer('第二家')];
    const appid = await newAtWechat();
    await open(await grant(appid, (await open((await linkFor(first)).url)).address!));
    await settle();
    const { url } = await linkFor(second);
    const back = await grant(appid, (await open(url)).address!);
    for (const again of [back, back, url]) expect((await open(again)).html).toContain('已登记在其他客户名下');
    await settle();
    expect(await see(appid)).toMatchObject({ customer: { id: first } });
    expect(await titles()).toEqual(['账号归属有争议：东方通信服务']);
  });

  it('stays the agency’s, when it is that', async () => {
    const { officialAccount } = world.appids;
    await newAtWechat({ appid: officialAccount, nickname: '通办服务号' });
    const { url } = await linkFor(await world.customer());
    expect((await open(await grant(officialAccount, (await open(url)).address!))).html).toContain(
      '已登记在其他客户名下',
    );
    expect(await world.own()).toMatchObject({ isOwn: true, customer: null });
  });
});

describe('An authorisation that is taken back', () => {
  async function authorised(): Promise<string> {
    const appid = await newAtWechat();
    await open(await grant(appid, (await open((await linkFor(await world.customer())).url)).address!));
    await settle();
    return appid;
  }

  it('is noticed by WeChat’s event: said, and on the task list, until it is given again', async () => {
    const appid = await authorised();
    await platform(`/accounts/${appid}/revoke`);
    await settle();
    const lost = {
      askFailure: 'authorisation_lost',
      askFailureWords: '账号已取消授权，以人工录入为准',
      state: 'verified',
    };
    expect(await see(appid)).toMatchObject(lost);
    expect(await titles()).toEqual(['账号已取消授权：东方通信服务']);
    const { customer } = await see(appid);
    await world.test.advance(5000);
    await open(await grant(appid, (await open((await linkFor(customer!.id)).url)).address!));
    await settle();
    expect(await see(appid)).toMatchObject({ askFailure: null });
    expect(await titles()).toEqual([]);
    await world.test.advance(5000);
    await platform(`/accounts/${appid}/revoke`);
    await settle();
    expect(await titles()).toEqual(['账号已取消授权：东方通信服务']);
  });

  it('is noticed by the daily question, when the event is lost', async () => {
    const appid = await authorised();
    await platform(`/accounts/${appid}/lose-refresh-token`);
    await world.later(2);
    await askDue(world.desk);
    expect(await see(appid)).toMatchObject({ askFailure: 'authorisation_lost' });
    expect(await titles()).toEqual(['账号已取消授权：东方通信服务']);
  });
});

describe('Accounts that were authorised before we listened', () => {
  it('and one whose tokens were kept by a server that died before it went on is not forgotten', async () => {
    const appid = await newAtWechat({ nickname: '半途' });
    await held(true);
    const { authCode } = await platform<{ authCode: string }>(`/accounts/${appid}/authorise`);
    await world.desk.openPlatform!.queryAuth(authCode);
    await takeOverAuthorised(world.desk);
    expect(await titles()).toEqual(['未登记的账号已授权：半途']);
  });

  it('are taken over from WeChat’s list: those on our list are asked about, of others a person says whose they are', async () => {
    const [ours, strange] = [await newAtWechat({ nickname: '已登记' }), await newAtWechat({ nickname: '未登记' })];
    await held(true);
    for (const appid of [ours, strange]) await platform(`/accounts/${appid}/authorise`);
    const { id } = await world.registered({ appid: ours });
    expect(await world.see(id)).toMatchObject({ askFailure: 'not_authorised', state: 'unknown' });
    await takeOverAuthorised(world.desk);
    await world.test.settle();
    expect(await world.see(id)).toMatchObject({ askFailure: null, state: 'verified' });
    expect(await accountOf(strange)).toBeNull();
    expect(await titles()).toEqual(['未登记的账号已授权：未登记']);
    // Once somebody has said whose it is, it is asked about, and the task is done.
    const late = await world.registered({ appid: strange });
    expect(await titles()).toEqual([]);
    await askDue(world.desk);
    expect(await world.see(late.id)).toMatchObject({ state: 'verified', name: '未登记' });
    const before = await world.desk.db.count(Job);
    await takeOverAuthorised(world.desk);
    expect(await world.desk.db.count(Job)).toBe(before);
  });

  it('are claimed by an account that was on the list without its appid, or by the owner who opens a link', async () => {
    const [opened, linked] = [await newAtWechat({ nickname: '新开' }), await newAtWechat({ nickname: '本人' })];
    await held(true);
    for (const appid of [opened, linked]) await platform(`/accounts/${appid}/authorise`);
    await takeOverAuthorised(world.desk);
    expect(await titles()).toHaveLength(2);
    const { id } = await world.registered();
    await world.maker.data('PATCH', `/staff/accounts/${id}`, { appid: opened });
    expect(await titles()).toEqual(['未登记的账号已授权：本人']);
    await open(await grant(linked, (await open((await linkFor(await world.customer())).url)).address!));
    expect(await titles()).toEqual([]);
  });

  it('are taken over though one of them could not be, which is tried again', async () => {
    await held(true);
    for (const nickname of ['其一', '其二']) await platform(`/accounts/${await newAtWechat({ nickname })}/authorise`);
    await expect(takeOverAuthorised(refusing(world.desk))).rejects.toThrow('the database was away');
    expect(await titles()).toHaveLength(1);
    await takeOverAuthorised(world.desk);
    expect((await titles()).toSorted()).toEqual(['未登记的账号已授权：其一', '未登记的账号已授权：其二']);
  });
});

describe('What WeChat pushes of an authorised account', () => {
  it('counts, and what its followers do is not looked at', async () => {
    const appid = await newAtWechat();
    await open(await grant(appid, (await open((await linkFor(await world.customer())).url)).address!));
    await settle();
    await platform(`/accounts/${appid}/verification`, { qualified: false, named: false, event: 'verify_expired' });
    await platform(`/accounts/${appid}/events`, { fields: { Event: 'subscribe', EventKey: '' } });
    await settle();
    const { id } = await see(appid);
    expect((await world.history(id)).map(({ event }) => event)).toContain('verify_expired');
    expect(await world.desk.db.count(WechatIdentity)).toBe(0);
  });

  it('is refused when it is forged, or of an account that nobody has authorised', async () => {
    const refused = async (path: string) =>
      (
        await fetch(`${world.test.origin}/wechat/open-platform${path}?signature=x&timestamp=1&nonce=1`, {
          method: 'POST',
          body: '<xml/>',
        })
      ).status;
    expect(await refused('')).toBe(403);
    expect(await refused('/wx00000000000000aa')).toBe(403);
    const before = await world.desk.db.count(Job);
    const pushes = await world.lever<{ id: string }[]>('/open-platform/pushes');
    await world.lever(`/pushes/${pushes[0]!.id}/send`, { tamper: 'msg-signature' }).catch(() => undefined);
    expect(await world.desk.db.count(Job)).toBe(before);
  });
});
