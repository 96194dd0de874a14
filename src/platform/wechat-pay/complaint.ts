import { z } from 'zod';
import type { ComplaintEntryKind, ComplaintProblem, ComplaintState } from '../../contracts/complaints.ts';

/** WeChat says, under its signature, how a complaint stands. */
export interface ComplaintFact {
  complaintId: string;
  mchid: string;
  complainedAt: Date;
  state: ComplaintState;
  problemType: ComplaintProblem;
  /** In the words of what the payer chose from. */
  problem: string;
  /** In the payer's own words. */
  content: string;
  /** One for each order; as a rule there is one. */
  orders: { transactionId: string; outTradeNo: string; amountFen: number | null }[];
  /** What the payer asked to have back. */
  askedFen: number | null;
  isFullyRefunded: boolean;
  /** The payer waits for an answer to what was said last. */
  isWaiting: boolean;
  times: number;
  /** Encrypted for the merchant; null when the payer gave none. */
  sealedPhone: string | null;
  mediaIds: string[];
}

/** What a list tells of a complaint: enough to see whether it has changed. */
export type ListedComplaint = Pick<ComplaintFact, 'complaintId' | 'state' | 'isWaiting' | 'isFullyRefunded' | 'times'>;

/** One step of the negotiation. */
export interface NegotiationEntry {
  logId: string;
  kind: ComplaintEntryKind;
  operator: string;
  content: string;
  mediaIds: string[];
  at: Date;
}

const STATES: Readonly<Record<string, ComplaintState>> = {
  PENDING: 'pending',
  PROCESSING: 'processing',
  PROCESSED: 'processed',
};

const PROBLEMS: Readonly<Record<string, ComplaintProblem>> = {
  REFUND: 'refund',
  SERVICE_NOT_WORK: 'service_not_working',
  OTHERS: 'other',
};

/** Source: WeChat Pay partner documentation 4012691802; some names are misspelled there, so right spellings are taken too. */
const ENTRIES: Readonly<Record<string, ComplaintEntryKind>> = {
  USER_CREATE_COMPLAINT: 'user_complained',
  USER_CONTINUE_COMPLAINT: 'user_went_on',
  USER_RESPONSE: 'user_said',
  USER_CLICK_RESPONSE: 'user_said',
  USER_REVOKE_COMPLAINT: 'user_revoked',
  USER_COMFIRM_COMPLAINT: 'user_confirmed',
  USER_CONFIRM_COMPLAINT: 'user_confirmed',
  USER_SUBMIT_SATISFACTION: 'user_rated',
  USER_APPLY_PLATFORM_HELP: 'user_asked_platform',
  USER_APPLY_PLATFORM_SERVICE: 'user_asked_platform',
  USER_CANCEL_PLATFORM_SERVICE: 'user_left_platform',
  PLATFORM_RESPONSE: 'platform_said',
  PLATFORM_HELP_APPLICATION: 'platform_urged',
  PLATFORM_SERVICE_FINISHED: 'platform_finished',
  MERCHANT_RESPONSE: 'merchant_said',
  MERCHANT_CONFIRM_COMPLETE: 'merchant_completed',
  MERCHANT_APPROVE_REFUND: 'merchant_granted',
  MERCHANT_REFUSE_RERUND: 'merchant_declined',
  MERCHANT_REFUSE_REFUND: 'merchant_declined',
  MERCHANT_REJECT_REFUND: 'merchant_declined',
  COMPLAINT_FULL_REFUNDED: 'refund_started',
  COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE: 'refund_started',
  COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE: 'refund_started',
  COMPLAINT_ENTRUSTED_REFUND_SYSTEM_MESSAGE: 'refund_started',
  COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE: 'refund_received',
};

/** `WECHAT/…/images/NAME`: the name is kept as it is written there, for it is signed to the letter. */
const MEDIA_URL = /^https:\/\/[^/]+\/v3\/merchant-service\/images\/([\w.~%=+-]{1,512})$/;

const mediaList = z
  .object({ media_url: z.array(z.string()).catch([]) })
  .transform(({ media_url }) => media_url.flatMap((url) => MEDIA_URL.exec(url)?.[1] ?? []));

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const listedShape = z.object({
  complaint_id: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
  complaint_state: z.string(),
  complaint_full_refunded: z.boolean().nullish(),
  incoming_user_response: z.boolean().nullish(),
  user_complaint_times: z.int().nullish(),
});

/** Source: WeChat Pay partner documentation 4012691648. */
const complaintShape = listedShape.extend({
  complaint_time: instant,
  complaint_detail: z.string().catch(''),
  complainted_mchid: z.string().min(1),
  payer_phone: z.string().nullish(),
  complaint_order_info: z
    .array(
      z.object({
        transaction_id: z.string(),
        out_trade_no: z.string(),
        amount: z.int().nullish(),
      }),
    )
    .catch([]),
  problem_description: z.string().catch(''),
  problem_type: z.string().nullish(),
  apply_refund_amount: z.int().nullish(),
  complaint_media_list: z.array(mediaList).catch([]),
});

/** Null when it cannot be said of which complaint it speaks, and how that stands. */
export function findComplaintFact(value: unknown): ComplaintFact | null {
  const read = complaintShape.safeParse(value).data;
  if (!read) return null;
  return {
    ...listed(read),
    mchid: read.complainted_mchid,
    complainedAt: read.complaint_time,
    problemType: PROBLEMS[read.problem_type ?? ''] ?? 'other',
    problem: read.problem_description,
    content: read.complaint_detail,
    orders: read.complaint_order_info.map(({ transaction_id, out_trade_no, amount }) => ({
      transactionId: transaction_id,
      outTradeNo: out_trade_no,
      amountFen: amount ?? null,
    })),
    askedFen: read.apply_refund_amount ?? null,
    sealedPhone: read.payer_phone || null,
    mediaIds: read.complaint_media_list.flat(),
  };
}

export function findListed(value: unknown): ListedComplaint | null {
  const read = listedShape.safeParse(value).data;
  return read ? listed(read) : null;
}

/** What is in a state that we have not heard of is not over. */
const listed = (read: z.output<typeof listedShape>): ListedComplaint => ({
  complaintId: read.complaint_id,
  state: STATES[read.complaint_state] ?? 'processing',
  isFullyRefunded: read.complaint_full_refunded ?? false,
  isWaiting: read.incoming_user_response ?? false,
  times: read.user_complaint_times ?? 1,
});

const entryShape = z.object({
  log_id: z.string().min(1).max(64),
  operator: z.string().catch(''),
  operate_time: instant,
  operate_type: z.string(),
  operate_details: z.string().nullish(),
  complaint_media_list: mediaList.nullish(),
});

export function findEntry(value: unknown): NegotiationEntry | null {
  const read = entryShape.safeParse(value).data;
  if (!read) return null;
  return {
    logId: read.log_id,
    kind: ENTRIES[read.operate_type] ?? 'other',
    operator: read.operator,
    content: read.operate_details ?? '',
    mediaIds: read.complaint_media_list ?? [],
    at: read.operate_time,
  };
}

/** It says that something happened; what, is asked. Source: WeChat Pay partner documentation 4012076174. */
export function findNoticedComplaint(value: unknown): { complaintId: string } | null {
  const read = listedShape.pick({ complaint_id: true }).safeParse(value).data;
  return read ? { complaintId: read.complaint_id } : null;
}
