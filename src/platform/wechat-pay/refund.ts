import { z } from 'zod';
import { checked, failure } from './errors.ts';
import type { RefundCard, RefundFact, RefundOrder } from './outcome.ts';
import type { FieldSeal } from './seal.ts';

const STATES: Readonly<Record<string, RefundFact['state']>> = {
  PROCESSING: 'processing',
  SUCCESS: 'success',
  CLOSED: 'closed',
  ABNORMAL: 'abnormal',
};

const head = {
  refund_id: z.string().min(1).max(32),
  out_refund_no: z.string().min(1),
  transaction_id: z.string().min(1),
  out_trade_no: z.string().min(1),
  create_time: z.iso.datetime({ offset: true }).nullish(),
  success_time: z.iso.datetime({ offset: true }).nullish(),
  user_received_account: z.string().nullish(),
  amount: z.object({ total: z.int().positive(), refund: z.int().positive() }),
};

/** Source: WeChat Pay documentation 4013070371, 4013070374. */
const answerShape = z.object({ ...head, status: z.string() });
/** A notice calls the state by another name and says whose it is. Source: WeChat Pay documentation 4012791863. */
const noticeShape = z.object({ ...head, mchid: z.string().min(1), refund_status: z.string() });

type Head = z.output<z.ZodObject<typeof head>>;

/** Null when a field that money depends on is missing or not of its kind. */
export function findRefund(value: unknown): RefundFact | null {
  const answer = answerShape.safeParse(value).data;
  return answer ? factOf(answer, answer.status) : null;
}

export function findNoticedRefund(value: unknown): (RefundFact & { mchid: string }) | null {
  const notice = noticeShape.safeParse(value).data;
  const fact = notice && factOf(notice, notice.refund_status);
  return fact ? { ...fact, mchid: notice.mchid } : null;
}

function factOf(read: Head, status: string): RefundFact | null {
  const state = STATES[status] ?? 'unrecognised';
  // Money that is said to have arrived has a time at which it did.
  if (state === 'success' && !read.success_time) return null;
  return {
    state,
    outRefundNo: read.out_refund_no,
    refundId: read.refund_id,
    outTradeNo: read.out_trade_no,
    transactionId: read.transaction_id,
    amountFen: read.amount.refund,
    totalFen: read.amount.total,
    acceptedAt: read.create_time ? new Date(read.create_time) : null,
    succeededAt: read.success_time ? new Date(read.success_time) : null,
    receivedBy: read.user_received_account ?? null,
  };
}

/** `|`, `*` and `@` are allowed by WeChat too, but not everyone on the way encodes them alike. */
const refundNumber = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);

/** Limits: WeChat Pay documentation 4013070371. */
const orderShape = z.object({
  outRefundNo: refundNumber,
  transactionId: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  amountFen: z.int().positive(),
  totalFen: z.int().positive(),
  reason: z.string().trim().min(1).max(80),
  notifyUrl: z
    .string()
    .max(255)
    .regex(/^https?:\/\/[^?#]+$/),
});

/** @throws UpstreamError refused, before anything is sent, when a field cannot be right */
export function refundBody(order: RefundOrder) {
  const checked = orderShape.safeParse(order);
  if (!checked.success) throw badParameter(checked.error.issues.map(({ path }) => path.join('.')));
  if (order.amountFen > order.totalFen) throw badParameter(['amountFen']);
  const { outRefundNo, transactionId, amountFen, totalFen, reason, notifyUrl } = order;
  return {
    transaction_id: transactionId,
    out_refund_no: outRefundNo,
    reason,
    notify_url: notifyUrl,
    amount: { refund: amountFen, total: totalFen, currency: 'CNY' },
  };
}

const cardShape = z.object({
  refundId: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  outRefundNo: refundNumber,
  bank: z.string().regex(/^[a-z]{3,8}$/),
  cardNumber: z.string().regex(/^\d{12,19}$/),
  cardHolder: z.string().trim().min(1).max(50),
});

/**
 * Source: documentation «发起异常退款», 2025.01.16.
 * @throws UpstreamError refused, before anything is sent, when a field cannot be right
 */
export function rerouteCall(wanted: RefundCard, seal: FieldSeal) {
  const { refundId, outRefundNo, bank, cardNumber, cardHolder } = checked(cardShape, wanted);
  const body = {
    out_refund_no: outRefundNo,
    type: 'USER_BANK_CARD',
    bank_type: `${bank.toUpperCase()}_DEBIT`,
    bank_account: seal.close(cardNumber),
    real_name: seal.close(cardHolder),
  };
  const target = `/v3/refund/domestic/refunds/${refundId}/apply-abnormal-refund`;
  return { method: 'POST', target, text: JSON.stringify(body), serial: seal.serial } as const;
}

/** @throws UpstreamError refused, before anything is sent */
export function checkRefundNumber(outRefundNo: string): void {
  if (!refundNumber.safeParse(outRefundNo).success) throw badParameter(['outRefundNo']);
}

const badParameter = (fields: string[]) =>
  failure('refused', 'param_error', { cause: new Error(`not sent, wrong: ${fields.join(', ')}`) });
