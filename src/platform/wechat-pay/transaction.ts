import { z } from 'zod';
import type { PaidFact, TradeType, TransactionFact, UnpaidFact } from './outcome.ts';

const transactionShape = z.object({
  appid: z.string().min(1),
  mchid: z.string().min(1),
  out_trade_no: z.string().min(1),
  trade_state: z.string().min(1),
});

/** What is there once money came. Source: WeChat Pay documentation 4013070354, 4012791861. */
const paidShape = transactionShape.extend({
  transaction_id: z.string().min(1),
  trade_type: z.string().nullish(),
  success_time: z.iso.datetime({ offset: true }),
  attach: z.string().nullish(),
  payer: z.object({ openid: z.string().nullish() }).nullish(),
  amount: z.object({
    total: z.int().positive(),
    payer_total: z.int().nonnegative().nullish(),
    // An order without a currency is in CNY.
    currency: z.string().min(1).default('CNY'),
  }),
});

const PAID_STATES: Readonly<Record<string, PaidFact['state']>> = { SUCCESS: 'success', REFUND: 'refund' };

const UNPAID_STATES: Readonly<Record<string, UnpaidFact['state']>> = {
  NOTPAY: 'not_paid',
  CLOSED: 'closed',
  REVOKED: 'revoked',
  USERPAYING: 'paying',
  PAYERROR: 'pay_failed',
};

const TRADE_TYPES: Readonly<Record<string, TradeType>> = {
  JSAPI: 'jsapi',
  NATIVE: 'native',
  APP: 'app',
  MWEB: 'h5',
  MICROPAY: 'micropay',
  FACEPAY: 'facepay',
};

/**
 * Reads a transaction, from a query or out of a notice.
 * @returns null when a field that money depends on is missing or not of its kind; fields unknown to us are left alone
 */
export function findTransaction(value: unknown): TransactionFact | null {
  const head = transactionShape.safeParse(value).data;
  if (!head) return null;
  const { appid, mchid, out_trade_no: outTradeNo } = head;

  const paidState = PAID_STATES[head.trade_state];
  if (!paidState) return { state: UNPAID_STATES[head.trade_state] ?? 'unrecognised', outTradeNo, appid, mchid };

  const paid = paidShape.safeParse(value).data;
  if (!paid) return null;
  return {
    state: paidState,
    outTradeNo,
    transactionId: paid.transaction_id,
    appid,
    mchid,
    amountFen: paid.amount.total,
    payerFen: paid.amount.payer_total ?? null,
    currency: paid.amount.currency,
    ...(paid.payer?.openid ? { openid: paid.payer.openid } : {}),
    tradeType: TRADE_TYPES[paid.trade_type ?? ''] ?? 'unrecognised',
    paidAt: new Date(paid.success_time),
    ...(paid.attach ? { attach: paid.attach } : {}),
  };
}
