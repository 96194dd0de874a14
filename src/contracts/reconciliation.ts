import type { PageQuery } from './app.ts';

export const billKinds = { trade: '交易账单', fund_flow: '资金账单' } as const;
export type BillKindName = keyof typeof billKinds;

/** current: what is matched · superseded: another content came later · set_aside: kept as evidence, not used. */
export const billStates = { current: '使用中', superseded: '已被新版本替代', set_aside: '留存待查' } as const;
export type BillState = keyof typeof billStates;

export const billSources = { wechat: '微信支付', upload: '人工上传' } as const;
export type BillSource = keyof typeof billSources;

/** How a day’s bill of one kind stands. */
export const fetchStates = { wanted: '待获取', kept: '已获取', empty: '当日无交易' } as const;
export type FetchState = keyof typeof fetchStates;

/** Why a bill of a day is not here yet. */
export const fetchFailures = {
  creating: '微信支付正在生成账单',
  none_but_books: '微信支付称当日无账单，但账簿有记录',
  hash_differs: '账单摘要与内容不符',
  unreadable: '账单内容有误',
  unreachable: '无法连接微信支付',
  refused: '微信支付拒绝提供账单',
  too_many_differences: '差异过多，请核对商户号与账单是否对应',
} as const;
export type FetchFailure = keyof typeof fetchFailures;

/** What is wrong with a file of a bill. */
export const billFaults = {
  not_gzip: '压缩文件已损坏',
  too_large: '文件过大',
  hash_differs: '内容与微信支付给出的摘要不符',
  not_text: '文件编码有误',
  line_too_long: '某一行过长',
  header_missing: '不是所选种类的账单（首行列名不符）',
  column_unknown: '有不认识的列',
  column_missing: '缺少必需的列',
  row_wrong: '某一行的列数不符',
  field_wrong: '某个字段的内容不符',
  foreign_merchant: '账单含有其他商户号的记录',
  foreign_day: '账单含有其他日期的记录',
  summary_missing: '没有汇总行，文件不完整',
  summary_differs: '汇总行与明细合计不符',
  more_after_summary: '汇总行之后还有内容',
} as const;
export type BillFaultName = keyof typeof billFaults;

/** Sums of a bill, fen. */
export interface BillTotals {
  rows: number;
  payments: number;
  paidFen: number;
  refunds: number;
  refundedFen: number;
  /** Less what came back. */
  feeFen: number;
  /** Fund-flow bill only: what came in and went out, and what was left at the end. */
  inFen: number;
  outFen: number;
  closingFen: number | null;
}

export interface BillView {
  id: string;
  kind: BillKindName;
  kindWords: string;
  mchid: string;
  day: string;
  version: number;
  source: BillSource;
  sourceWords: string;
  state: BillState;
  stateWords: string;
  /** Why it was set aside. */
  reason: string | null;
  /** Of the uncompressed file. */
  sha1: string;
  bytes: number;
  totals: BillTotals;
  keptAt: string;
  keptBy: string | null;
}

export interface BillListQuery extends PageQuery {
  mchid?: string | undefined;
  day?: string | undefined;
  kind?: BillKindName | undefined;
}

/** POST /staff/bills: the file as it is, plain or gzip. */
export interface UploadBillQuery {
  kind: BillKindName;
  day: string;
  mchid: string;
}

/** One side of the three, counted. */
export interface SideTotals {
  payments: number;
  paidFen: number;
  refunds: number;
  refundedFen: number;
  feeFen: number;
}

export interface RunTotals {
  books: SideTotals;
  trade: SideTotals;
  funds: SideTotals;
  /** At the end of the day, as the books and the fund-flow bill have it. */
  booksClosingFen: number;
  fundsClosingFen: number | null;
}

/** waiting: a bill is not here yet · matched: compared, may have open differences · closed: locked. */
export const dayStates = { waiting: '待对账', matched: '已对账', closed: '已结账' } as const;
export type DayState = keyof typeof dayStates;

export interface ReconciliationDayView {
  day: string;
  state: DayState;
  stateWords: string;
  trade: FetchState;
  tradeWords: string;
  fundFlow: FetchState;
  fundFlowWords: string;
  failure: FetchFailure | null;
  failureWords: string | null;
  nextTryAt: string | null;
  /** The newest comparison. */
  version: number | null;
  matchedAt: string | null;
  totals: RunTotals | null;
  openDifferences: number;
  differences: number;
}

export interface DayListQuery extends PageQuery {
  from?: string | undefined;
  to?: string | undefined;
  state?: DayState | undefined;
}

export const differenceKinds = {
  only_here: '仅账簿有',
  only_there: '仅微信有',
  amount: '金额不符',
  state: '状态不符',
  fee: '手续费不符',
  duplicate: '账单重复',
  day_boundary: '跨日',
} as const;
export type DifferenceKind = keyof typeof differenceKinds;

export const differenceCauses = {
  missed_notice: '未收到微信通知',
  refund_not_finished: '退款已受理，尚未到账',
  other_system: '其他系统使用同一商户号',
  refund_by_hand: '在微信商户平台人工退款',
  rate_changed: '手续费率变动',
  clock: '日切时间差',
  bill_row: '账单行有误或缺失',
  unknown: '待查',
} as const;
export type DifferenceCause = keyof typeof differenceCauses;

export const differenceSubjects = {
  payment: '收款',
  refund: '退款',
  closed_refund: '退款关闭',
  movement: '其他资金变动',
  fee: '手续费',
} as const;
export type DifferenceSubject = keyof typeof differenceSubjects;

export const differenceStates = { open: '未处理', proposed: '待复核', closed: '已处理' } as const;
export type DifferenceState = keyof typeof differenceStates;

/** proved: WeChat said so · explained: the next day’s bill did · decided: by two people · gone: a later comparison did not find it. */
export const closings = {
  proved: '微信查询证实',
  explained: '相邻日账单证实',
  decided: '人工处理',
  gone: '重新对账后消失',
} as const;
export type Closing = keyof typeof closings;

/** book: the books follow WeChat’s account · adopt: recorded like a notice, after WeChat is asked · leave: nothing is booked. */
export const resolutions = { book: '记账调整', adopt: '补录', leave: '不作调整' } as const;
export type Resolution = keyof typeof resolutions;

/** Where an adjustment may have its other side. */
export const contraAccounts = {
  other_systems: '其他系统往来',
  disputed_money: '待处理款项',
  unexplained: '待查款项',
  wechat_pay_fees: '微信支付手续费',
  other_income: '营业外收入',
  bank: '银行存款',
} as const;
export type ContraAccount = keyof typeof contraAccounts;

export interface DifferenceView {
  id: string;
  day: string;
  kind: DifferenceKind;
  kindWords: string;
  cause: DifferenceCause;
  causeWords: string;
  subject: DifferenceSubject;
  subjectWords: string;
  transactionId: string | null;
  /** Our number, or the other system’s: out_trade_no or out_refund_no. */
  number: string | null;
  orderNumber: string | null;
  /** What each of the three has, fen; null where it is missing. */
  booksFen: number | null;
  tradeFen: number | null;
  fundsFen: number | null;
  /** What must be booked so that the books agree with WeChat’s account; 0: nothing. */
  adjustFen: number;
  /** How many events it stands for; more than one for a changed rate. */
  count: number;
  note: string | null;
  state: DifferenceState;
  stateWords: string;
  /** Shanghai days since. */
  ageDays: number;
  closing: Closing | null;
  closingWords: string | null;
  resolution: Resolution | null;
  resolutionWords: string | null;
  account: ContraAccount | null;
  proposalNote: string | null;
  attachment: string | null;
  proposedBy: string | null;
  proposedAt: string | null;
  decidedBy: string | null;
  decidedAt: string | null;
  decisionNote: string | null;
}

export interface DifferenceListQuery extends PageQuery {
  day?: string | undefined;
  /** Days; both are included. */
  from?: string | undefined;
  to?: string | undefined;
  state?: DifferenceState | undefined;
  /** Not closed: proposed or not. */
  undecided?: boolean | undefined;
  kind?: DifferenceKind | undefined;
  cause?: DifferenceCause | undefined;
}

export interface DifferenceExportQuery extends Omit<DifferenceListQuery, keyof PageQuery> {
  format: 'csv' | 'xlsx';
}

export interface ProposeResolutionBody {
  resolution: Resolution;
  /** Of `book`. */
  account?: ContraAccount | undefined;
  note: string;
  /** A kept file: POST /staff/reconciliation/attachments. */
  attachmentId?: string | undefined;
}

export interface AttachmentView {
  id: string;
  name: string;
  bytes: number;
}

export interface DecideResolutionBody {
  agree: boolean;
  note?: string | undefined;
}

export interface RunView {
  version: number;
  startedAt: string;
  endedAt: string;
  startedBy: string | null;
  tradeVersion: number | null;
  fundFlowVersion: number | null;
  totals: RunTotals;
  /** Of this comparison: found in all, and what is other than in the one before. */
  found: number;
  appeared: number;
  gone: number;
}

/** POST /staff/periods: a day, or a month with every day of it that is still open. */
export interface ClosePeriodBody {
  period: string;
}

export interface ReopenBody {
  /** This day and all after it. */
  day: string;
  note: string;
}

export interface ReopenDecisionBody {
  agree: boolean;
}

export const periodDeeds = {
  close: '结账',
  reopen_asked: '申请反结账',
  reopen: '反结账',
  reopen_refused: '拒绝反结账',
} as const;
export type PeriodDeed = keyof typeof periodDeeds;

/** What happened to a day or a month, newest first. */
export interface PeriodEventView {
  id: string;
  deed: PeriodDeed;
  deedWords: string;
  /** `2026-11-25` or `2026-11`. */
  period: string;
  by: string;
  at: string;
  note: string | null;
}

export interface PeriodView {
  /** The last closed day; null while none is. */
  closedThrough: string | null;
  /** The day that is next to be closed, and what stands against it. */
  next: string | null;
  obstacles: { code: CloseObstacle; words: string; count: number }[];
  events: PeriodEventView[];
}

export const closeObstacles = {
  not_over: '当日尚未结束',
  not_matched: '尚未对账',
  open_differences: '还有未处理的差异',
} as const;
export type CloseObstacle = keyof typeof closeObstacles;
