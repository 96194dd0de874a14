import type { Timer } from '../clock.ts';
import { beijingTime } from './numbers.ts';
import type { Order } from './order.ts';

/** SUCCESS and CLOSED are final; ABNORMAL goes on by the abnormal-refund call (WeChat Pay documentation 4013070371). */
export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';

/** Money on its way back to who paid. */
export interface Refund {
  refundId: string;
  outRefundNo: string;
  order: Order;
  /** All parameters of the first call; a repetition must have the same. */
  fingerprint: string;
  reason: string | null;
  notifyUrl: string | null;
  /** Fen. */
  amount: number;
  /** Fen of the fee that come back with it. */
  fee: number;
  status: RefundStatus;
  /** Virtual Unix milliseconds, as all instants here. */
  createdAt: number;
  endedAt: number | null;
  ending: Timer | null;
  /** Made in the merchant's portal, not by a call. */
  byHand: boolean;
  /** Where the money goes instead, after the abnormal-refund call. */
  reroutedTo: string | null;
}

/** A refund as the call and the query show it (WeChat Pay documentation 4013070371, 4013070374). */
export function describeRefund(refund: Refund): Record<string, unknown> {
  const { refundId, outRefundNo, order, status, createdAt, endedAt } = refund;
  return {
    refund_id: refundId,
    out_refund_no: outRefundNo,
    transaction_id: order.payment!.transactionId,
    out_trade_no: order.outTradeNo,
    channel: refund.reroutedTo ? 'OTHER_BANKCARD' : 'ORIGINAL',
    user_received_account: receiverOf(refund),
    ...(status === 'SUCCESS' ? { success_time: beijingTime(endedAt!) } : {}),
    create_time: beijingTime(createdAt),
    status,
    funds_account: 'AVAILABLE',
    amount: {
      ...sharedAmount(refund),
      from: [],
      settlement_refund: refund.amount,
      settlement_total: order.payment!.total,
      discount_refund: refund.amount - payerShare(refund),
      currency: 'CNY',
    },
    promotion_detail: [],
  };
}

/** The same inside a notice, where some names differ (WeChat Pay documentation 4012791863). */
export function describeForNotice(refund: Refund, mchid: string): Record<string, unknown> {
  const { refundId, outRefundNo, order, status, endedAt } = refund;
  return {
    mchid,
    out_trade_no: order.outTradeNo,
    transaction_id: order.payment!.transactionId,
    out_refund_no: outRefundNo,
    refund_id: refundId,
    refund_status: status,
    ...(status === 'SUCCESS' ? { success_time: beijingTime(endedAt!) } : {}),
    user_received_account: receiverOf(refund),
    amount: sharedAmount(refund),
  };
}

const receiverOf = ({ reroutedTo }: Refund): string => reroutedTo ?? '支付用户零钱';

const sharedAmount = (refund: Refund) => ({
  total: refund.order.payment!.total,
  refund: refund.amount,
  payer_total: refund.order.payment!.payerTotal,
  payer_refund: payerShare(refund),
});

/** A coupon's share does not go back to the payer. */
export const payerShare = ({ amount, order }: Refund): number =>
  Math.round((amount * order.payment!.payerTotal) / order.payment!.total);
