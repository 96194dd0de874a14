import type { Page } from 'playwright-core';
import { addressIn, askBridge, forge, frameOf, heard, startPhone, until, type PhoneDriver } from './phone-support.ts';

let phone: PhoneDriver;
beforeAll(async () => {
  phone = await startPhone();
});
beforeEach(async () => {
  await phone.simulator.world.reset();
  phone.pushed.length = 0;
  await phone.lever('/notices/settings', { mode: 'held' });
});
afterAll(() => phone.stop());

const byId = (page: Page, id: string) => page.getByTestId(id);
const entry = (page: Page, chat: string) => page.locator(`[data-testid=chat-entry][data-chat=${chat}]`);
const unread = (page: Page) => entry(page, 'official-account').getByTestId('unread');
const words = (page: Page, id: string) => byId(page, id).textContent();
const told = (word: string) => `get_brand_wcpay_request:${word}`;

/** The shop is open, and asks 林晓 for the money of an order. */
async function askedToPay(changes: Record<string, unknown> = {}) {
  const page = await phone.open(phone.openSite('/shop'));
  await until(() => words(page, 'browser-title'), '确认订单');
  const { number, parameters } = await phone.order('lin');
  await askBridge(page, 'getBrandWCPayRequest', { ...parameters, ...changes });
  return { page, number, parameters };
}

describe('the chats', () => {
  it('are the service account, 服务通知 and the way to the customer page, empty at first', async () => {
    const page = await phone.open();
    await until(() => byId(page, 'chat-list').getByTestId('chat-entry').count(), 3);
    expect(await entry(page, 'official-account').textContent()).toContain('已关注，还没有消息');
    await entry(page, 'service-notices').click();
    expect(await words(page, 'chat-empty')).toContain('订阅消息会出现在这里');
  });

  it('show a template message as a card, count it until it is read, and open what it leads to', async () => {
    const page = await phone.open();
    await phone.send('lin', { url: `${phone.site}/next` });
    await until(() => unread(page).allTextContents(), ['1']);
    await phone.send('lin');
    await until(() => unread(page).allTextContents(), ['2']);

    await entry(page, 'official-account').click();
    const card = byId(page, 'card').first();
    expect(await card.textContent()).toContain('订单支付成功通知');
    expect(await card.locator('dt').allTextContents()).toEqual(['订单编号', '服务项目', '支付金额', '支付时间']);
    expect(await card.locator('dd').first().textContent()).toBe('TB20261122001');
    await until(() => byId(page, 'card-link').count(), 1);

    await byId(page, 'card-link').click();
    await until(() => addressIn(page), `${phone.site}/next`);
    await byId(page, 'browser-close').click();
    await byId(page, 'chat-back').click();
    await until(() => unread(page).count(), 0);
    await page.reload();
    await entry(page, 'official-account').waitFor();
    await until(() => unread(page).count(), 0);
  });

  it('show words as text, never as markup', async () => {
    await phone.lever('/people', { nickname: '<b>黄</b>' });
    const page = await phone.open('?person=person-4');
    await byId(page, 'tab-me').click();
    expect(await page.locator('.profile h1').textContent()).toBe('<b>黄</b>');
  });

  it('leave alone what is being written while messages come', async () => {
    const page = await phone.open();
    await entry(page, 'official-account').click();
    const line = page.getByLabel('发消息给服务号');
    await line.pressSequentially('请问');
    await phone.send('lin');
    await byId(page, 'card').waitFor();
    await page.keyboard.type('材料');
    expect(await line.inputValue()).toBe('请问材料');
    await page.keyboard.press('Enter');
    await until(() => byId(page, 'bubble').allTextContents(), ['请问材料']);
  });

  it('belong to the person who holds the phone', async () => {
    const page = await phone.open();
    await phone.send('lin');
    await until(() => unread(page).allTextContents(), ['1']);
    await byId(page, 'person-switch').selectOption('chen');
    await until(() => entry(page, 'official-account').textContent(), '通通办服务号未关注');
    const cookies = await page.context().cookies(phone.simulator.origin);
    expect(cookies.find(({ name }) => name === 'phone')?.value).toBe('chen');
    await byId(page, 'person-switch').selectOption('lin');
    await until(() => unread(page).allTextContents(), ['1']);
  });

  it('are there for somebody new, too', async () => {
    const page = await phone.open();
    await byId(page, 'person-switch').selectOption('+');
    await page.getByLabel('微信昵称').fill('周大福');
    await byId(page, 'dialog-yes').click();
    await until(() => byId(page, 'person-switch').inputValue(), 'person-4');
    expect(phone.simulator.world.people.get('person-4')).toMatchObject({ nickname: '周大福', follows: false });
  });

  it('follow and unfollow, and the server is pushed both', async () => {
    await phone.lever('/official-account/settings', { callbackUrl: `${phone.site}/pushes`, verify: false });
    const page = await phone.open('?person=chen');
    await entry(page, 'official-account').click();
    const toggle = byId(page, 'follow-toggle');
    expect([await toggle.textContent(), await toggle.getAttribute('aria-pressed')]).toEqual(['关注', 'false']);
    await toggle.click();
    await until(() => toggle.getAttribute('aria-pressed'), 'true');
    await until(() => page.locator('.note').allTextContents(), ['你已关注“通办服务号”']);
    await until(() => phone.pushed.length, 1);
    await toggle.click();
    await until(() => toggle.textContent(), '关注');
    await until(() => phone.pushed.length, 2);
    expect(phone.simulator.world.officialAccount.pushes.all().map(({ what }) => what)).toEqual([
      'subscribe',
      'unsubscribe',
    ]);
  });
});

describe('the browser', () => {
  it('opens what the address names, for the person it names, with the title of the page', async () => {
    const page = await phone.open(`?person=ouyang&open=${encodeURIComponent(`${phone.site}/shop`)}`);
    await until(() => words(page, 'browser-title'), '确认订单');
    expect(await byId(page, 'person-switch').inputValue()).toBe('ouyang');
    expect(await byId(page, 'browser-frame').getAttribute('src')).toBe(`${phone.site}/shop`);
  });

  it('goes back page by page, and beyond the first one to the chats', async () => {
    const page = await phone.open(phone.openSite('/shop'));
    await until(() => words(page, 'browser-title'), '确认订单');
    await frameOf(page).click('a');
    await frameOf(page).waitForURL('**/next');
    await byId(page, 'browser-back').click();
    await until(() => addressIn(page), `${phone.site}/shop`);
    await byId(page, 'browser-back').click();
    await until(() => byId(page, 'browser-frame').count(), 0);
    expect(page.url()).toContain('/phone/');
    await until(() => byId(page, 'chat-list').isVisible(), true);
  });

  it('is closed by the page itself', async () => {
    const page = await phone.open(phone.openSite('/shop'));
    await until(() => words(page, 'browser-title'), '确认订单');
    await askBridge(page, 'closeWindow', {});
    await until(() => byId(page, 'browser-frame').count(), 0);
  });

  it('says so when nothing answers', async () => {
    const page = await phone.open('?open=http%3A%2F%2F127.0.0.1%3A9%2F');
    await byId(page, 'browser-unreachable').waitFor();
    expect(await words(page, 'browser-unreachable')).toContain('网页无法打开');
  });

  it("keeps each person's cookies apart", async () => {
    const page = await phone.open(phone.openSite('/login'));
    const visit = async () => {
      const link = `${phone.simulator.origin}/phone/${phone.openSite('/login')}`;
      await page.goto(link);
      await page.waitForSelector('body[data-ready]');
      return page.frameLocator('[data-testid=browser-frame]').locator('#who').textContent();
    };
    expect(await visit()).toBe('来过');
    await byId(page, 'person-switch').selectOption('chen');
    await until(() => byId(page, 'browser-frame').count(), 0);
    await until(() => byId(page, 'person-switch').inputValue(), 'chen');
    expect(await visit()).toBe('第一次来');
    await byId(page, 'person-switch').selectOption('lin');
    await until(async () => (await page.context().cookies()).find(({ name }) => name === 'phone')?.value, 'lin');
    expect(await visit()).toBe('来过');
  });
});

describe('the pay sheet', () => {
  it('shows whom, what and how much; six digits pay, and the page hears ok', async () => {
    const { page, number } = await askedToPay();
    await byId(page, 'pay-sheet').waitFor();
    expect(await words(page, 'pay-payee')).toBe('通办服务号');
    expect(await words(page, 'pay-amount')).toBe('¥199.00');
    expect(await words(page, 'pay-description')).toBe('公司注册（标准套餐）');

    await page.getByRole('button', { name: '7', exact: true }).click();
    await page.keyboard.type('12345');
    expect(await words(page, 'pay-success')).toContain('支付成功');
    expect(phone.stateOf(number)).toBe('SUCCESS');
    await byId(page, 'pay-done').click();
    await until(() => heard(page), [told('ok')]);
    await until(() => byId(page, 'pay-sheet').count(), 0);
  });

  it('pays by one tap, and goes away by itself', async () => {
    const { page, number } = await askedToPay();
    await byId(page, 'pay-confirm').click();
    await until(() => heard(page), [told('ok')]);
    expect(phone.stateOf(number)).toBe('SUCCESS');
  });

  it('is cancelled or fails, pays nothing then, and can be opened again', async () => {
    const { page, number, parameters } = await askedToPay();
    await byId(page, 'pay-cancel').click();
    await until(() => heard(page), [told('cancel')]);

    await askBridge(page, 'getBrandWCPayRequest', parameters);
    await byId(page, 'pay-fail').click();
    await byId(page, 'dialog-yes').click();
    await until(() => heard(page), [told('cancel'), told('fail:支付失败')]);

    await askBridge(page, 'getBrandWCPayRequest', parameters);
    await byId(page, 'pay-sheet').waitFor();
    await page.keyboard.press('Escape');
    await until(() => heard(page), [told('cancel'), told('fail:支付失败'), told('cancel')]);
    expect(phone.stateOf(number)).toBe('NOTPAY');
  });

  it('is not shown for a wrong signature: WeChat says why', async () => {
    const { page, number } = await askedToPay({ paySign: 'AAAA' });
    expect(await words(page, 'dialog')).toContain('支付验证签名失败');
    await byId(page, 'dialog-yes').click();
    await until(() => heard(page), [told('fail:支付验证签名失败')]);
    await until(() => byId(page, 'pay-sheet').count(), 0);
    expect(phone.stateOf(number)).toBe('NOTPAY');
  });

  it("is not shown for another person's order, nor for one that ran out", async () => {
    const page = await phone.open(`?person=chen&open=${encodeURIComponent(`${phone.site}/shop`)}`);
    await until(() => words(page, 'browser-title'), '确认订单');
    const { parameters: foreign } = await phone.order('lin');
    const { parameters: late } = await phone.order('chen');
    await askBridge(page, 'getBrandWCPayRequest', foreign);
    expect(await words(page, 'dialog')).toContain('下单账号与支付账号不一致');
    await byId(page, 'dialog-yes').click();
    await phone.lever('/clock', { advanceMs: 7_201_000 });
    await askBridge(page, 'getBrandWCPayRequest', late);
    await page.getByText('该订单已过期，请重新下单').waitFor();
  });

  it('goes away with the page that asked', async () => {
    const { page, number } = await askedToPay();
    await byId(page, 'pay-sheet').waitFor();
    await frameOf(page).evaluate('location.reload()');
    await until(() => byId(page, 'pay-sheet').count(), 0);
    expect(phone.stateOf(number)).toBe('NOTPAY');
  });
});

describe('messages of others than the page', () => {
  const wish = (parameters: object, url: string) => ({
    source: 'jweixin',
    id: 'call-9',
    method: 'chooseWXPay',
    params: parameters,
    url,
  });
  /** The answer of a question that comes after a forged one: the forged one is dealt with by then. */
  const settled = async (page: Page) => {
    await askBridge(page, 'openMars', {});
    await until(() => heard(page), ['openMars:fail system:function_not_exist']);
  };

  it('are not heard from the phone’s own window, nor under a false address', async () => {
    const page = await phone.open(phone.openSite('/shop'));
    await until(() => words(page, 'browser-title'), '确认订单');
    const { parameters } = await phone.order('lin');
    await forge(page.mainFrame(), 'self', wish(parameters, `${phone.site}/shop`));
    await forge(frameOf(page), 'parent', wish(parameters, 'http://elsewhere.example.com/'));
    await settled(page);
    expect([await byId(page, 'pay-sheet').count(), await byId(page, 'dialog').count()]).toEqual([0, 0]);
    // The same message under its true address is heard.
    await forge(frameOf(page), 'parent', wish(parameters, `${phone.site}/shop`));
    await byId(page, 'pay-sheet').waitFor();
  });

  it('are not heard from a frame inside the page', async () => {
    const page = await phone.open(phone.openSite('/smuggler'));
    await until(() => words(page, 'browser-title'), '夹带');
    const { parameters } = await phone.order('lin');
    // The page is known by its title before what is inside it is there.
    const inner = () => page.frame({ name: 'inner' });
    await until(() => inner()?.url(), `${phone.site}/inner`);
    await inner()!.waitForLoadState();
    await forge(inner()!, 'top', wish(parameters, `${phone.site}/inner`));
    await settled(page);
    await until(() => byId(page, 'pay-sheet').count(), 0);
  });
});

describe('scanning', () => {
  it('pays a QR code that waits for money', async () => {
    const { number } = await phone.orderByCode();
    const page = await phone.open();
    await byId(page, 'scan-open').click();
    await byId(page, 'scan-choice').click();
    await byId(page, 'scan-go').click();
    await byId(page, 'pay-confirm').click();
    await until(() => phone.stateOf(number), 'SUCCESS');
  });

  it('pays an H5 link and goes back where it came from', async () => {
    const { number, h5Url } = await phone.orderByH5();
    const page = await phone.open();
    await byId(page, 'scan-open').click();
    await byId(page, 'scan-text').fill(`${h5Url}&redirect_url=${encodeURIComponent(`${phone.site}/next`)}`);
    await page.keyboard.press('Enter');
    await byId(page, 'pay-confirm').click();
    await byId(page, 'pay-done').click();
    await until(() => addressIn(page), `${phone.site}/next`);
    expect(phone.stateOf(number)).toBe('SUCCESS');
  });

  it('says that nobody knows a code', async () => {
    const page = await phone.open();
    await byId(page, 'scan-open').click();
    await byId(page, 'scan-text').fill('weixin://wxpay/bizpayurl?pr=none');
    await byId(page, 'scan-go').click();
    expect(await words(page, 'dialog')).toContain('无法识别的二维码');
  });
});
