import type { PageQuery } from './app.ts';
import type { RefundProposalView } from './refunds.ts';

/** How a complaint stands, in WeChat's words. */
export const complaintStates = { pending: '待处理', processing: '处理中', processed: '已处理完成' } as const;
export type ComplaintState = keyof typeof complaintStates;

export const complaintProblems = { refund: '申请退款', service_not_working: '服务权益未生效', other: '其他' } as const;
export type ComplaintProblem = keyof typeof complaintProblems;

/** What happened in the negotiation. */
export const complaintEntryKinds = {
  user_complained: '用户提交投诉',
  user_went_on: '用户继续投诉',
  user_said: '用户留言',
  user_revoked: '用户撤诉',
  user_confirmed: '用户确认解决',
  user_rated: '用户提交满意度',
  user_asked_platform: '用户申请平台协助',
  user_left_platform: '用户取消平台协助',
  platform_said: '平台留言',
  platform_urged: '平台催办',
  platform_finished: '平台结束协助',
  merchant_said: '商户回复',
  merchant_completed: '商户反馈处理完成',
  merchant_granted: '商户同意退款',
  merchant_declined: '商户拒绝退款',
  refund_started: '已发起退款',
  refund_received: '退款到账',
  other: '其他',
} as const;
export type ComplaintEntryKind = keyof typeof complaintEntryKinds;

export const complaintDeeds = {
  answer: '回复用户',
  grant: '同意退款',
  decline: '拒绝退款',
  complete: '反馈处理完成',
} as const;
export type ComplaintDeedKind = keyof typeof complaintDeeds;

/** sending: WeChat's word on it is not known yet; it is asked for, and nothing is sent twice unasked. */
export const complaintDeedStates = { sending: '等待微信确认', done: '已完成', refused: '微信未接受' } as const;
export type ComplaintDeedState = keyof typeof complaintDeedStates;

/** One row of GET /staff/complaints */
export interface ComplaintRowView {
  id: string;
  /** WeChat's number of it. */
  complaintId: string;
  state: ComplaintState;
  stateWords: string;
  problem: ComplaintProblem;
  problemWords: string;
  /** What the payer chose from, and the payer's own words. */
  title: string;
  content: string;
  /** null: no order of ours is known for it. */
  orderNumber: string | null;
  transactionId: string | null;
  amountFen: number | null;
  /** What the payer asked to have back. */
  askedFen: number | null;
  isFullyRefunded: boolean;
  /** How often the payer complained. */
  times: number;
  complainedAt: string;
  /** Since when the payer waits for an answer; null: does not. */
  waitingSince: string | null;
  answeredAt: string | null;
  completedAt: string | null;
  /** By when WeChat wants the first answer, then the end of it; null when it is over. */
  dueAt: string | null;
  isOverdue: boolean;
}

/** GET /staff/complaints/:id */
export interface ComplaintView extends ComplaintRowView {
  customer: { id: string; nickname: string | null } | null;
  /** Like `138****0001`; null when the payer gave none. */
  phoneMasked: string | null;
  /** Names for GET /staff/complaints/:id/images/:name */
  images: string[];
  /** The oldest first. */
  history: {
    kind: ComplaintEntryKind;
    kindWords: string;
    /** As WeChat names who did it. */
    operator: string;
    content: string;
    images: string[];
    at: string;
  }[];
  /** What was done from here, the oldest first. */
  deeds: ComplaintDeedView[];
  refundProposal: RefundProposalView | null;
}

export interface ComplaintDeedView {
  id: string;
  kind: ComplaintDeedKind;
  kindWords: string;
  state: ComplaintDeedState;
  stateWords: string;
  /** WeChat's code of a refusal. */
  failure: string | null;
  content: string | null;
  by: string;
  createdAt: string;
  endedAt: string | null;
}

/** GET /staff/complaints */
export interface ComplaintListQuery extends PageQuery {
  state?: ComplaintState | undefined;
  /** All that are not over. */
  open?: boolean | undefined;
  overdue?: boolean | undefined;
  orderNumber?: string | undefined;
}

/** GET /staff/complaints/export: the list, all of it. */
export interface ComplaintExportQuery extends Omit<ComplaintListQuery, keyof PageQuery> {
  /** xlsx when left out. */
  format?: 'csv' | 'xlsx' | undefined;
}

/** POST /staff/complaints/:id/images */
export interface ComplaintImageView {
  id: string;
}

/** POST /staff/complaints/:id/answers */
export interface AnswerComplaintBody {
  content: string;
  /** Ids of uploaded images, at most four. */
  images?: string[] | undefined;
}

/** POST /staff/complaints/:id/refund-decision, of a payer who asked for a refund. */
export type DecideComplaintRefundBody =
  /** Needs a refund of this complaint that a second person approved. */
  | { decision: 'grant'; /** Working days until the money is on its way; 0: today. */ withinDays: number }
  | { decision: 'decline'; /** The payer reads it. */ reason: string; images?: string[] | undefined };
