import type { Browser } from 'playwright-core';
import { pages } from '../../miniprogram/src/addresses.ts';
import type { InvoiceTitleView, InvoiceView } from '../../src/contracts/index.ts';
import { issueFor, PDF, todayIn } from '../support/invoices.ts';
import { openOnPhone, type PageOnPhone, startBrowser } from '../support/page-on-phone.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const COMPANY = '福建省测试信息科技有限公司';
const TAX_NUMBER = '91350100M000100Y43';

let world: TestWorld;
let browser: Browser;
let customer: Phone;
let phone: PageOnPhone;
let finance: StaffClient;

beforeAll(async () => {
  world = await startWorld({ pages: true, environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  browser = await startBrowser();
  finance = await buildStaff(world, ['supervisor', 'finance']);
}, 90_000);

beforeEach(async () => {
  customer = await world.person({ follows: true });
  await customer.signInMiniProgram();
  phone = await openOnPhone(world, browser, customer);
});

afterEach(() => expect(phone.faults).toEqual([]));
afterAll(async () => {
  await browser.close();
  await world.stop();
});

/** The field with this label, of the page in sight. */
const field = (label: string) =>
  phone.page
    .locator('.field')
    .filter({ has: phone.page.getByText(label, { exact: true }), visible: true })
    .locator('input');
const option = (role: 'radio' | 'checkbox', says: string) => phone.page.getByRole(role).filter({ hasText: says });

const own = async (): Promise<InvoiceView[]> =>
  (await customer.call<{ data: InvoiceView[] }>('GET', '/app/invoices')).body.data;
const titles = () => customer.get<InvoiceTitleView[]>('/app/invoice-titles');
const keepTitle = (name = COMPANY) =>
  customer.post<InvoiceTitleView>('/app/invoice-titles', { kind: 'company', name, taxNumber: TAX_NUMBER });

describe('On the page', () => {
  it('a customer asks from the order, makes a title on the way, completes it for special VAT, and gets the PDF', async () => {
    const { number } = await customer.paidOrder();
    await phone.open(pages.order(number));
    await phone.button('申请开票').click();
    await phone.see('还没有发票抬头，请先添加');
    await phone.button('添加抬头').click();
    await field('企业名称').fill(COMPANY);
    await field('纳税人识别号').fill('91350100m000100y44');
    await phone.see('统一社会信用代码有误，请对照营业执照检查');
    await phone.shoot('invoice-title');
    await field('纳税人识别号').fill('91350100m000100y43');
    await phone.button('保存').click();

    await phone.see('选择订单');
    await option('radio', '专用发票').click();
    await phone.see('这个抬头还缺少地址、电话、开户银行或账号');
    await phone.shoot('invoice-ask');
    await phone.button('提交申请').click();
    expect(await own()).toEqual([]);
    await phone.button('补充抬头信息').click();
    await phone.button('保存').click();
    await phone.see('专用发票必填');
    await field('注册地址').fill('福州市鼓楼区测试路 1 号');
    await field('注册电话').fill('0591-87654321');
    await field('开户银行').fill('测试银行福州分行');
    await field('银行账号').fill('5919 0001 2345 678');
    await phone.button('保存').click();
    await phone.button('提交申请').dblclick();
    await phone.see('开票申请已提交');
    const [asked] = await own();
    expect(await own()).toHaveLength(1);
    expect(asked).toMatchObject({ kind: 'special', amountFen: 80_000, state: 'asked', orders: [{ number }] });
    expect(asked!.title).toMatchObject({ taxNumber: TAX_NUMBER, bankAccount: '591900012345678' });

    await phone.button('查看发票').click();
    await phone.see('待开票');
    await phone.button('查看全部发票').click();
    await phone.see('管理抬头');
    await phone.page.getByText(COMPANY).filter({ visible: true }).click();
    await phone.see('所含订单');
    await phone.button('查看全部发票').click();
    await phone.see('管理抬头');
    await issueFor(world, finance, asked!.id, '25352000000000000001');
    await phone.open(pages.invoice(asked!.id));
    await phone.see('25352000000000000001');
    const downloading = phone.page.waitForEvent('download');
    await phone.button('查看电子发票').click();
    const file = await downloading;
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks)).toEqual(PDF);
    await phone.see('如果没有打开');
    await phone.shoot('invoice');
    await phone.open(pages.order(number));
    await phone.see('订单编号');
    expect(await phone.button('申请开票').count()).toBe(0);
  }, 120_000);

  it('a customer puts several orders on one invoice, once, though the answer is lost; and may take it back', async () => {
    await keepTitle();
    const orders = [await customer.paidOrder(), await customer.paidOrder(), await customer.paidOrder()];
    await phone.open(pages.invoices);
    await phone.see('还没有发票');
    await phone.button('申请开票').click();
    for (const { number } of orders.slice(0, 2)) await option('checkbox', number).click();
    await phone.see('开票金额（2 个订单）');
    await phone.page.route('**/app/invoices', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await phone.button('提交申请').click();
    await phone.see('请再次提交，不会重复开票');
    await phone.page.unroute('**/app/invoices');
    await phone.button('提交申请').click();
    await phone.see('开票申请已提交');
    expect(await own()).toMatchObject([{ amountFen: 160_000, state: 'asked' }]);

    await phone.button('查看发票').click();
    await phone.button('撤回申请').click();
    await phone.page.getByText('确定撤回', { exact: true }).click();
    await phone.see('已撤回');
    expect(await own()).toMatchObject([{ state: 'withdrawn' }]);
  }, 120_000);

  it('a customer reads why an invoice was refused, sees what a red letter took back, and that a lost network is not an empty list', async () => {
    await keepTitle();
    const [title] = await titles();
    const { number } = await customer.paidOrder();
    const ask = (key: string) =>
      customer.post<InvoiceView>(
        '/app/invoices',
        { titleId: title!.id, kind: 'ordinary', orderNumbers: [number] },
        { 'idempotency-key': key },
      );
    const refused = await ask(`first-${number}`);
    const reason = '企业名称与税号不一致';
    expect(await finance.codeOf('POST', `/staff/invoices/${refused.id}/refusal`, { reason })).toBe(200);
    await phone.open(pages.invoice(refused.id));
    await phone.see(`未能开票：${reason}`);
    await phone.shoot('invoice-refused');
    await phone.button('重新申请开票').click();
    await phone.see('选择订单');

    const issued = await ask(`second-${number}`);
    await issueFor(world, finance, issued.id, '25352000000000000002');
    const red = { number: '25352000000000000003', issuedDay: todayIn(world), amountFen: 80_000 };
    expect(await finance.codeOf('POST', `/staff/invoices/${issued.id}/red-letters`, red)).toBe(201);
    await phone.open(pages.invoice(issued.id));
    await phone.see('已红冲');
    await phone.see(red.number);
    await phone.see('这张发票已全部红冲作废');
    await phone.shoot('invoice-red-letter');

    await phone.page.route('**/app/invoices?**', (route) => route.abort());
    await phone.open(pages.invoices);
    await phone.button('重试').waitFor();
    await phone.page.unroute('**/app/invoices?**');
    await phone.button('重试').click();
    await phone.see('未能开票');
    await phone.shoot('invoices');
  }, 120_000);

  it('a customer keeps titles: adds a person’s, makes it the default, and removes one after being asked', async () => {
    await keepTitle();
    await phone.open(pages.titles);
    await phone.see(COMPANY);
    await phone.button('添加抬头').click();
    await option('radio', '个人').click();
    await field('姓名').fill('林晓');
    await option('checkbox', '设为默认抬头').click();
    await phone.button('保存').click();
    await phone.see('林晓');
    expect(await titles()).toMatchObject([{ name: '林晓', isDefault: true }, { name: COMPANY }]);
    await phone.shoot('invoice-titles');

    await phone.page.getByText(COMPANY).filter({ visible: true }).click();
    await field('企业名称').fill(`${COMPANY}福州分公司`);
    await phone.button('保存').click();
    await phone.see(`${COMPANY}福州分公司`);
    await phone.page.getByText(`${COMPANY}福州分公司`).filter({ visible: true }).click();
    await phone.button('删除抬头').click();
    await phone.page.getByText('取消', { exact: true }).filter({ visible: true }).click();
    expect(await titles()).toHaveLength(2);
    await phone.button('删除抬头').click();
    await phone.page.getByText('确定删除', { exact: true }).filter({ visible: true }).click();
    await world.until(async () => (await titles()).length === 1);
    expect(await titles()).toMatchObject([{ name: '林晓' }]);
  }, 120_000);
});
