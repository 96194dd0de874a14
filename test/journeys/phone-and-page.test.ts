import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { bookedSum, ledgerOf, messagesOf } from '../support/books.ts';
import { SHOTS, startBrowser, WAIT_MS } from '../support/page-on-phone.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let browser: Browser;
let page: Page;
let shop: FrameLocator;
/** What went wrong inside the page, in its own words. */
const faults: string[] = [];

beforeAll(async () => {
  world = await startWorld({ pages: true });
  mkdirSync(SHOTS, { recursive: true });
  browser = await startBrowser();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.on('pageerror', (error) => faults.push(error.message));
  shop = page.frameLocator('[data-testid=browser-frame]');
}, 90_000);

afterAll(async () => {
  await browser.close();
  await world.stop();
});

const shoot = (name: string) => page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
const input = (placeholder: string) => shop.locator(`input[placeholder*="${placeholder}"]`);
const button = (name: string | RegExp) => shop.getByRole('button', { name });

/** From the list of services to the button that pays, signed in on the way. */
async function orderService(name: string): Promise<void> {
  await page.goto(`${world.simulator.origin}/phone/?person=lin&open=${encodeURIComponent(`${world.origin}/`)}`);
  await shop.getByText(name, { exact: true }).first().click();
  const yes = shop.getByText('是', { exact: true });
  await yes.first().waitFor();
  for (let at = 0; at < (await yes.count()); at += 1) await yes.nth(at).click();
  await shoot('service');
  await button('去下单').click();
}

async function fillBuyer(): Promise<void> {
  await input('与营业执照一致').fill('福建省测试信息科技有限公司');
  await input('18 位').fill('91350100M000100Y43');
  await input('真实姓名').fill('林晓');
  await input('11 位手机号').fill('13800000001');
  await shoot('confirm');
  await button('提交订单').click();
}

const payButton = () => button(/^微信支付/);

describe('On the phone', () => {
  it('a person signs in, orders, pays, sees it paid because the server says so, and finds the message in the chat', async () => {
    await orderService('微信服务号开通');
    await button('微信登录').click();
    await fillBuyer();
    await payButton().waitFor();
    await shoot('pay');
    await payButton().click();
    await page.getByTestId('pay-sheet').waitFor();
    await shoot('pay-sheet');
    await page.getByTestId('pay-confirm').click();
    await shop
      .getByText(/支付成功|已支付/)
      .first()
      .waitFor();
    await shoot('paid');

    const [posting] = await ledgerOf(world.world);
    expect(posting).toMatchObject({ kind: 'payment', lines: { wechat_pay: 80_000, advance_from_customers: -80_000 } });
    expect(await bookedSum(world.world)).toBe(0);
    await world.until(async () => (await messagesOf(world.world))[0]?.state === 'delivered');

    await page.goto(`${world.simulator.origin}/phone/?person=lin`);
    await page.getByTestId('chat-entry').filter({ hasText: '订单支付成功' }).first().click();
    const card = page.getByTestId('card').last();
    await card.waitFor();
    await shoot('message');
    expect(await card.innerText()).toContain('¥800.00');
    await page.getByTestId('card-link').last().click();
    await shop.getByText('已支付').first().waitFor();
    await shoot('order');
    expect(faults).toEqual([]);
  }, 120_000);

  it('a person who cancels on the pay sheet is told so, and can pay again', async () => {
    await orderService('微信服务号开通');
    await fillBuyer();
    await payButton().click();
    await page.getByTestId('pay-cancel').click();
    await shop.getByText(/取消/).first().waitFor();
    await shoot('pay-cancelled');
    await payButton().click();
    await page.getByTestId('pay-confirm').click();
    await shop
      .getByText(/支付成功|已支付/)
      .first()
      .waitFor();
    expect(await bookedSum(world.world)).toBe(0);
  }, 120_000);

  it('a person whose notice is lost still sees it paid', async () => {
    await world.lever('/notices/settings', { mode: 'held' });
    await orderService('微信服务号开通');
    await fillBuyer();
    await payButton().click();
    await page.getByTestId('pay-confirm').click();
    await shop
      .getByText(/支付成功|已支付/)
      .first()
      .waitFor();
    await world.lever('/notices/settings', { mode: 'auto' });
  }, 120_000);
});
