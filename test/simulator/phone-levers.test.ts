import type { Page } from 'playwright-core';
import { startPhone, until, type PhoneDriver } from './phone-support.ts';

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
const words = (page: Page, id: string) => byId(page, id).textContent();

describe('the levers', () => {
  const choose = (page: Page, tab: string) => byId(page, `console-tab-${tab}`).click();
  const result = (page: Page) => words(page, 'lever-result');
  /** What a module of the page exports, as JSON would have it. */
  const namesOf = (page: Page, script: string): Promise<string[]> => page.evaluate(script);

  it('move the clock, and warn when a server on real time would refuse what comes', async () => {
    const page = await phone.open();
    const before = phone.simulator.world.clock.now();
    await until(() => page.locator('.warning').count(), 0);
    await byId(page, 'advance-600000').click();
    await page.locator('.warning').waitFor();
    expect(phone.simulator.world.clock.now() - before).toBeGreaterThanOrEqual(600_000);
    await until(async () => (await result(page))!.includes('已快进 10 分'), true);
  });

  it('show orders, make one paid, and send its notice', async () => {
    const { number } = await phone.orderByCode();
    const page = await phone.open();
    await choose(page, 'pay');
    await byId(page, 'force-paid').click();
    await until(() => phone.stateOf(number), 'SUCCESS');
    await choose(page, 'notices');
    await byId(page, 'notice-send-8').click();
    const [notice] = phone.simulator.world.pay.notices.values();
    await until(() => notice!.sends.length, 8);
    await until(async () => (await result(page))!.includes('同时发送八次'), true);
  });

  it('set what WeChat is like, and show the old value again when they are refused', async () => {
    const page = await phone.open();
    await choose(page, 'pay');
    await byId(page, 'setting-pay-keyMode').selectOption('switching');
    await until(() => phone.simulator.world.pay.settings.keyMode, 'switching');
    await choose(page, 'official-account');
    const address = byId(page, 'setting-official-account-callbackUrl');
    await address.fill('http://127.0.0.1:9/nobody');
    await address.press('Enter');
    await until(async () => (await result(page))!.includes('token验证失败'), true);
    await until(() => address.inputValue(), '');
  });

  it('take the steps of a verification, and refuse one out of turn', async () => {
    const { verification } = phone.simulator.world.miniProgram;
    const page = await phone.open();
    await choose(page, 'mini-program');
    const form = byId(page, 'verification-step');
    await form.getByLabel('步骤').selectOption('submit');
    await form.getByRole('button').click();
    await until(async () => (await result(page))!.includes('没有成功'), true);
    for (const step of ['open', 'submit', 'qualification_fail']) {
      await form.getByLabel('步骤').selectOption(step);
      await form.getByLabel('原因').fill('照片不清晰');
      const before = verification.state;
      await form.getByRole('button').click();
      await until(() => verification.state !== before, true);
    }
    expect(verification.present()).toMatchObject({ state: 'qualification_failed', reason: '照片不清晰' });
    await until(async () => (await result(page))!.includes('资质认证失败；原因：照片不清晰'), true);
  });

  it('make faults and take them away', async () => {
    const page = await phone.open();
    await choose(page, 'faults');
    const form = byId(page, 'fault-form');
    await form.getByLabel('路径').fill('/v3/');
    await form.getByLabel('故障').selectOption('error-after-effect');
    await form.getByRole('button').click();
    await byId(page, 'fault-row').waitFor();
    expect(phone.simulator.world.faults.all()).toMatchObject([{ path: '/v3/', kind: 'error-after-effect', times: 1 }]);
    await byId(page, 'fault-row').getByRole('button').click();
    await until(() => phone.simulator.world.faults.all(), []);
  });

  it('know every fault, every way to spoil a message and every setting', async () => {
    const page = await phone.open();
    const faults = await namesOf(
      page,
      `import('/phone/page/console/fault-words.js').then(({ FAULTS }) => FAULTS.flatMap(({ kinds }) => Object.keys(kinds)))`,
    );
    const refusal = await fetch(`${phone.simulator.origin}/levers/faults`, { method: 'POST', body: '{"kind":"none"}' });
    const { error } = (await refusal.json()) as { error: string };
    expect(error.split('there are ')[1]!.split(', ').toSorted()).toEqual(faults.toSorted());

    const state = (await (await fetch(`${phone.simulator.origin}/phone/state`)).json()) as {
      console: { settings: Record<string, object>; noticeTampers: string[]; pushTampers: string[] };
    };
    for (const [name, wanted] of [
      ['NOTICE_TAMPERS', state.console.noticeTampers],
      ['PUSH_TAMPERS', state.console.pushTampers],
    ] as const) {
      const known = await namesOf(
        page,
        `import('/phone/page/console/tamper-words.js').then(({ ${name} }) => Object.keys(${name}))`,
      );
      expect(known.toSorted()).toEqual(wanted.toSorted());
    }
    const settings = await namesOf(
      page,
      `import('/phone/page/console/setting-words.js').then(({ SETTINGS }) =>
        Object.entries(SETTINGS).flatMap(([group, names]) => Object.keys(names).map((name) => group + ' ' + name)))`,
    );
    const there = Object.entries(state.console.settings).flatMap(([group, names]) =>
      Object.keys(names).map((name) => `${group} ${name}`),
    );
    expect(settings.toSorted()).toEqual(there.toSorted());
  });

  it('reset everything but where the server is', async () => {
    const callbackUrl = `${phone.site}/pushes`;
    await phone.lever('/official-account/settings', { callbackUrl, verify: false });
    await phone.orderByCode();
    const page = await phone.open();
    page.once('dialog', (dialog) => void dialog.accept());
    await byId(page, 'reset').click();
    await until(() => phone.simulator.world.pay.orders.size, 0);
    await until(() => phone.simulator.world.officialAccount.settings.callbackUrl, callbackUrl);
  });

  it('are behind a button on a narrow screen', async () => {
    const page = await phone.open('', { width: 390, height: 844 });
    await until(() => byId(page, 'console-tab-pay').isVisible(), false);
    await byId(page, 'console-open').click();
    await until(() => byId(page, 'console-tab-pay').isVisible(), true);
    await byId(page, 'console-close').click();
    await until(() => byId(page, 'console-tab-pay').isVisible(), false);
  });
});

describe('what the phone asks its server', () => {
  it('is not told again what it knows already, but is told the time', async () => {
    const first = await fetch(`${phone.simulator.origin}/phone/state`);
    const known = first.headers.get('phone-version');
    const again = await fetch(`${phone.simulator.origin}/phone/state?known=${known}`);
    expect([again.status, await again.text()]).toEqual([204, '']);
    expect(Number(again.headers.get('phone-clock'))).toBeGreaterThan(1_700_000_000_000);
    await phone.lever('/people', { nickname: '新来的' });
    expect((await fetch(`${phone.simulator.origin}/phone/state?known=${known}`)).status).toBe(200);
  });

  it('does not carry secrets of the accounts, nor files from outside of the page', async () => {
    const text = await (await fetch(`${phone.simulator.origin}/phone/state`)).text();
    const { officialAccount, miniProgram } = phone.simulator.world.kit;
    for (const { token, encodingAesKey, secret } of [officialAccount, miniProgram]) {
      for (const hidden of [token, encodingAesKey, secret]) expect(text).not.toContain(hidden);
    }
    const outside = await fetch(`${phone.simulator.origin}/phone/page/..%2findex.ts`);
    expect(outside.status).toBe(404);
  });
});
