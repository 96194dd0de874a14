import { jest } from '@jest/globals';
import { startContractStub } from '../support/contract-stub.ts';
import type { ContractStub } from '../support/contract-stub.ts';
import { sampleServices } from '../support/sample-services.ts';
import { startWeapp } from '../support/weapp-host.ts';
import type { WeappHost, WeappOptions } from '../support/weapp-host.ts';

jest.setTimeout(40_000);

let stub: ContractStub;
let phone: WeappHost | null = null;

const start = async (options: Partial<WeappOptions> = {}): Promise<WeappHost> => {
  phone = await startWeapp({ apiOrigin: stub.url, ...options });
  return phone;
};

/** From the catalogue to the filled form, as a company that pays in two parts. */
async function fillIn(host: WeappHost): Promise<void> {
  await host.tap('呼叫中心业务经营许可证');
  await host.arrive('desk/service/index');
  for (const question of ['依法设立的公司', '注册资本是否达到', '经营场地']) {
    await host.see(question);
    await host.tapNear(question, '是');
  }
  await host.tap('去下单');
  await host.arrive('desk/confirm/index');
  await host.see('企业名称');
  await host.type('企业名称', '福州同办信息咨询有限公司');
  await host.type('统一社会信用代码', '91350100m000100y43');
  await host.type('联系人', '林一');
  await host.type('手机号', '13800000001');
  await host.pick('办理省份', '福建省');
  await host.tap('分两期支付');
}

/** And on to the pay page. */
async function order(host: WeappHost): Promise<void> {
  await fillIn(host);
  await host.tap('提交订单');
  await host.arrive('desk/pay/index');
  await host.see('应付金额');
}

beforeEach(async () => {
  stub = await startContractStub(structuredClone(sampleServices));
});

afterEach(async () => {
  expect(phone?.errors ?? []).toEqual([]);
  phone?.close();
  phone = null;
  await stub.close();
});

describe('the compiled mini-program', () => {
  it('shows the catalogue to anyone, without signing in', async () => {
    const host = await start();
    await host.see('呼叫中心业务经营许可证');
    expect(host.text()).toContain('¥19,800.00 起');
    expect(stub.signIns).toBe(0);
  });

  it('signs in, orders, asks for payment, and says paid only when the server does', async () => {
    const paid: Record<string, string>[] = [];
    const host = await start({ pay: (parameters) => (paid.push(parameters), 'ok') });
    await order(host);

    expect(stub.signIns).toBe(1);
    expect(stub.orders).toHaveLength(1);
    expect(stub.orders[0]).toMatchObject({
      province: '福建省',
      dueFen: 1140000,
      buyer: { creditCode: '91350100M000100Y43' },
    });

    await host.tap('微信支付 ¥11,400.00');
    await host.see('正在确认');
    expect(paid).toMatchObject([{ package: expect.stringMatching(/^prepay_id=/) as string, signType: 'RSA' }]);
    expect(host.text()).not.toContain('支付成功');

    stub.pay(stub.orders[0]!.number);
    await host.see('支付成功');
    await host.tap('查看订单');
    await host.arrive('desk/order/index');
    await host.see('未到付款节点');
  });

  it('asks for message consent in the tap that pays, and pays whatever the answer is', async () => {
    const host = await start({ consent: () => ({ 'order-paid': 'reject' }), pay: () => 'cancel' });
    await order(host);
    await host.tap('微信支付 ¥11,400.00');
    await host.see('您取消了支付');

    const asked = host.calls.filter(({ name }) => name === 'requestSubscribeMessage');
    expect(asked).toMatchObject([{ given: { tmplIds: ['order-paid'], inGesture: true } }]);
    expect(stub.calls).toContain('POST /app/message-consents');
    expect(host.calls.filter(({ name }) => name === 'requestPayment')).toHaveLength(1);
  });

  it('asks only what the chosen package needs, and sends no answer to what it does not', async () => {
    const host = await start();
    await host.tap('呼叫中心业务经营许可证');
    for (const question of ['依法设立的公司', '注册资本是否达到', '经营场地']) await host.tapNear(question, '是');
    await host.tap('全网许可证');
    await host.until('the question to go', () => !host.find('经营场地、设施'));
    const asked: unknown[] = [];
    stub.intercept = (call, body) => (call.endsWith('/pre-checks') && asked.push(body), null);
    await host.tap('查看自查结果');
    await host.see('条件符合，可以下单');
    expect(asked).toEqual([{ packageCode: 'nationwide', answers: { company: 'yes', capital: 'yes' } }]);
  });

  it('lists orders and opens one from the list', async () => {
    const host = await start();
    await order(host);
    host.switchTab('订单');
    await host.arrive('pages/orders/index');
    await host.see('待付 ¥11,400.00');
    await host.tap('下单时间');
    await host.arrive('desk/order/index');
    await host.see('138****0001');
    expect(host.routes()).toEqual(['pages/orders/index', 'desk/order/index']);
    host.back();
    await host.see('待付 ¥11,400.00');
  });

  it('signs in again once when the session ends, however many requests it hits', async () => {
    const host = await start();
    host.switchTab('我的');
    await host.see('微信用户');
    expect(stub.signIns).toBe(1);

    stub.endSessions();
    host.pullDown();
    await host.until('a second sign-in', () => stub.signIns === 2);
    await host.quiet();
    expect(stub.signIns).toBe(2);
    expect(stub.calls.filter((call) => call === 'GET /app/me')).toHaveLength(3);
  });

  it('stays signed out until the person asks to sign in', async () => {
    const host = await start();
    host.switchTab('我的');
    await host.tap('退出登录');
    await host.see('登录后查看');
    await host.quiet();
    expect(stub.signIns).toBe(1);

    await host.tap('微信登录');
    await host.see('微信用户');
    expect(stub.signIns).toBe(2);
  });

  it('takes the phone number from WeChat’s own button', async () => {
    const host = await start();
    host.switchTab('我的');
    await host.tap('绑定手机号');
    await host.see('138****0001');
    expect(host.toasts()).toContain('手机号已绑定');
  });

  it('says that the network is gone and goes on when it is back', async () => {
    const host = await start();
    await host.see('呼叫中心业务经营许可证');
    host.goOffline();
    await host.tap('外呼系统暂停应急处理');
    await host.see('当前没有网络');
    host.goOnline();
    await host.tap('重试');
    await host.see('该服务暂不可购买');
  });

  it('tells what is wrong beside the field, its own checks and the server’s', async () => {
    const host = await start();
    await host.tap('服务号微信认证');
    await host.tap('去下单');
    await host.tap('提交订单');
    await host.see('请填写企业名称');
    await host.type('企业名称', '福州同办信息咨询有限公司');
    await host.type('统一社会信用代码', '91350100M000100Y44');
    await host.type('联系人', '林一');
    await host.type('手机号', '13800000001');
    await host.tap('提交订单');
    await host.see('统一社会信用代码有误');
    expect(stub.orders).toHaveLength(0);

    await host.type('统一社会信用代码', '91350100M000100Y43');
    await host.type('备注', '错误');
    await host.tap('提交订单');
    await host.see('统一社会信用代码已被停用');
  });

  it('orders once although the answer was lost and the person submits again', async () => {
    const host = await start();
    await fillIn(host);
    stub.loseAnswerTo = 'POST /app/orders';
    await host.tap('提交订单');
    await host.see('还不确定是否已下单');
    expect(stub.orders).toHaveLength(1);

    await host.tap('提交订单');
    await host.arrive('desk/pay/index');
    expect(stub.orders).toHaveLength(1);
  });

  it('leads away from an order that is not there', async () => {
    const host = await start({ start: '/desk/order/index?number=TB0' });
    await host.see('没有找到这个订单');
    await host.tap('返回服务列表');
    await host.arrive('pages/services/index');
  });

  it('starts on the page that a message leads to', async () => {
    const first = await start();
    await order(first);
    const { number } = stub.orders[0]!;
    first.close();

    const host = await start({ start: `/desk/order/index?number=${number}`, storage: first.storage });
    await host.see(number);
    expect(stub.signIns).toBe(1);
  });

  it('grows its text with WeChat’s text size', async () => {
    const host = await start({ textSize: 24 });
    await host.see('呼叫中心业务经营许可证');
    expect(JSON.stringify(host.tree().children[0]?.attributes)).toContain('1.41');
  });
});
