import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { orderBody, payClient, payParameters, pull, type PayClient } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const ORDERS = '/v3/pay/transactions';
const MINUTE_MS = 60_000;
let simulator: RunningSimulator;
let client: PayClient;

beforeAll(async () => {
  simulator = await startTestSimulator();
  client = payClient(simulator);
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull(simulator, '/notices/settings', { mode: 'held' });
});
afterAll(() => simulator.stop());

async function openOrder(changes: Record<string, unknown> = {}) {
  const body = orderBody(simulator, changes);
  const { json } = await client.post(`${ORDERS}/jsapi`, body);
  return { number: String(body.out_trade_no), prepayId: String(json.prepay_id), body };
}

const stateOf = (number: string) => simulator.world.pay.orders.get(number)!.state;
const payAs = (person: string, prepayId: string, more: Record<string, unknown> = {}) =>
  pull(simulator, `/people/${person}/pay`, { ...payParameters(simulator, prepayId), ...more });
const advance = (ms: number) => pull(simulator, '/clock', { advanceMs: ms });

describe('a person with a pay sheet', () => {
  it('pays: the order is paid and its notice is on the way', async () => {
    const { number, prepayId } = await openOrder();
    const answer = await payAs('lin', prepayId, { outcome: 'pay', payerTotal: 19800 });
    expect(answer).toEqual({ errMsg: 'ok', transactionId: expect.stringMatching(/^4200\d{24}$/) });
    expect(stateOf(number)).toBe('SUCCESS');
    expect([...simulator.world.pay.notices.values()]).toEqual([
      expect.objectContaining({
        outTradeNo: number,
        content: expect.objectContaining({
          transaction_id: answer.transactionId,
          amount: expect.objectContaining({ payer_total: 19800 }),
        }),
      }),
    ]);
  });

  it('cancels or fails: the order stays unpaid and can be paid afterwards', async () => {
    const { number, prepayId } = await openOrder();
    expect(await payAs('lin', prepayId, { outcome: 'cancel' })).toEqual({ errMsg: 'cancel' });
    expect(await payAs('lin', prepayId, { outcome: 'fail' })).toEqual({ errMsg: 'fail:支付失败' });
    expect(stateOf(number)).toBe('NOTPAY');
    expect(simulator.world.pay.notices.size).toBe(0);
    expect((await payAs('lin', prepayId)).errMsg).toBe('ok');
  });

  const wrong: [string, Record<string, unknown>, string][] = [
    ['another nonce than was signed', { nonceStr: 'other' }, '支付验证签名失败'],
    ['another time than was signed', { timeStamp: '1' }, '支付验证签名失败'],
    ['another appid than was signed', { appId: 'wx51000000000000ff' }, '支付验证签名失败'],
    ['another prepay id than was signed', { package: 'prepay_id=wx0' }, '支付验证签名失败'],
    ['a signature of nobody', { paySign: 'AAAA' }, '支付验证签名失败'],
    ['MD5', { signType: 'MD5' }, '签名方式signType不正确'],
    ['a time as number', { timeStamp: 1 }, '缺少参数，或参数类型不是字符串'],
    ['no nonce', { nonceStr: undefined }, '缺少参数，或参数类型不是字符串'],
    ['a nonce of 33', { nonceStr: 'n'.repeat(33) }, '支付参数格式不正确'],
  ];
  it.each(wrong)('is shown a failure for %s', async (_what, changes, reason) => {
    const { number, prepayId } = await openOrder();
    expect(await payAs('lin', prepayId, changes)).toEqual({ errMsg: `fail:${reason}` });
    expect(stateOf(number)).toBe('NOTPAY');
  });

  it('cannot pay with a rightly signed prepay id that nobody handed out', async () => {
    expect((await payAs('lin', 'wx20260101000000abc')).errMsg).toBe('fail:支付参数package不正确');
  });

  it('cannot pay what another person ordered', async () => {
    const { number, prepayId } = await openOrder();
    expect((await payAs('chen', prepayId)).errMsg).toBe('fail:下单账号与支付账号不一致，请核实后再支付');
    expect(stateOf(number)).toBe('NOTPAY');
  });

  it('cannot pay in another app than was ordered in', async () => {
    const { officialAccount } = simulator.world.kit;
    const payer = { openid: simulator.world.people.get('lin').openids[officialAccount.appid] };
    const { prepayId } = await openOrder({ appid: officialAccount.appid, payer });
    expect((await payAs('lin', prepayId)).errMsg).toBe('fail:appid与下单时不一致');
  });

  it("cannot pay after two hours, nor after the order's own last moment", async () => {
    const long = await openOrder();
    const minute = new Date(simulator.world.clock.now() + 10 * MINUTE_MS).toISOString().replace(/\.\d+Z/, 'Z');
    const short = await openOrder({ time_expire: minute });
    await advance(11 * MINUTE_MS);
    expect((await payAs('lin', short.prepayId)).errMsg).toBe('fail:该订单已过期，请重新下单');
    await advance(108 * MINUTE_MS);
    expect((await payAs('lin', long.prepayId, { outcome: 'cancel' })).errMsg).toBe('cancel');
    await advance(2 * MINUTE_MS);
    expect((await payAs('lin', long.prepayId)).errMsg).toBe('fail:该订单已过期，请重新下单');
    const again = await client.post(`${ORDERS}/jsapi`, long.body);
    expect((await payAs('lin', String(again.json.prepay_id))).errMsg).toBe('ok');
  });

  it('cannot pay twice, nor what was closed', async () => {
    const paid = await openOrder();
    const closed = await openOrder();
    await payAs('lin', paid.prepayId);
    await client.post(`${ORDERS}/out-trade-no/${closed.number}/close`, { mchid: closed.body.mchid });
    expect((await payAs('lin', paid.prepayId)).errMsg).toBe('fail:该订单已支付');
    expect((await payAs('lin', closed.prepayId)).errMsg).toBe('fail:该订单已关闭');
    expect(stateOf(closed.number)).toBe('CLOSED');
  });

  it('must decide something that exists', async () => {
    const { prepayId } = await openOrder();
    await expect(payAs('lin', prepayId, { outcome: 'steal' })).rejects.toThrow('outcome is pay, cancel or fail');
    await expect(payAs('nobody', prepayId)).rejects.toThrow('404');
    await expect(payAs('lin', prepayId, { payerTotal: 1.5 })).rejects.toThrow('payerTotal is an amount in whole fen');
    await expect(pull(simulator, '/people/lin/scan')).rejects.toThrow('codeUrl is missing');
    await expect(pull(simulator, '/people/lin/open-h5')).rejects.toThrow('h5Url is missing');
  });
});

describe('a QR code', () => {
  const nativeOrder = async (body = orderBody(simulator, { payer: undefined })) => {
    const { json } = await client.post(`${ORDERS}/native`, body);
    return { body, number: String(body.out_trade_no), codeUrl: String(json.code_url) };
  };
  const scanAs = (person: string, codeUrl: string, outcome = 'pay') =>
    pull(simulator, `/people/${person}/scan`, { codeUrl, outcome });

  it('is paid by who scans it, and names that payer', async () => {
    const { number, codeUrl } = await nativeOrder();
    expect((await scanAs('chen', codeUrl)).errMsg).toBe('ok');
    const openid = simulator.world.people.get('chen').openids[simulator.world.kit.miniProgram.appid];
    expect(simulator.world.pay.orders.get(number)!.payment).toMatchObject({ personId: 'chen', openid });
  });

  it('belongs to the first who scans it', async () => {
    const { codeUrl } = await nativeOrder();
    expect((await scanAs('chen', codeUrl, 'cancel')).errMsg).toBe('cancel');
    expect((await scanAs('lin', codeUrl)).errMsg).toBe('fail:该支付链接已被其他用户使用');
    expect((await scanAs('chen', codeUrl)).errMsg).toBe('ok');
  });

  it('is worthless once a newer one was handed out', async () => {
    const first = await nativeOrder();
    const second = await nativeOrder(first.body);
    expect((await scanAs('lin', first.codeUrl)).errMsg).toBe('fail:二维码已失效，请重新扫码');
    expect((await scanAs('lin', second.codeUrl)).errMsg).toBe('ok');
  });

  it('must be one of ours, and not older than two hours', async () => {
    const { codeUrl } = await nativeOrder();
    expect((await scanAs('lin', 'weixin://wxpay/bizpayurl?pr=none')).errMsg).toBe('fail:无法识别的二维码');
    await advance(121 * MINUTE_MS);
    expect((await scanAs('lin', codeUrl)).errMsg).toBe('fail:该订单已过期，请重新下单');
  });
});

describe('an H5 address', () => {
  const h5Order = async (description = '变更 <b>注册</b>地址') => {
    const scene = { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } };
    const body = orderBody(simulator, { payer: undefined, description, scene_info: scene });
    const { json } = await client.post(`${ORDERS}/h5`, body);
    return { number: String(body.out_trade_no), h5Url: String(json.h5_url) };
  };
  const submit = (h5Url: string, fields: Record<string, string>) =>
    fetch(h5Url.split('?')[0]!, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ prepay_id: new URL(h5Url).searchParams.get('prepay_id')!, ...fields }),
    });

  it('opens a page in Chinese that shows what is paid for, as text and not as markup', async () => {
    const { h5Url } = await h5Order();
    const page = await fetch(h5Url);
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html).toContain('变更 &lt;b&gt;注册&lt;/b&gt;地址');
    expect(html).toContain('¥199.00');
    for (const words of ['立即支付', '取消支付', '林晓', '欧阳慕容雪']) expect(html).toContain(words);
  });

  it('pays, and goes back to where the merchant wants', async () => {
    const { number, h5Url } = await h5Order();
    const back = 'https://agency.example.com/orders/1?from=h5';
    const html = await (await fetch(`${h5Url}&redirect_url=${encodeURIComponent(back)}`)).text();
    expect(html).toContain('value="https://agency.example.com/orders/1?from=h5"');
    const paid = await submit(h5Url, { person: 'lin', outcome: 'pay', redirect_url: back });
    expect([paid.status, paid.headers.get('location')]).toEqual([302, back]);
    expect(stateOf(number)).toBe('SUCCESS');
    expect(await (await fetch(h5Url)).text()).toContain('该订单已支付');
  });

  it('goes back after a cancelled payment too, and says so when there is nowhere to go', async () => {
    const { number, h5Url } = await h5Order();
    const back = 'http://127.0.0.1:3000/pay';
    expect(
      (await submit(h5Url, { person: 'lin', outcome: 'cancel', redirect_url: back })).headers.get('location'),
    ).toBe(back);
    expect(await (await submit(h5Url, { person: 'lin', outcome: 'cancel' })).text()).toContain('已取消支付');
    expect(await (await submit(h5Url, { person: 'chen', outcome: 'pay' })).text()).toContain(
      '该支付链接已被其他用户使用',
    );
    expect(stateOf(number)).toBe('NOTPAY');
    expect(await (await submit(h5Url, { person: 'lin', outcome: 'pay' })).text()).toContain('支付成功');
  });

  it('is open for five minutes', async () => {
    const { h5Url } = await h5Order();
    await advance(4 * MINUTE_MS);
    expect((await fetch(h5Url)).status).toBe(200);
    await advance(MINUTE_MS);
    const late = await fetch(h5Url);
    expect([late.status, (await late.text()).includes('该订单已过期')]).toEqual([400, true]);
  });

  it("refuses a way back that is no web address, and strangers' pages once domains are set", async () => {
    const { h5Url } = await h5Order();
    expect((await fetch(`${h5Url}&redirect_url=javascript:alert(1)`)).status).toBe(400);
    expect((await submit(h5Url, { person: 'lin', outcome: 'pay', redirect_url: 'javascript:alert(1)' })).status).toBe(
      400,
    );
    await pull(simulator, '/pay/settings', { h5Domains: ['agency.example.com'] });
    const from = (referer: string) => fetch(h5Url, { headers: { referer } });
    expect((await fetch(h5Url)).status).toBe(400);
    expect((await from('https://elsewhere.example.com/')).status).toBe(400);
    expect((await from('https://agency.example.com/pay')).status).toBe(200);
    expect(
      (
        await fetch(`${h5Url}&redirect_url=https://elsewhere.example.com/`, {
          headers: { referer: 'https://agency.example.com/' },
        })
      ).status,
    ).toBe(400);
  });

  it('can be opened by lever, with what the merchant appended', async () => {
    const { number, h5Url } = await h5Order();
    const answer = await pull(simulator, '/people/ouyang/open-h5', {
      h5Url: `${h5Url}&redirect_url=x`,
      outcome: 'pay',
    });
    expect(answer.errMsg).toBe('ok');
    expect(stateOf(number)).toBe('SUCCESS');
    expect(
      (await pull(simulator, '/people/lin/open-h5', { h5Url: 'https://wx.tenpay.com/x', outcome: 'pay' })).errMsg,
    ).toBe('fail:支付链接不正确');
  });
});

describe('a payment that a lever forces', () => {
  it('comes in whatever the state, once, with another amount when it is told so', async () => {
    const { number } = await openOrder();
    await pull(simulator, `/pay/orders/${number}/force-paid`, { total: 5, personId: 'chen', notify: false });
    expect(simulator.world.pay.orders.get(number)!.payment).toMatchObject({
      total: 5,
      payerTotal: 5,
      personId: 'chen',
    });
    expect(simulator.world.pay.notices.size).toBe(0);
    await expect(pull(simulator, `/pay/orders/${number}/force-paid`)).rejects.toThrow('paid already');
    await expect(pull(simulator, '/pay/orders/NOBODY01/force-paid')).rejects.toThrow('there is no order');
  });

  it('names the person who ordered', async () => {
    const { number } = await openOrder();
    await pull(simulator, `/pay/orders/${number}/force-paid`);
    const seen = (await (await fetch(`${simulator.origin}/levers/pay/orders/${number}`)).json()) as Record<
      string,
      unknown
    >;
    expect(seen).toMatchObject({ out_trade_no: number, trade_state: 'SUCCESS', paidBy: 'lin', totalFen: 19900 });
    const all = (await (await fetch(`${simulator.origin}/levers/pay/orders`)).json()) as unknown[];
    expect(all).toEqual([seen]);
  });
});
