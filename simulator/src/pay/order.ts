import type { Timer } from '../clock.ts';
import { beijingTime } from './numbers.ts';

/** WeChat's word for the way of paying. `MWEB` is H5; JSAPI pays in mini-programs too. */
export type TradeType = 'JSAPI' | 'NATIVE' | 'MWEB';

/** WeChat Pay documentation 4013070354. Only these four occur for the three ways of paying. */
export type TradeState = 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';

const WORDS: Record<TradeState, string> = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款',
  CLOSED: '订单已关闭',
};

/** The body of an order call, once its shape is known to be right. */
export interface OrderBody {
  appid: string;
  mchid: string;
  description: string;
  out_trade_no: string;
  time_expire?: string;
  attach?: string;
  notify_url: string;
  goods_tag?: string;
  support_fapiao?: boolean;
  amount: { total: number; currency?: string };
  payer?: { openid: string };
  detail?: Record<string, unknown>;
  scene_info?: { payer_client_ip: string; device_id?: string; h5_info?: { type: string } };
  settle_info?: { profit_sharing?: boolean };
}

/** One permission to pay an order: what an order call handed out. */
export interface Prepay {
  id: string;
  /** Unix milliseconds: two hours for JSAPI and Native, five minutes for H5. */
  expiresAt: number;
  codeUrl?: string;
  h5Url?: string;
  /** A later order call made this QR code worthless. */
  superseded: boolean;
  /** The person who opened it first; nobody else may use it. */
  usedBy: string | null;
}

export interface Payment {
  transactionId: string;
  /** Unix milliseconds. */
  paidAt: number;
  personId: string;
  openid: string | null;
  bankType: string;
  /** Fen. Differs from the order's amount only when a lever says so. */
  total: number;
  /** Fen really paid, after coupons. */
  payerTotal: number;
  /** What WeChat Pay takes, in parts of ten thousand; agreed when the money came. */
  feeRate: number;
}

export interface Order {
  outTradeNo: string;
  tradeType: TradeType;
  /** All parameters of the first call; a repetition must have the same. */
  fingerprint: string;
  asked: OrderBody;
  state: TradeState;
  /** Unix milliseconds, as all instants here. */
  createdAt: number;
  /** Last moment to pay. Passing it does not close the order. */
  expiresAt: number;
  /** Before it no query finds the order. */
  visibleAt: number;
  closing: Timer | null;
  prepays: Prepay[];
  payment: Payment | null;
}

/** An order as a query or a notice shows it (WeChat Pay documentation 4013070354). */
export function describeOrder(order: Order): Record<string, unknown> {
  const { appid, mchid, attach, scene_info } = order.asked;
  const always = {
    appid,
    mchid,
    out_trade_no: order.outTradeNo,
    trade_state: order.state,
    trade_state_desc: WORDS[order.state],
  };
  if (!order.payment) return always;
  const { transactionId, bankType, paidAt, openid, total, payerTotal } = order.payment;
  return {
    ...always,
    transaction_id: transactionId,
    trade_type: order.tradeType,
    bank_type: bankType,
    ...(attach === undefined ? {} : { attach }),
    success_time: beijingTime(paidAt),
    payer: openid === null ? {} : { openid },
    amount: { total, payer_total: payerTotal, currency: 'CNY', payer_currency: 'CNY' },
    ...(scene_info?.device_id === undefined ? {} : { scene_info: { device_id: scene_info.device_id } }),
    ...(payerTotal < total ? { promotion_detail: [coupon(total - payerTotal)] } : {}),
  };
}

const coupon = (amount: number): Record<string, unknown> => ({
  coupon_id: '109519',
  name: '满减代金券',
  scope: 'GLOBAL',
  type: 'CASH',
  amount,
  stock_id: '931386',
  wechatpay_contribute: amount,
  merchant_contribute: 0,
  other_contribute: 0,
  currency: 'CNY',
});
