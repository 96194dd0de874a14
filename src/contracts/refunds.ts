import type { PageQuery } from './app.ts';
import type { DisputeReason } from './states.ts';

/** What becomes of a wish to give money back: another person decides. */
export const proposalStates = {
  proposed: '待复核',
  approved: '已同意',
  rejected: '未同意',
  withdrawn: '已撤回',
} as const;
export type ProposalState = keyof typeof proposalStates;

/** approved: not yet accepted by WeChat · processing: accepted, on its way · abnormal: could not be given back, somebody must act. */
export const refundStates = {
  approved: '待提交微信',
  processing: '退款处理中',
  succeeded: '已退款',
  abnormal: '退款异常',
  closed: '退款关闭',
  failed: '退款被拒绝',
} as const;
export type RefundState = keyof typeof refundStates;

/** Why a refund is not on its way yet, or never will be. What is not here is WeChat's rarer word, and shown as its code. */
export const refundFailures = {
  not_enough: '商户账户余额不足，充值后自动重试',
  invalid_request: '微信不接受：超过可退金额、期限或次数',
  resource_not_exists: '微信找不到这笔支付',
  user_account_abnormal: '付款人账户异常',
  no_auth: '商户号没有退款权限',
} as const;

/** GET /staff/orders/:number/refund-quote: what the service's rule gives back now. */
export interface RefundQuoteView {
  orderNumber: string;
  paidFen: number;
  /** Given back, on its way, or proposed. */
  refundedFen: number;
  /** Fees that an authority has: they never come back. */
  passedOnFen: number;
  /** The most that can still be given back. */
  leftFen: number;
  /** The share of the service's price that the rule gives back, and the milestone that it goes by. */
  percent: number;
  milestone: string;
  milestoneName: string;
  /** What the rule gives back now, government fees that are with us included. */
  ruleFen: number;
  /** The rule, for people. */
  sentences: string[];
}

/** POST /staff/orders/:number/refund-proposals */
export interface ProposeRefundBody {
  amountFen: number;
  /** The customer reads it. */
  reason: string;
  /** Why it is another amount than the rule's; needed when it is. */
  changeReason?: string | undefined;
}

/** Why a customer cannot ask for money back now. */
export const refundObstacles = {
  not_paid: '该订单还没有付款，无需退款',
  asked: '已有退款申请正在审核，请等待结果',
  given_back: '已付的款项都已退回或正在退回',
  too_late: '付款已近一年或更久，微信不再支持原路退回，请联系我们处理',
  rule: '按退款规则和当前办理进度，没有可以再退的款项',
} as const;
export type RefundObstacle = keyof typeof refundObstacles;

/** GET /app/orders/:number/refund-quote: what a customer would ask for now, and why that. */
export interface OwnRefundQuoteView {
  paidFen: number;
  /** Given back, on its way, or asked for. */
  refundedFen: number;
  /** What the rule gives back now, government fees that are with us included; nothing when there is an obstacle. */
  amountFen: number;
  /** The share of the service's price that the rule gives back, and the milestone that it goes by. */
  percent: number;
  milestoneName: string;
  /** The rule, for people. */
  sentences: string[];
  /** null: it can be asked for. */
  whyNot: RefundObstacle | null;
  whyNotWords: string | null;
}

/** POST /app/orders/:number/refunds */
export interface AskRefundBody {
  /** What the quote said; refused when the rule gives another amount by now. */
  amountFen: number;
  reason: string;
}

/** POST /staff/refund-proposals/:id/rejection */
export interface RejectRefundBody {
  note: string;
}

export interface RefundView {
  /** WeChat's `out_refund_no`. */
  number: string;
  paymentNumber: string;
  amountFen: number;
  state: RefundState;
  stateWords: string;
  failure: string | null;
  failureWords: string | null;
  /** Where the money went, in WeChat's words. */
  receivedBy: string | null;
  createdAt: string;
  acceptedAt: string | null;
  endedAt: string | null;
}

export interface RefundProposalView {
  id: string;
  orderNumber: string;
  amountFen: number;
  ruleFen: number;
  reason: string;
  changeReason: string | null;
  state: ProposalState;
  stateWords: string;
  askedBy: 'customer' | 'staff';
  /** Name; null: the customer. */
  proposedBy: string | null;
  createdAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  note: string | null;
  /** One for each payment that gives something back; empty until it is approved. */
  refunds: RefundView[];
}

/** What a customer sees of it. */
export interface OwnRefundView {
  amountFen: number;
  reason: string;
  state: ProposalState;
  stateWords: string;
  note: string | null;
  createdAt: string;
  decidedAt: string | null;
  refunds: {
    amountFen: number;
    state: RefundState;
    stateWords: string;
    receivedBy: string | null;
    /** When WeChat took it over. */
    acceptedAt: string | null;
    endedAt: string | null;
  }[];
}

/** GET /staff/refund-proposals */
export interface ProposalListQuery extends PageQuery {
  state?: ProposalState | undefined;
  orderNumber?: string | undefined;
}

// ---- an abnormal refund goes to another card -------------------------------

/** accepted: WeChat pays it to the card · refused: by WeChat. */
export const reroutingStates = {
  proposed: '待复核',
  approved: '待提交微信',
  accepted: '微信已受理',
  refused: '微信未受理',
  rejected: '未同意',
  withdrawn: '已撤回',
} as const;
export type ReroutingState = keyof typeof reroutingStates;

/** The banks to whose debit cards WeChat pays an abnormal refund (documentation «发起异常退款», 2025.01.16). */
export const cardBanks = {
  cmb: '招商银行',
  comm: '交通银行',
  abc: '农业银行',
  ccb: '建设银行',
  icbc: '工商银行',
  boc: '中国银行',
  pab: '平安银行',
  spdb: '浦发银行',
  citic: '中信银行',
  ceb: '光大银行',
  cmbc: '民生银行',
  cib: '兴业银行',
  gdb: '广发银行',
  psbc: '邮储银行',
  nbcb: '宁波银行',
} as const;
export type CardBank = keyof typeof cardBanks;

/** POST /staff/refunds/:number/reroutings: the payer's own debit card. */
export interface ProposeReroutingBody {
  bank: CardBank;
  /** Digits alone. */
  cardNumber: string;
  /** Whose card it is, as the bank knows them. */
  cardHolder: string;
  /** How it was made sure that it is the payer's. */
  note: string;
}

export interface RefundReroutingView {
  id: string;
  refundNumber: string;
  amountFen: number;
  bank: CardBank;
  bankWords: string;
  cardMasked: string;
  cardHolderMasked: string;
  note: string;
  state: ReroutingState;
  stateWords: string;
  /** WeChat's code of why not. */
  failure: string | null;
  proposedBy: string;
  createdAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  decisionNote: string | null;
}

/** GET /staff/refund-reroutings */
export interface ReroutingListQuery extends PageQuery {
  state?: ReroutingState | undefined;
  refundNumber?: string | undefined;
}

// ---- disputed money --------------------------------------------------------

export const disputedStates = { open: '待处理', resolved: '已处理' } as const;
export type DisputedState = keyof typeof disputedStates;

/** What becomes of money that arrived and is not a sale. */
export const disputedDecisions = { refund: '原路退回', apply: '转入订单', keep: '留存' } as const;
export type DisputedDecision = keyof typeof disputedDecisions;

/** One row of GET /staff/disputed-money */
export interface DisputedMoneyView {
  id: string;
  transactionId: string;
  /** The number that WeChat named, whether we know it or not. */
  paymentNumber: string;
  orderNumber: string | null;
  reason: DisputeReason;
  reasonWords: string;
  amountFen: number;
  expectedFen: number | null;
  currency: string;
  paidAt: string;
  receivedAt: string;
  state: DisputedState;
  stateWords: string;
  decision: DisputedDecision | null;
  decisionWords: string | null;
  note: string | null;
  /** Name; null while it is open, and when it went back by itself. */
  decidedBy: string | null;
  decidedAt: string | null;
  /** When it goes back by itself; null when it does not. */
  refundsAt: string | null;
}

/** GET /staff/disputed-money */
export interface DisputedListQuery extends PageQuery {
  state?: DisputedState | undefined;
}

/** POST /staff/disputed-money/:id/decision */
export type DisputedDecisionBody =
  | { decision: 'refund' }
  /** To what is due of an order; the amount must be that. */
  | { decision: 'apply'; orderNumber: string }
  | { decision: 'keep'; note: string };
