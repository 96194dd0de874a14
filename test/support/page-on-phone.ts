import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/prepare.mjs';
import type { Phone } from './phone.ts';
import type { TestWorld } from './world.ts';

/** Pictures for people; kept out of version control. */
export const SHOTS = path.resolve('screenshots');
export const WAIT_MS = 30_000;
/** As WeChat's web view names itself. */
const WECHAT = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50';

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium()!,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  });

export interface PageOnPhone {
  page: Page;
  /** What went wrong inside the page, in its own words. */
  faults: string[];
  /** Goes to one of the pages, loading everything anew. */
  open(address: string): Promise<void>;
  /** Waits for words in sight, on a page that has slid into its place; pages below it are still there, hidden. */
  see(says: string | RegExp): Promise<void>;
  button(name: string): Locator;
  shoot(name: string): Promise<void>;
}

/** The customer page in WeChat's web view, at a phone's size, signed in as this person. */
export async function openOnPhone(world: TestWorld, browser: Browser, person: Phone): Promise<PageOnPhone> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    userAgent: WECHAT,
    isMobile: true,
    hasTouch: true,
  });
  await context.addCookies([{ name: 'phone', value: person.personId, url: world.simulator.origin }]);
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${world.origin}/app/oauth/start?scope=base&back=${encodeURIComponent('/#/pages/me/index')}`);
  await page.getByText('退出登录').waitFor();
  return {
    page,
    faults,
    async open(address) {
      await page.goto('about:blank');
      await page.goto(`${world.origin}/#${address}`);
    },
    async see(says) {
      await page.getByText(says).filter({ visible: true }).first().waitFor();
      // Going back within 50 ms of going on, as nobody does, makes Taro hide the page that it returns to.
      await page.locator('.taro_page_stationed:last-child').waitFor({ state: 'attached' });
    },
    button: (name) => page.getByRole('button', { name, exact: true }),
    async shoot(name) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
    },
  };
}
