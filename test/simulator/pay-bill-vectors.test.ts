import type { Movement } from '../../simulator/src/pay/account.ts';
import { fundSheet } from '../../simulator/src/pay/bills/fund-sheet.ts';
import { writeSheet, type Sheet } from '../../simulator/src/pay/bills/sheet.ts';
import {
  rowsOfType,
  tradeSheet,
  type TradeBillType,
  type TradeRow,
} from '../../simulator/src/pay/bills/trade-sheet.ts';
import { at, sha1 } from './bill-support.ts';

const PAYMENT: TradeRow = {
  at: at('2024-06-01 10:00:05'),
  appid: 'wxd678efh567hg6787',
  mchid: '1900007291',
  deviceId: '',
  transactionId: '4200002000202406011234567890',
  outTradeNo: 'ORDER20240601A1',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  tradeType: 'JSAPI',
  state: 'SUCCESS',
  bankType: 'OTHERS',
  total: 10_000,
  coupon: 0,
  refund: null,
  description: '咨询服务费',
  attach: '',
  fee: 60,
  feeRate: 60,
};
const ROWS: TradeRow[] = [
  PAYMENT,
  {
    ...PAYMENT,
    at: at('2024-06-01 11:15:30'),
    transactionId: '4200002000202406011234567891',
    outTradeNo: 'ORDER20240601A2',
    tradeType: 'NATIVE',
    bankType: 'ICBC_DEBIT',
    total: 1990,
    description: '资料包',
    fee: 12,
  },
  {
    ...PAYMENT,
    at: at('2024-06-01 15:20:00'),
    state: 'REFUND',
    total: 0,
    fee: -18,
    refund: {
      refundId: '50300002000202406011234567890',
      outRefundNo: 'RF20240601A1',
      amount: 3000,
      coupon: 0,
      status: 'SUCCESS',
      succeededAt: at('2024-06-01 15:20:04'),
    },
  },
];
const FLOW: Movement = {
  at: at('2024-06-01 10:00:06'),
  businessId: '4200002000202406011234567890',
  flowId: '1900007291202406010000000001',
  business: '交易',
  kind: '交易',
  amount: 10_000,
  balance: 10_000,
  applicant: 'system',
  remark: '',
  voucher: 'ORDER20240601A1',
};
const FLOWS: Movement[] = [
  FLOW,
  { ...FLOW, flowId: '1900007291202406010000000002', kind: '扣除交易手续费', amount: -60, balance: 9940 },
  {
    at: at('2024-06-01 15:20:01'),
    businessId: '50300002000202406011234567890',
    flowId: '1900007291202406010000000003',
    business: '退款',
    kind: '退款',
    amount: -2982,
    balance: 6958,
    applicant: '1900007291API',
    remark: '退款总金额30.00元;含手续费0.18元',
    voucher: 'RF20240601A1',
  },
];

const trade = (type: TradeBillType): Sheet => tradeSheet(rowsOfType(ROWS, type), type, 'samples');

describe('the files of the samples, byte for byte', () => {
  it.each([
    ['ALL', trade('ALL'), 27, 1381, '534307f7f89ddb3dec13fefe71b4840e69ea874e'],
    ['SUCCESS', trade('SUCCESS'), 20, 820, 'dafcf689312544680026e767b137c9f17b473c81'],
    ['REFUND', trade('REFUND'), 29, 957, '6270d6f929447245e8cbd0d21649181bd33d38a4'],
    ['BASIC', fundSheet(FLOWS, 'samples'), 11, 798, 'a0532c26985a8490a5cba21bfe15b8b8efe84575'],
  ])('%s', (_kind, sheet, columns, length, hash) => {
    const bytes = writeSheet(sheet);
    expect([sheet.columns.length, bytes.length, sha1(bytes)]).toEqual([columns, length, hash]);
  });

  it('are written for a day of 100,000 rows as well', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({ ...PAYMENT, outTradeNo: `ORDER${index}` }));
    const bytes = writeSheet(tradeSheet(many, 'ALL', 'samples'));
    expect(bytes.length).toBeGreaterThan(20_000_000);
    expect(bytes.subarray(-200).toString()).toContain(
      '`100000,`10000000.00,`0.00,`0.00,`60000.00000,`10000000.00,`0.00\r\n',
    );
  });
});
