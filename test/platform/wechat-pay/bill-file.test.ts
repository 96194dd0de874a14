import { createHash } from 'node:crypto';
import {
  BillFault,
  fundFlowBill,
  type FundRow,
  readBillFile,
  tradeBill,
  type TradeRow,
} from '../../../src/platform/wechat-pay/index.ts';

/** The hand-made samples of the documentation's day 2024-06-01, with the hashes that were computed apart from this code. */
const TRADE_HEAD =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const PAID_1 =
  '`2024-06-01 10:00:05,`wxd678efh567hg6787,`1900007291,`0,`,`4200002000202406011234567890,`ORDER20240601A1,`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,`SUCCESS,`OTHERS,`CNY,`100.00,`0.00,`0,`0,`0.00,`0.00,`,`,`咨询服务费,`,`0.60000,`0.60%,`100.00,`0.00,`';
const PAID_2 =
  '`2024-06-01 11:15:30,`wxd678efh567hg6787,`1900007291,`0,`,`4200002000202406011234567891,`ORDER20240601A2,`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`NATIVE,`SUCCESS,`ICBC_DEBIT,`CNY,`19.90,`0.00,`0,`0,`0.00,`0.00,`,`,`资料包,`,`0.12000,`0.60%,`19.90,`0.00,`';
const BACK_1 =
  '`2024-06-01 15:20:00,`wxd678efh567hg6787,`1900007291,`0,`,`4200002000202406011234567890,`ORDER20240601A1,`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50300002000202406011234567890,`RF20240601A1,`30.00,`0.00,`ORIGINAL,`SUCCESS,`咨询服务费,`,`-0.18000,`0.60%,`0.00,`30.00,`';
const TRADE_SUMMARY = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
const TRADE_SUMS = '`3,`119.90,`30.00,`0.00,`0.54000,`119.90,`30.00';
const TRADE = [TRADE_HEAD, PAID_1, PAID_2, BACK_1, TRADE_SUMMARY, TRADE_SUMS];

const FUND_HEAD =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';
const FUNDS = [
  FUND_HEAD,
  '`2024-06-01 10:00:06,`4200002000202406011234567890,`1900007291202406010000000001,`交易,`交易,`收入,`100.00,`100.00,`system,`,`ORDER20240601A1',
  '`2024-06-01 10:00:06,`4200002000202406011234567890,`1900007291202406010000000002,`交易,`扣除交易手续费,`支出,`0.60,`99.40,`system,`,`ORDER20240601A1',
  '`2024-06-01 15:20:01,`50300002000202406011234567890,`1900007291202406010000000003,`退款,`退款,`支出,`29.82,`69.58,`1900007291API,`退款总金额30.00元;含手续费0.18元,`RF20240601A1',
  '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额',
  '`3.0,`1.0,`100.00,`2.0,`30.42',
];

const MARK = '\u{FEFF}';
const fileOf = (lines: readonly string[]) => Buffer.from(`${MARK}${lines.join('\r\n')}\r\n`, 'utf8');

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function all<Row>(batches: AsyncIterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

const trade = (bytes: Uint8Array, size = 64 * 1024): Promise<TradeRow[]> =>
  all(readBillFile(tradeBill, pieces(bytes, size)));
const funds = (bytes: Uint8Array): Promise<FundRow[]> => all(readBillFile(fundFlowBill, pieces(bytes, 64 * 1024)));

const faultOf = async (bytes: Uint8Array, read: (bytes: Uint8Array) => Promise<unknown> = trade) => {
  const error: unknown = await read(bytes).catch((thrown: unknown) => thrown);
  if (!(error instanceof BillFault)) throw new Error(`no fault of a bill: ${String(error)}`);
  return { code: error.code, line: error.line, column: error.column };
};

const changed = (at: number, from: string, to: string) =>
  fileOf(TRADE.map((line, index) => (index === at ? line.replace(from, to) : line)));

describe('The trade bill', () => {
  it('is read to the fen, however it is cut into pieces', async () => {
    const bytes = fileOf(TRADE);
    expect([bytes.length, createHash('sha1').update(bytes).digest('hex')]).toEqual([
      1381,
      '534307f7f89ddb3dec13fefe71b4840e69ea874e',
    ]);
    const rows = await trade(bytes);
    expect(rows).toMatchObject([
      {
        kind: 'payment',
        amountFen: 10_000,
        feeFen: 60,
        transactionId: '4200002000202406011234567890',
        outRefundNo: '',
      },
      { kind: 'payment', amountFen: 1990, feeFen: 12, outTradeNo: 'ORDER20240601A2', rate: '0.60%' },
      { kind: 'refund', amountFen: 3000, feeFen: -18, outRefundNo: 'RF20240601A1', refundState: 'SUCCESS' },
    ]);
    for (const size of [1, 2, 3, 7, 100]) expect(await trade(bytes, size)).toEqual(rows);
  });

  it('is read without a mark at its beginning, with plain line ends, in another order of columns and in the older layout', async () => {
    expect(await trade(Buffer.from(TRADE.join('\n')))).toHaveLength(3);
    const shuffle = (line: string, separator: string) => line.split(separator).toReversed().join(separator);
    const rows = [PAID_1, PAID_2, BACK_1].map((line) => `\`${shuffle(line.slice(1), ',`')}`);
    const turned = await trade(fileOf([shuffle(TRADE_HEAD, ','), ...rows, TRADE_SUMMARY, TRADE_SUMS]));
    expect(turned).toEqual(await trade(fileOf(TRADE)));

    const older = TRADE_HEAD.replace('应结订单金额', '总金额')
      .replace(',代金券金额,', ',企业红包金额,')
      .replace('充值券退款金额', '企业红包退款金额')
      .replace(',订单金额,申请退款金额,费率备注', '');
    const cut = (line: string) => line.split(',`').slice(0, 24).join(',`');
    const summary = '总交易单数,总交易额,总退款金额,总企业红包退款金额,手续费总金额';
    const old = [older, cut(PAID_1), cut(PAID_2), cut(BACK_1), summary, '`3,`119.90,`30.00,`0.00,`0.54000'];
    expect((await trade(fileOf(old))).map(({ amountFen, feeFen }) => [amountFen, feeFen])).toEqual([
      [10_000, 60],
      [1990, 12],
      [3000, -18],
    ]);
  });

  it('may have a comma in a name, and counts with fractions', async () => {
    const lines = [...TRADE];
    lines[1] = PAID_1.replace('咨询服务费', '咨询,服务费，首期');
    lines[5] = TRADE_SUMS.replace('`3,', '`3.0,').replace('`30.00', '`30.0');
    expect(await trade(fileOf(lines))).toHaveLength(3);
  });

  it.each([
    ['cut after a row', fileOf(TRADE.slice(0, 4)), { code: 'summary_missing', line: 4 }],
    ['cut after the names of the sums', fileOf(TRADE.slice(0, 5)), { code: 'summary_missing', line: 5 }],
    ['nothing', Buffer.alloc(0), { code: 'header_missing' }],
    ['a page that says no', Buffer.from('<html>error</html>'), { code: 'header_missing', line: 1 }],
    ['a fund-flow bill', fileOf(FUNDS), { code: 'header_missing', line: 1 }],
    ['a column that nobody knows', changed(0, '费率备注', '新列'), { code: 'column_unknown', line: 1, column: '新列' }],
    ['a column twice', changed(0, '费率备注', '费率'), { code: 'column_unknown', line: 1, column: '费率' }],
    [
      'a column less',
      fileOf([TRADE_HEAD.replace(',手续费,', ','), ...TRADE.slice(1)]),
      { code: 'column_missing', line: 1, column: '手续费' },
    ],
    ['a field less', changed(2, ',`资料包', ''), { code: 'row_wrong', line: 3 }],
    ['an amount in words', changed(1, '`100.00', '`一百'), { code: 'field_wrong', line: 2, column: '应结订单金额' }],
    ['a tenth of a fen', changed(1, '0.60000', '0.60100'), { code: 'field_wrong', line: 2, column: '手续费' }],
    ['a state that nobody knows', changed(1, 'SUCCESS', 'MAYBE'), { code: 'field_wrong', line: 2, column: '交易状态' }],
    ['a sum one fen off', changed(5, '`119.90', '`119.91'), { code: 'summary_differs', line: 6 }],
    ['a count one off', changed(5, '`3,', '`4,'), { code: 'summary_differs', line: 6, column: '总交易单数' }],
    [
      'a fee one fen off',
      changed(5, '0.54000', '0.55000'),
      { code: 'summary_differs', line: 6, column: '手续费总金额' },
    ],
    ['more after the sums', fileOf([...TRADE, PAID_1]), { code: 'more_after_summary', line: 7 }],
    [
      'ten megabytes in one line',
      fileOf([TRADE_HEAD, '`'.padEnd(10_000_000, 'x')]),
      { code: 'line_too_long', line: 2 },
    ],
    ['what is no text', Buffer.concat([fileOf(TRADE.slice(0, 2)), Buffer.from([0xff, 0xfe])]), { code: 'not_text' }],
  ])('is refused when it is %s', async (_what, bytes, fault) => {
    expect(await faultOf(bytes)).toMatchObject(fault);
  });

  it('says where it is wrong, and never what stands there', async () => {
    const error: unknown = await trade(changed(1, '`100.00', '`oUpF8u')).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain('oUpF8u');
  });
});

describe('The fund-flow bill', () => {
  it('is read to the fen, with its sign', async () => {
    const bytes = fileOf(FUNDS);
    expect([bytes.length, createHash('sha1').update(bytes).digest('hex')]).toEqual([
      798,
      'a0532c26985a8490a5cba21bfe15b8b8efe84575',
    ]);
    expect((await funds(bytes)).map(({ amountFen, balanceFen, voucher }) => [amountFen, balanceFen, voucher])).toEqual([
      [10_000, 10_000, 'ORDER20240601A1'],
      [-60, 9940, 'ORDER20240601A1'],
      [-2982, 6958, 'RF20240601A1'],
    ]);
  });

  it('is refused when its sums are not those of its rows, or a direction is neither', async () => {
    const wrong = (at: number, from: string, to: string) =>
      fileOf(FUNDS.map((line, index) => (index === at ? line.replace(from, to) : line)));
    expect(await faultOf(wrong(5, '30.42', '30.43'), funds)).toMatchObject({
      code: 'summary_differs',
      column: '支出金额',
    });
    expect(await faultOf(wrong(2, '支出', '进出'), funds)).toMatchObject({ code: 'field_wrong', column: '收支类型' });
    expect(await faultOf(fileOf(TRADE), funds)).toMatchObject({ code: 'header_missing' });
  });
});
