import { yuan } from '../account.ts';
import { billTime, countText, feeYuan, freeText, mapRows, rateText, type CountSpelling, type Sheet } from './sheet.ts';

export type TradeBillType = 'ALL' | 'SUCCESS' | 'REFUND';

/** One payment or one refund; amounts in fen. */
export interface TradeRow {
  /** Virtual Unix milliseconds: when the payment succeeded or the refund was accepted. */
  at: number;
  appid: string;
  mchid: string;
  deviceId: string;
  transactionId: string;
  outTradeNo: string;
  openid: string;
  tradeType: string;
  /** 交易状态. */
  state: string;
  bankType: string;
  /** What the order asked for, and the part of it that a coupon paid; nothing for a refund. */
  total: number;
  coupon: number;
  refund: RefundPart | null;
  description: string;
  attach: string;
  /** Negative when it comes back with a refund. */
  fee: number;
  /** Parts of ten thousand. */
  feeRate: number;
}

export interface RefundPart {
  refundId: string;
  outRefundNo: string;
  amount: number;
  /** The part that a coupon had paid. */
  coupon: number;
  /** 退款状态, as it was when the bill was made. */
  status: string;
  succeededAt: number | null;
}

const CELLS: Record<string, (row: TradeRow) => string> = {
  交易时间: ({ at }) => billTime(at),
  公众账号ID: ({ appid }) => appid,
  商户号: ({ mchid }) => mchid,
  特约商户号: () => '0',
  设备号: ({ deviceId }) => freeText(deviceId),
  微信订单号: ({ transactionId }) => transactionId,
  商户订单号: ({ outTradeNo }) => outTradeNo,
  用户标识: ({ openid }) => openid,
  交易类型: ({ tradeType }) => tradeType,
  交易状态: ({ state }) => state,
  付款银行: ({ bankType }) => bankType,
  货币种类: () => 'CNY',
  // A coupon of ours is one that WeChat makes up for, so the whole order is settled.
  应结订单金额: ({ total }) => yuan(total),
  代金券金额: ({ coupon }) => yuan(coupon),
  退款申请时间: ({ at }) => billTime(at),
  退款成功时间: ({ refund }) => (refund?.succeededAt ? billTime(refund.succeededAt) : ''),
  微信退款单号: ({ refund }) => refund?.refundId ?? '0',
  商户退款单号: ({ refund }) => refund?.outRefundNo ?? '0',
  退款金额: ({ refund }) => yuan(refund?.amount ?? 0),
  充值券退款金额: ({ refund }) => yuan(refund?.coupon ?? 0),
  退款类型: ({ refund }) => (refund ? 'ORIGINAL' : ''),
  退款状态: ({ refund }) => refund?.status ?? '',
  商品名称: ({ description }) => freeText(description),
  商户数据包: ({ attach }) => freeText(attach),
  手续费: ({ fee }) => feeYuan(fee),
  费率: ({ feeRate }) => rateText(feeRate),
  订单金额: ({ total }) => yuan(total),
  申请退款金额: ({ refund }) => yuan(refund?.amount ?? 0),
  费率备注: () => '',
};

/** The first fourteen columns are the same in every type. */
const COMMON = Object.keys(CELLS).slice(0, 14);
const GOODS = ['商品名称', '商户数据包', '手续费', '费率', '订单金额'];
const REFUNDED = ['微信退款单号', '商户退款单号', '退款金额', '充值券退款金额', '退款类型', '退款状态'];

const COLUMNS: Record<TradeBillType, readonly string[]> = {
  ALL: [...COMMON, ...REFUNDED, ...GOODS, '申请退款金额', '费率备注'],
  SUCCESS: [...COMMON, ...GOODS, '费率备注'],
  REFUND: [...COMMON, '退款申请时间', '退款成功时间', ...REFUNDED, ...GOODS, '申请退款金额', '费率备注'],
};

const ALL_SUMS = [
  '总交易单数',
  '应结订单总金额',
  '退款总金额',
  '充值券退款总金额',
  '手续费总金额',
  '订单总金额',
  '申请退款总金额',
];
const SUM_COLUMNS: Record<TradeBillType, readonly string[]> = {
  ALL: ALL_SUMS,
  SUCCESS: ['总交易单数', '应结订单总金额', '手续费总金额', '订单总金额'],
  REFUND: ALL_SUMS,
};

/** The rows of one type of trade bill among all rows of a day. */
export const rowsOfType = (rows: TradeRow[], type: TradeBillType): TradeRow[] =>
  type === 'ALL' ? rows : rows.filter(({ refund }) => (type === 'REFUND') === (refund !== null));

/** WeChat Pay documentation 4013071246, 2024.11.25. */
export function tradeSheet(rows: TradeRow[], type: TradeBillType, counts: CountSpelling): Sheet {
  const cells = COLUMNS[type].map((column) => CELLS[column]!);
  const sums = sumUp(rows, counts);
  return {
    columns: COLUMNS[type],
    rows: mapRows(rows, (row) => cells.map((cell) => cell(row))),
    sumColumns: SUM_COLUMNS[type],
    sums: SUM_COLUMNS[type].map((column) => sums[column]!),
  };
}

function sumUp(rows: TradeRow[], counts: CountSpelling): Record<string, string> {
  const sum = (amountOf: (row: TradeRow) => number) => rows.reduce((total, row) => total + amountOf(row), 0);
  const total = yuan(sum((row) => row.total));
  const refunded = yuan(sum(({ refund }) => refund?.amount ?? 0));
  return {
    总交易单数: countText(rows.length, counts, 'whole'),
    应结订单总金额: total,
    退款总金额: refunded,
    充值券退款总金额: yuan(sum(({ refund }) => refund?.coupon ?? 0)),
    手续费总金额: feeYuan(sum(({ fee }) => fee)),
    订单总金额: total,
    申请退款总金额: refunded,
  };
}
