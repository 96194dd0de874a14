import type { PageQuery } from './app.ts';

/** The accounts of the books; docs/ledger.md says what each holds. */
export const ledgerAccounts = {
  wechat_pay: '微信支付账户',
  bank: '银行存款',
  advance_from_customers: '预收账款',
  government_fees_collected: '代收政府费用',
  disputed_money: '待处理款项',
  other_systems: '其他系统往来',
  unexplained: '待查款项',
  revenue: '主营业务收入',
  other_income: '营业外收入',
  wechat_pay_fees: '微信支付手续费',
} as const;
export type LedgerAccount = keyof typeof ledgerAccounts;

/** What a posting is about. */
export const postingKinds = {
  payment: '收款',
  disputed_payment: '待处理款项入账',
  refund: '退款',
  refund_closed: '退款关闭',
  disputed_kept: '待处理款项留存',
  disputed_applied: '待处理款项抵付',
  fees: '手续费',
  withdrawal: '提现与充值',
  revenue: '确认收入',
  government_fee_passed_on: '代缴政府费用',
  adjustment: '对账调整',
} as const;
export type PostingKind = keyof typeof postingKinds;

/** One account at the end of a day, everything up to it added up. */
export interface AccountBalanceView {
  account: LedgerAccount;
  accountWords: string;
  /** Sums of both sides, fen; `balanceFen` is debit less credit. */
  debitFen: number;
  creditFen: number;
  balanceFen: number;
}

/** GET /staff/books/trial-balance?day= */
export interface TrialBalanceView {
  day: string;
  accounts: AccountBalanceView[];
  /** Both sides of all accounts; they are equal, or the books are broken. */
  debitFen: number;
  creditFen: number;
}

/** GET /staff/books/statement: lines of one account, oldest first. */
export interface StatementQuery extends PageQuery {
  account: LedgerAccount;
  from: string;
  to: string;
}

/** GET /staff/books/statement/file: the same, whole. */
export interface StatementFileQuery extends Pick<StatementQuery, 'account' | 'from' | 'to'> {
  format: 'csv' | 'xlsx';
}

export interface StatementLineView {
  id: string;
  day: string;
  /** The day of the event, where its own day was closed before it was booked. */
  eventDay: string;
  happenedAt: string;
  kind: PostingKind;
  kindWords: string;
  reference: string;
  orderNumber: string | null;
  amountFen: number;
  /** Of the account after this line. */
  balanceFen: number;
}

/** GET /staff/orders/:number/postings: what the books say of one order. */
export interface PostingView {
  id: string;
  day: string;
  eventDay: string;
  happenedAt: string;
  postedAt: string;
  kind: PostingKind;
  kindWords: string;
  reference: string;
  lines: { account: LedgerAccount; accountWords: string; amountFen: number }[];
}
