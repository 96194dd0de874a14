import type { Browser } from 'playwright-core';
import { pages } from '../../miniprogram/src/addresses.ts';
import { Order } from '../../entities/order.ts';
import type { RefundProposalView } from '../../src/contracts/index.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import { bookedSum } from '../support/books.ts';
import { openOnPhone, type PageOnPhone, startBrowser } from '../support/page-on-phone.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let browser: Browser;
let customer: Phone;
let phone: PageOnPhone;
let checker: StaffClient;

beforeAll(async () => {
  world = await startWorld({ pages: true, environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  await world.lever('/pay/settings', { refundGapMs: 0 });
  browser = await startBrowser();
  customer = await world.person({ follows: true });
  await customer.signInMiniProgram();
  phone = await openOnPhone(world, browser, customer);
  checker = await buildStaff(world, ['supervisor', 'finance']);
}, 90_000);

afterAll(async () => {
  expect(phone.faults).toEqual([]);
  expect(await bookedSum(world.world)).toBe(0);
  await browser.close();
  await world.stop();
});

const shoot = (name: string) => phone.shoot(name);
const button = (name: string) => phone.button(name);
const see = (says: string | RegExp) => phone.see(says);

async function reach(number: string, code: string): Promise<void> {
  const { id } = await world.world.desk.db.findOneByOrFail(Order, { number });
  await world.world.desk.transaction((work) => reachMilestone(work, id, code));
}

/** From the order to the question whether one is sure. */
async function fillIn(number: string): Promise<void> {
  await phone.open(pages.order(number));
  await button('申请退款').click();
  await phone.page.getByRole('radio', { name: '不再需要办理' }).click();
}

const proposals = () => checker.pages<RefundProposalView>('/staff/refund-proposals?state=proposed');

describe('On the order’s page', () => {
  it('a customer sees what comes back and why, asks once whatever they tap, and follows the money until it is there', async () => {
    const { number } = await customer.paidOrder();
    await fillIn(number);
    await see('¥800.00');
    await see('100%');
    await shoot('refund-ask');
    await button('申请退款').last().dblclick();
    await see('确定申请退款 ¥800.00 吗？');
    await phone.page.getByText('确定申请', { exact: true }).dblclick();
    await see('退款申请已提交');
    await shoot('refund-asked');
    expect(await proposals()).toMatchObject([{ amountFen: 80_000, reason: '不再需要办理', askedBy: 'customer' }]);

    await button('查看退款进度').click();
    await see('审核中');
    expect(await button('申请退款').count()).toBe(0);
    const [{ id } = { id: '' }] = await proposals();
    expect(await checker.codeOf('POST', `/staff/refund-proposals/${id}/approval`)).toBe(200);
    await world.settle();
    await phone.open(pages.order(number));
    await see(/退回银行卡一般需要 1–3 个工作日/);
    await shoot('refund-on-its-way');
    await world.advance(10_000);
    await world.until(async () => (await customer.seeOrder(number)).state === 'refunded');
    await phone.open(pages.order(number));
    await see('已到账');
    await see('退回到：支付用户零钱');
    await shoot('refund-arrived');
  }, 120_000);

  it('a customer is shown the new amount before asking, when the work has gone on meanwhile', async () => {
    const { number } = await customer.paidOrder('call-centre-licence');
    await fillIn(number);
    await see('100%');
    await reach(number, 'work_started');
    await button('申请退款').last().click();
    await phone.page.getByText('确定申请', { exact: true }).click();
    await see('可退金额已变化，请核对新的金额后再申请');
    await see('70%');
    expect(await proposals()).toEqual([]);
    await shoot('refund-changed');
    await button('申请退款').last().click();
    await phone.page.getByText('确定申请', { exact: true }).click();
    await see('退款申请已提交');

    const [{ id } = { id: '' }] = await proposals();
    await checker.codeOf('POST', `/staff/refund-proposals/${id}/rejection`, { note: '材料已编制完成并递交主管部门' });
    await phone.open(pages.order(number));
    await see('说明：材料已编制完成并递交主管部门');
    await shoot('refund-rejected');
  }, 120_000);

  it('a customer whose answer is lost asks again without asking twice, and one who may not ask is told why', async () => {
    const { number } = await customer.paidOrder();
    await fillIn(number);
    await phone.page.route('**/refunds', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      await route.fetch();
      return route.abort();
    });
    await button('申请退款').last().click();
    await phone.page.getByText('确定申请', { exact: true }).click();
    await see('已有退款申请正在审核，请等待结果');
    await phone.page.unroute('**/refunds');
    expect(await proposals()).toHaveLength(1);

    const unpaid = await customer.order();
    await phone.open(pages.refund(unpaid.number));
    await see('该订单还没有付款，无需退款');
    await shoot('refund-not-paid');
    await button('查看订单').click();
    await see('待支付');
  }, 120_000);
});
