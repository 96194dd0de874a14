import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { gunzipSync } from 'node:zlib';
import { billWorld, DAY, fenOf, HOUR_MS, NEXT_DAY, sha1 } from './bill-support.ts';
import { payClient, pull } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

let simulator: RunningSimulator;
let world: ReturnType<typeof billWorld>;

beforeAll(async () => {
  simulator = await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') });
  world = billWorld(simulator);
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull(simulator, '/clock', { frozen: true });
  await pull(simulator, '/notices/settings', { mode: 'held' });
});
afterAll(() => simulator.stop());

const settings = (change: object) => pull(simulator, '/pay/settings', change);
const books = async (day = DAY) =>
  ((await (await fetch(`${simulator.origin}/levers/pay/bills/${day}`)).json()) as { books: Record<string, number> })
    .books;
const codeOf = async (query: string, bill = 'trade') => {
  const { status, json } = await world.apply(query, bill);
  return `${status} ${String(json.code ?? 'ok')}`;
};

describe('a trade bill', () => {
  it('lists the payments and the refunds of a day, in yuan, and sums them up', async () => {
    const [first, second] = [await world.pay(10_000), await world.pay(1990, { attach: '甲,乙' })];
    await world.moveTo(`${DAY} 15:20:00`);
    const refund = await world.refund(first, 3000);
    await world.moveTo(`${NEXT_DAY} 09:00:00`);
    const { rows, sums, bytes } = await world.bill('trade');
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect(rows.map((row) => [row['商户订单号'], row['交易状态'], row['订单金额'], row['手续费']])).toEqual([
      [first, 'SUCCESS', '100.00', '0.60000'],
      [second, 'SUCCESS', '19.90', '0.12000'],
      [first, 'REFUND', '0.00', '-0.18000'],
    ]);
    expect(rows[0]).toMatchObject({
      交易时间: '2026-11-02 10:00:00',
      商户号: simulator.world.kit.mchid,
      特约商户号: '0',
      费率: '0.60%',
      退款状态: '',
      商户退款单号: '0',
    });
    expect(rows[1]).toMatchObject({ 商户数据包: '甲,乙' });
    expect(rows[2]).toMatchObject({
      交易时间: '2026-11-02 15:20:00',
      商户退款单号: refund,
      退款金额: '30.00',
      退款类型: 'ORIGINAL',
      退款状态: 'SUCCESS',
    });
    expect(sums).toEqual({
      总交易单数: '3',
      应结订单总金额: '119.90',
      退款总金额: '30.00',
      充值券退款总金额: '0.00',
      手续费总金额: '0.54000',
      订单总金额: '119.90',
      申请退款总金额: '30.00',
    });
    expect((await world.bill('trade', DAY, '&bill_type=SUCCESS')).sums).toMatchObject({
      总交易单数: '2',
      手续费总金额: '0.72000',
    });
    const [only] = (await world.bill('trade', DAY, '&bill_type=REFUND')).rows;
    expect(only).toMatchObject({ 退款申请时间: '2026-11-02 15:20:00', 退款成功时间: '2026-11-02 15:20:05' });
  });

  it('puts a payment on the day of its success and a refund on the day of its acceptance, in Beijing', async () => {
    await world.moveTo(`${DAY} 23:59:59`);
    const late = await world.pay(100);
    await world.moveTo(`${NEXT_DAY} 00:00:00`);
    const early = await world.pay(200);
    await settings({ refundDelayMs: 40 * HOUR_MS });
    await world.refund(late, 50);
    await world.moveTo('2026-11-04 10:00:00');
    const numbers = async (day: string) => (await world.bill('trade', day)).rows.map((row) => row['商户订单号']);
    expect(await numbers(DAY)).toEqual([late]);
    expect(await numbers(NEXT_DAY)).toEqual([early, late]);
  });

  it('is a snapshot: what it once said of a refund it says for ever', async () => {
    await settings({ refundDelayMs: 40 * HOUR_MS });
    const number = await world.refund(await world.pay(10_000), 3000);
    await world.moveTo(`${NEXT_DAY} 10:00:00`);
    const first = await world.bill('trade');
    expect(first.rows[1]).toMatchObject({ 商户退款单号: number, 退款状态: 'PROCESSING' });
    await world.moveTo('2026-11-05 10:00:00');
    expect(simulator.world.pay.refunds.get(number)!.status).toBe('SUCCESS');
    expect((await world.bill('trade')).bytes.equals(first.bytes)).toBe(true);
    const [refund] = (await world.bill('trade', DAY, '&bill_type=REFUND')).rows;
    expect(refund).toMatchObject({ 退款状态: 'PROCESSING', 退款成功时间: '' });
  });

  it('tells coupons, rates and free text as they are', async () => {
    await settings({ feeRate: 100 });
    const number = await world.pay(10_000, { payerTotal: 8000, description: '一行\n两行', attach: '\u0001' });
    await world.refund(number, 5000);
    await world.moveTo(`${NEXT_DAY} 09:00:00`);
    const { rows } = await world.bill('trade');
    expect(rows[0]).toMatchObject({ 代金券金额: '20.00', 费率: '1.00%', 手续费: '1.00000', 商品名称: '一行\\n两行' });
    expect(rows[1]).toMatchObject({ 退款金额: '50.00', 充值券退款金额: '10.00', 手续费: '-0.50000', 商户数据包: ' ' });
  });
});

describe('a fund-flow bill', () => {
  it('lists every movement with its balance, to the fen of the books', async () => {
    const first = await world.pay(10_000);
    await world.moveTo(`${DAY} 15:20:00`);
    await world.refund(first, 3000);
    await pull(simulator, '/pay/withdraw', { amount: 1000 });
    await world.moveTo(`${NEXT_DAY} 10:00:00`);
    const { rows, sums } = await world.bill('fundflow');
    expect(rows.map((row) => [row['业务类型'], row['收支类型'], row['收支金额(元)'], row['账户结余(元)']])).toEqual([
      ['交易', '收入', '100.00', '100.00'],
      ['扣除交易手续费', '支出', '0.60', '99.40'],
      ['退款', '支出', '29.82', '69.58'],
      ['提现', '支出', '10.00', '59.58'],
    ]);
    expect(rows[2]).toMatchObject({
      资金变更提交申请人: `${simulator.world.kit.mchid}API`,
      备注: '退款总金额30.00元;含手续费0.18元',
    });
    expect(sums).toEqual({
      资金流水总笔数: '4.0',
      收入笔数: '1.0',
      收入金额: '100.00',
      支出笔数: '3.0',
      支出金额: '40.42',
    });
    expect(await books()).toMatchObject({
      payments: 1,
      paidFen: 10_000,
      feeFen: 60,
      refunds: 1,
      refundedFen: 3000,
      returnedFeeFen: 18,
      incomeFen: fenOf(sums['收入金额']!),
      outgoFen: fenOf(sums['支出金额']!),
      closingBalanceFen: fenOf(rows.at(-1)!['账户结余(元)']!),
    });
  });

  it('has a row of its own for a fee that comes back, when the settings say so', async () => {
    await settings({ refundFeeBooking: 'own-row', billCounts: 'whole' });
    await world.refund(await world.pay(10_000), 3000);
    await world.moveTo(`${NEXT_DAY} 10:00:00`);
    const { rows, sums } = await world.bill('fundflow');
    expect(rows.slice(2).map((row) => [row['业务类型'], row['收支金额(元)'], row['账户结余(元)']])).toEqual([
      ['退还交易手续费', '0.18', '99.58'],
      ['退款', '30.00', '69.58'],
    ]);
    expect(sums['资金流水总笔数']).toBe('4');
  });
});

describe('who applies', () => {
  beforeEach(async () => {
    await world.pay(10_000);
    await world.moveTo(`${NEXT_DAY} 09:30:00`);
  });

  it('waits for the hour of each bill', async () => {
    expect(await codeOf(`bill_date=${DAY}`)).toBe('200 ok');
    expect(await codeOf(`bill_date=${DAY}`, 'fundflow')).toBe('400 STATEMENT_CREATING');
    expect(await codeOf(`bill_date=${NEXT_DAY}`)).toBe('400 STATEMENT_CREATING');
    await world.moveTo(`${NEXT_DAY} 09:59:59`);
    expect(await codeOf(`bill_date=${DAY}`, 'fundflow')).toBe('400 STATEMENT_CREATING');
    await world.moveTo(`${NEXT_DAY} 10:00:00`);
    expect(await codeOf(`bill_date=${DAY}`, 'fundflow')).toBe('200 ok');
    await settings({ tradeBillHour: 11 });
    expect(await codeOf(`bill_date=${DAY}`)).toBe('400 STATEMENT_CREATING');
  });

  it.each([
    ['tar_type=GZIP', '400 PARAM_ERROR'],
    ['bill_date=', '400 PARAM_ERROR'],
    ['bill_date=20261102', '400 PARAM_ERROR'],
    ['bill_date=2026-02-30', '400 PARAM_ERROR'],
    [`bill_date=${DAY}&bill_date=${DAY}`, '400 PARAM_ERROR'],
    [`bill_date=${DAY}&tar_type=ZIP`, '400 PARAM_ERROR'],
    [`bill_date=${DAY}&bill_type=EVERYTHING`, '400 PARAM_ERROR'],
    [`bill_date=${DAY}&account_type=BASIC`, '400 PARAM_ERROR'],
    [`bill_date=${DAY}&sub_mchid=1900000110`, '400 PARAM_ERROR'],
    [`bill_date=${DAY}&bill_type=ALL_SPECIAL`, '403 NO_AUTH'],
    [`bill_date=${DAY}&bill_type=RECHARGE_REFUND`, '400 NO_STATEMENT_EXIST'],
    [`bill_date=${DAY}&bill_type=REFUND`, '400 NO_STATEMENT_EXIST'],
    ['bill_date=2026-11-01', '400 NO_STATEMENT_EXIST'],
    ['bill_date=2026-08-03', '400 NO_STATEMENT_EXIST'],
    ['bill_date=2026-08-02', '400 INVALID_REQUEST'],
    ['bill_date=2026-11-04', '400 INVALID_REQUEST'],
  ])('with %s is told %s', async (query, code) => {
    expect(await codeOf(query)).toBe(code);
  });

  it('for another account than the basic one gets nothing', async () => {
    await world.moveTo(`${NEXT_DAY} 10:00:00`);
    expect(await codeOf(`bill_date=${DAY}&account_type=OPERATION`, 'fundflow')).toBe('400 NO_STATEMENT_EXIST');
    expect(await codeOf(`bill_date=${DAY}&account_type=ALL`, 'fundflow')).toBe('403 NO_AUTH');
    await settings({ noStatementStatus: 404 });
    expect(await codeOf('bill_date=2026-11-01', 'fundflow')).toBe('404 NO_STATEMENT_EXIST');
  });

  it('is answered with a signature; the file has none', async () => {
    const applied = await world.apply(`bill_date=${DAY}`);
    expect(applied.signedBy).toBe(simulator.world.kit.publicKey.id);
    expect(applied.json).toMatchObject({ hash_type: 'SHA1', hash_value: expect.stringMatching(/^[0-9a-f]{40}$/) });
    const file = await world.fetchFile(applied);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(file.headers.get('wechatpay-signature')).toBeNull();
    expect(sha1(file.bytes)).toBe(applied.json.hash_value);

    const packed = await world.apply(`bill_date=${DAY}&tar_type=GZIP`);
    expect(packed.json.hash_value).toBe(applied.json.hash_value);
    expect(String(packed.json.download_url)).toMatch(/^http.*\/v3\/billdownload\/file\?token=[^&]+&tartype=gzip$/);
    const gzip = await world.fetchFile(packed);
    expect(gzip.headers.get('content-type')).toBe('application/x-gzip');
    expect(gzip.headers.get('content-encoding')).toBeNull();
    expect(gunzipSync(gzip.bytes).equals(file.bytes)).toBe(true);
  });

  it('fetches within five minutes, signs the whole query, and knows the token', async () => {
    const applied = await world.apply(`bill_date=${DAY}`);
    const { pathname, search } = new URL(String(applied.json.download_url));
    const client = payClient(simulator);
    expect((await client.get(pathname + search, { signedUrl: pathname })).json.code).toBe('SIGN_ERROR');
    expect((await client.get(`${pathname}?token=unknown`)).json.code).toBe('INVALID_REQUEST');
    await pull(simulator, '/clock', { advanceMs: 300_000 });
    expect((await world.fetchFile(applied)).status).toBe(200);
    await pull(simulator, '/clock', { advanceMs: 1 });
    const late = await world.fetchFile(applied);
    expect([late.status, late.json.code]).toEqual([400, 'INVALID_REQUEST']);
  });
});
