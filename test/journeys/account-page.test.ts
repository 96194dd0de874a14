import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { pages } from '../../miniprogram/src/addresses.ts';
import type { AuthorisationLinkView, BadgeLinkView, CustomerAccountView } from '../../src/contracts/index.ts';
import { buildAccount, buildCustomer, COMPANY, hear, inDays, verifiedUntil } from '../support/accounts.ts';
import { openOnPhone, type PageOnPhone, SHOTS, startBrowser, WAIT_MS } from '../support/page-on-phone.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const LONG_NAME = '福建省平潭综合实验区测试信息科技客户服务与售后支持中心';
const LONG_SUBJECT = `${COMPANY}（平潭综合实验区）海峡两岸电子商务产业园第一运营服务分公司`;

let world: TestWorld;
let browser: Browser;
let staff: StaffClient;
let customer: Phone;
let customerId: string;
let phone: PageOnPhone;

beforeAll(async () => {
  world = await startWorld({ pages: true, environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  browser = await startBrowser();
  staff = await buildStaff(world, ['consultant']);
}, 90_000);

beforeEach(async () => {
  ({ phone: customer, customerId } = await buildCustomer(world));
  phone = await openOnPhone(world, browser, customer);
});

afterEach(() => expect(phone.faults).toEqual([]));
afterAll(async () => {
  await browser.close();
  await world.stop();
});

const see = (id: string) => customer.get<CustomerAccountView>(`/app/accounts/${id}`);

async function verified(days: number, name?: string): Promise<string> {
  const { id } = await buildAccount(staff, customerId, name ? { name } : {});
  await hear(world, id, verifiedUntil(inDays(world, days)));
  return id;
}

/** Somebody who was given the address and has nothing to do with us. */
async function openAsStranger(address: string): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(address);
  return { page, context };
}

describe('On the page', () => {
  it('a customer makes a link for whoever manages an account, and the account comes by itself', async () => {
    await world.lever('/pushes/settled', {});
    await phone.open(pages.accounts);
    await phone.page.getByText('授权自动查询账号').click();
    await phone.see('我们不会代您发布内容');
    await phone.shoot('accounts-authorise');
    await phone.page.getByText('生成授权链接').click();
    await phone.see('请账号管理员打开链接');
    await phone.shoot('accounts-authorise-link');
    await phone.page.getByText('复制授权链接').waitFor();

    const { url } = await customer.post<AuthorisationLinkView>('/app/authorisations');
    const { page, context } = await openAsStranger(url);
    await page.getByText('我们不会代您发布内容').waitFor();
    await page.screenshot({ path: path.join(SHOTS, 'authorise-invitation.png') });
    const go = new URL((await page.getByText('用微信扫码授权').getAttribute('href'))!);
    const { appid } = await world.lever<{ appid: string }>('/open-platform/accounts', { nickname: '东方通信服务' });
    const preAuthCode = go.searchParams.get('pre_auth_code');
    const grant = await world.lever<{ authCode: string }>(`/open-platform/accounts/${appid}/authorise`, {
      preAuthCode,
    });
    await page.goto(`${go.searchParams.get('redirect_uri')}?auth_code=${encodeURIComponent(grant.authCode)}`);
    await page.getByText('我们会自动更新账号的认证状态').waitFor();
    await page.screenshot({ path: path.join(SHOTS, 'authorise-granted.png') });
    await page.goto(url.slice(0, -1));
    await page.getByRole('heading', { name: '链接已失效' }).waitFor();
    await page.screenshot({ path: path.join(SHOTS, 'authorise-cut.png') });
    await context.close();
    await phone.open(pages.accounts);
    await phone.see('东方通信服务');
  });

  it('a customer finds their accounts from “me”, each with its state and the days that are left', async () => {
    await phone.open(pages.me);
    await phone.page.getByText('我的账号').click();
    await phone.see('还没有登记账号');
    await phone.shoot('accounts-none');

    await buildAccount(staff, customerId, { name: '刚登记的服务号' });
    const failed = await buildAccount(staff, customerId, { name: '审核没有通过的服务号' });
    await hear(world, failed.id, { attempt: 'failed', reason: '营业执照不清晰' }, { source: 'event' });
    await verified(30, '快到年审的服务号');
    await verified(200, LONG_NAME);
    await phone.open(pages.accounts);
    await phone.see('还有 200 天');
    await phone.see('还有 30 天');
    await phone.see('尚未获知');
    await phone.shoot('accounts');

    await phone.page.route('**/app/accounts?**', (route) => route.abort());
    await phone.open(pages.accounts);
    await phone.button('重试').waitFor();
    await phone.page.unroute('**/app/accounts?**');
    await phone.button('重试').click();
    await phone.page.getByText('审核没有通过的服务号').filter({ visible: true }).click();
    await phone.see('原因：营业执照不清晰');
    await phone.shoot('account-failed');
    await phone.button('委托我们办理认证').click();
    await phone.see('办理条件自查');
  }, 120_000);

  it('an account of which nothing is known says so, and what to do; one that is not theirs does not exist', async () => {
    const { id } = await buildAccount(staff, customerId, { name: '刚登记的小程序', kind: 'mini_program' });
    await phone.open(pages.account(id));
    await phone.see('我们还不知道这个账号的认证状态');
    await phone.see('还没有记录');
    expect(await phone.button('开启公示').count()).toBe(0);
    expect(await phone.button('授权查询').count()).toBe(1);
    await phone.shoot('account-unknown');

    const other = await buildAccount(staff, (await buildCustomer(world)).customerId);
    await phone.open(pages.account(other.id));
    await phone.see('没有这个账号');
  }, 120_000);

  it('the whole life of an account stands there, and the account is shown though its history does not come', async () => {
    const { id } = await buildAccount(staff, customerId, { name: LONG_NAME });
    const said = { subject: LONG_SUBJECT };
    const reason = '营业执照不清晰，请上传加盖公章的彩色扫描件，且四角完整、文字可辨';
    await hear(world, id, { ...said, isQualified: false, isNamed: false }, { at: inDays(world, -400) });
    await hear(world, id, { attempt: 'failed', reason }, { source: 'event', at: inDays(world, -390) });
    await hear(
      world,
      id,
      { attempt: 'failed', reason: '对公账户户名不符' },
      { source: 'event', at: inDays(world, -380) },
    );
    const until = inDays(world, -3);
    const passed = { isQualified: true, attempt: 'passed' as const, expiresAt: until.toISOString() };
    await hear(world, id, passed, { source: 'event', at: inDays(world, -370) });
    await hear(world, id, { isNamed: false, reason: '名称为他人商标' }, { source: 'event', at: inDays(world, -369) });
    await hear(world, id, { isQualified: true, isNamed: true }, { source: 'event', at: inDays(world, -368) });
    await hear(
      world,
      id,
      { isQualified: false, expiresAt: until.toISOString() },
      { source: 'event', at: inDays(world, -2) },
    );
    await phone.open(pages.account(id));
    await phone.see('已过期 3 天');
    await phone.see('认证标识消失');
    await phone.see('原因：名称为他人商标');
    await phone.shoot('account-expired');
    await phone.page.getByText('状态记录').scrollIntoViewIfNeeded();
    await phone.shoot('account-history');
    expect(await phone.page.evaluate('document.documentElement.scrollWidth')).toBe(390);

    await phone.page.route('**/history?**', (route) => route.abort());
    await phone.open(pages.account(id));
    await phone.see('已过期 3 天');
    await phone.button('重试').waitFor();
    await phone.page.unroute('**/history?**');
    await phone.button('重试').click();
    await phone.see('原因：名称为他人商标');
  }, 120_000);

  it('a customer shows how the account stands, strangers read it without signing in, and it is gone when switched off', async () => {
    const id = await verified(200, LONG_NAME);
    await hear(world, id, { subject: LONG_SUBJECT });
    await phone.open(pages.account(id));
    await phone.see('已认证');
    await phone.shoot('account');
    await phone.button('开启公示').click();
    await phone.see('公示中');
    await phone.button('复制链接').scrollIntoViewIfNeeded();
    await phone.shoot('account-badge');
    const { badge } = await see(id);
    const stranger = await openAsStranger(badge!.address);
    await stranger.page.getByText('以微信查询为准').waitFor();
    for (const says of [LONG_NAME, LONG_SUBJECT, '已认证', '服务号', '显示'])
      await stranger.page.getByText(says, { exact: true }).waitFor();
    await stranger.page.screenshot({ path: 'screenshots/badge.png' });
    expect(await stranger.context.cookies()).toEqual([]);

    await phone.button('查看公示页').click();
    await phone.see('信息来源');
    await phone.page.goBack();
    await phone.button('关闭公示').click();
    await phone.page.getByText('取消', { exact: true }).filter({ visible: true }).click();
    expect((await see(id)).badge).toEqual(badge);
    await phone.button('关闭公示').click();
    await phone.page.getByText('确定关闭', { exact: true }).filter({ visible: true }).click();
    await phone.button('开启公示').waitFor();
    await stranger.page.reload();
    await stranger.page.getByText('这个公示页不存在或已关闭').waitFor();
    await stranger.page.screenshot({ path: 'screenshots/badge-off.png' });
    await stranger.context.close();
  }, 120_000);

  it('what has ended is red for everybody, at once; an application under way is told without alarm', async () => {
    const id = await verified(1);
    const { data } = (await customer.call<{ data: BadgeLinkView }>('PUT', `/app/accounts/${id}/badge`)).body;
    await hear(world, id, { attempt: 'pending' }, { source: 'event' });
    const stranger = await openAsStranger(data.address);
    await stranger.page.getByText('最近一次申请：审核中').waitFor();
    await stranger.page.getByText('认证有效', { exact: true }).waitFor();
    await stranger.page.screenshot({ path: 'screenshots/badge-applying.png' });
    await hear(world, id, { expiresAt: inDays(world, -2).toISOString() });
    await stranger.page.reload();
    await stranger.page.getByText('认证已过期').waitFor();
    const colour = "getComputedStyle(document.querySelector('.badge-face')).backgroundColor";
    expect(await stranger.page.evaluate(colour)).toBe('rgb(179, 38, 30)');
    await stranger.page.screenshot({ path: 'screenshots/badge-expired.png' });
    await stranger.context.close();
    await phone.open(pages.account(id));
    await phone.see('公示页现在显示“认证已过期”');
    await phone.shoot('account-badge-expired');
  }, 120_000);

  it('a page that is open when the verification ends does not go on saying that it holds, not even without a network', async () => {
    const id = await verified(0);
    await hear(world, id, { expiresAt: new Date(world.clock.now().getTime() + 15_000).toISOString() });
    const { address } = (await customer.call<{ data: BadgeLinkView }>('PUT', `/app/accounts/${id}/badge`)).body.data;
    const stranger = await openAsStranger(address);
    await stranger.page.getByText('认证有效', { exact: true }).waitFor();
    await stranger.page.route('**/app/badges/**', (route) => route.abort());
    await stranger.page.getByRole('button', { name: '重试' }).waitFor();
    expect(await stranger.page.getByText('认证有效').count()).toBe(0);
    await stranger.page.unroute('**/app/badges/**');
    await stranger.page.getByRole('button', { name: '重试' }).click();
    await stranger.page.getByText('认证已过期').waitFor();
    await stranger.context.close();
  }, 120_000);
});
