import { CustomerSession } from '../../entities/customer-session.ts';
import type { CustomerAccountView, InvoiceView } from '../../src/contracts/index.ts';
import { buildAccount, buildCustomer, hear, inDays, verifiedUntil } from '../support/accounts.ts';
import { bookedSum, messagesOf } from '../support/books.ts';
import { issueFor, PDF } from '../support/invoices.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff } from '../support/staff.ts';
import { startWeapp, type WeappHost } from '../support/weapp-host.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let person: Phone;
let host: WeappHost;
let opensDocuments = true;

beforeAll(async () => {
  world = await startWorld({ pages: true });
}, 90_000);
afterAll(() => world.stop());

/** The compiled mini-program in the hands of somebody new, on the real server and the stand-in WeChat. */
async function open(follows: boolean, start?: string): Promise<void> {
  opensDocuments = true;
  person = await world.person({ follows });
  host = await startWeapp({
    apiOrigin: world.origin,
    ...(start ? { start } : {}),
    login: async () => (await world.lever<{ code: string }>(`/people/${person.personId}/mini-program/login`, {})).code,
    pay: async (parameters) => {
      const appId = world.config.MINI_PROGRAM_APPID;
      const { errMsg } = await world.lever<{ errMsg: string }>(`/people/${person.personId}/pay`, {
        ...parameters,
        appId,
        outcome: 'pay',
      });
      return errMsg === 'ok' ? 'ok' : 'fail';
    },
    opensDocuments: () => opensDocuments,
    consent: (templateIds) => {
      void world.lever(`/people/${person.personId}/mini-program/subscribe`, { templateIds, answer: 'accept' });
      return Object.fromEntries(templateIds.map((id) => [id, 'accept' as const]));
    },
  });
}

async function order(): Promise<void> {
  await host.see('微信服务号开通');
  await host.tap('微信服务号开通');
  await host.arrive('desk/service/index');
  for (const question of [
    '三证合一',
    '已确定账号类型',
    '从未注册过公众号的邮箱',
    '不到五个',
    '绑定本人银行卡',
    '公章',
    '名称和介绍',
    '20 天以上',
  ]) {
    await host.see(question);
    await host.tapNear(question, '是');
  }
  await host.tap('去下单');
  await host.arrive('desk/confirm/index');
  await host.see('企业名称');
  await host.type('企业名称', '福建省测试信息科技有限公司');
  await host.type('统一社会信用代码', '91350100M000100Y43');
  await host.type('联系人', '林晓');
  await host.type('手机号', '13800000001');
  await host.tap('提交订单');
  await host.arrive('desk/pay/index');
  await host.see('应付金额');
}

describe('The compiled mini-program', () => {
  afterEach(() => {
    expect(host.errors).toEqual([]);
    host.close();
  });

  it('starts, signs in, orders, pays, and says paid because the server does; the message comes by the consent given on the way', async () => {
    await open(false);
    await order();
    await host.tap('微信支付 ¥800.00');
    await host.see('支付成功');
    expect(await bookedSum(world.world)).toBe(0);
    await world.until(async () => (await messagesOf(world.world)).at(-1)?.state === 'delivered');
    expect((await messagesOf(world.world)).at(-1)).toMatchObject({ channel: 'mini-program', message: 'order-paid' });

    await host.tap('查看订单');
    await host.arrive('desk/order/index');
    await host.see('已支付');
    host.switchTab('订单');
    await host.arrive('pages/orders/index');
    await host.see('微信服务号开通');
  }, 60_000);

  it('gets an invoice: asks for it, keeps the title anew, and opens the PDF; a phone that does not open it says so', async () => {
    await open(false);
    await person.signInMiniProgram();
    const { number } = await person.paidOrder();
    const title = await person.post<{ id: string }>('/app/invoice-titles', { kind: 'personal', name: '林晓' });
    const orderNumbers = [number];
    const wish = { titleId: title.id, kind: 'ordinary', orderNumbers };
    const asked = await person.post<InvoiceView>('/app/invoices', wish, { 'idempotency-key': `weapp-${number}` });
    await issueFor(world, await buildStaff(world, ['finance']), asked.id, '25352000000000000009');

    host.switchTab('我的');
    await host.tap('我的发票');
    await host.arrive('invoices/list/index');
    await host.tap('已开票');
    await host.arrive('invoices/invoice/index');
    opensDocuments = false;
    await host.tap('查看电子发票');
    await host.see('发票文件没有打开');
    await host.tap('复制下载链接');
    const copied = host.calls.find(({ name }) => name === 'setClipboardData')?.given.data;
    expect(await (await fetch(String(copied))).text()).toBe(PDF.toString());

    opensDocuments = true;
    await host.tap('查看电子发票');
    await host.until('the document', () => !host.find('发票文件没有打开'));
    expect(host.calls.findLast(({ name }) => name === 'openDocument')).toMatchObject({
      given: { fileType: 'pdf', showMenu: true },
    });
    host.goOffline();
    await host.tap('查看电子发票');
    await host.see('当前没有网络');
    host.goOnline();

    host.back();
    await host.tap('管理抬头');
    await host.tap('林晓');
    await host.arrive('invoices/title/index');
    await host.see('保存');
    await host.type('姓名', '林一');
    await host.tap('保存');
    await host.arrive('invoices/titles/index');
    await host.see('林一');
  }, 60_000);

  it('asks for a refund from the order and sees how it goes', async () => {
    await open(false);
    await person.signInMiniProgram();
    const { number } = await person.paidOrder();
    host.switchTab('订单');
    await host.tap('已支付');
    await host.tap('下单时间');
    await host.arrive('desk/order/index');
    await host.see(number);
    await host.tap('申请退款');
    await host.arrive('desk/refund/index');
    await host.tap('其他原因');
    await host.type('请说明原因', '公司业务调整');
    await host.tap('申请退款');
    await host.see('退款申请已提交');
    await host.tap('查看退款进度');
    await host.arrive('desk/order/index');
    await host.see('原因：公司业务调整');
    expect(host.routes()).toEqual(['pages/orders/index', 'desk/order/index']);
  }, 60_000);

  it('shows how an account stands, and passes its public page on, which opens without signing in', async () => {
    await open(false);
    const { customerId, phone } = await buildCustomer(world);
    person = phone;
    const { id } = await buildAccount(await buildStaff(world, ['consultant']), customerId, { name: '茶具铺子' });
    await hear(world, id, verifiedUntil(inDays(world, 200)));
    host.switchTab('我的');
    await host.tap('我的账号');
    await host.arrive('accounts/list/index');
    await host.see('还有 200 天');
    await host.tap('茶具铺子');
    await host.arrive('accounts/account/index');
    await host.tap('开启公示');
    await host.see('公示中');
    const { badge } = await person.get<CustomerAccountView>(`/app/accounts/${id}`);
    await host.tap('复制链接');
    expect(host.calls.findLast(({ name }) => name === 'setClipboardData')?.given.data).toBe(badge!.address);
    await host.tap('查看公示页');
    await host.arrive('accounts/badge/index');
    await host.see('以微信查询为准');
    const shared = host.share() as { title: string; path: string };
    expect(shared).toMatchObject({ title: '茶具铺子 · 认证状态公示' });
    expect(host.errors).toEqual([]);
    host.close();

    await open(false, shared.path);
    await host.see('已认证');
    await host.see('茶具铺子');
    await host.quiet();
    expect(host.calls.filter(({ name }) => name === 'login')).toEqual([]);
  }, 60_000);

  it('signs in again by itself when the session was ended elsewhere', async () => {
    await open(false);
    host.switchTab('我的');
    await host.see('微信用户');
    const { reader } = world.world.database;
    const before = await reader.count(CustomerSession);
    await world.world.desk.transaction((work) =>
      work.db.createQueryBuilder().update(CustomerSession).set({ revokedAt: work.now() }).execute(),
    );
    host.pullDown();
    await host.see('微信用户');
    await host.quiet();
    expect(await reader.count(CustomerSession)).toBe(before + 1);
  }, 60_000);
});
