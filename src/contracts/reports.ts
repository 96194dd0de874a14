import type { PageQuery } from './app.ts';
import type { PostingKind } from './ledger.ts';

/** The reports that add up lines of the books; each of their figures has its lines. */
export const booksReports = {
  'revenue-by-service': '收入（按服务）',
  'revenue-by-channel': '收入（按支付方式）',
  'revenue-by-consultant': '收入（按服务团队）',
  fees: '微信支付手续费',
  refunds: '退款',
  'owed-to-authorities': '代收政府费用',
  'deferred-revenue': '预收账款',
} as const;
export type BooksReportName = keyof typeof booksReports;

/** Every report; docs/staff.md says what each holds. */
export const reports = {
  'daily-reconciliation': '每日对账汇总',
  'monthly-statement': '科目汇总',
  ...booksReports,
  unreconciled: '未对平事项',
} as const;
export type ReportName = keyof typeof reports;

/** Shanghai days: one `day`, or a `month`, or `from` and `to`, both included. */
export interface ReportQuery {
  day?: string | undefined;
  month?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export interface ReportFileQuery extends ReportQuery {
  format: 'csv' | 'xlsx';
}

export interface ReportColumnView {
  code: string;
  title: string;
  kind: 'text' | 'day' | 'count' | 'fen';
}

export interface ReportRowView {
  /** By the code of the column. */
  cells: Record<string, string | number | null>;
  /** For a figure, by the code of its column: where its lines are. */
  lines: Record<string, string>;
}

/** GET /staff/reports/:name */
export interface ReportView {
  name: ReportName;
  title: string;
  from: string;
  to: string;
  madeAt: string;
  columns: ReportColumnView[];
  rows: ReportRowView[];
  /** Of the columns that can be added up. */
  totals: ReportRowView;
}

/** GET /staff/reports/:name/lines: what a figure was added up from. */
export interface ReportLinesQuery extends ReportQuery, PageQuery {
  /** A column's code. */
  figure: string;
  /** Of which row; all of them when left out. */
  key?: string | undefined;
}

export interface ReportLinesFileQuery extends Omit<ReportLinesQuery, keyof PageQuery> {
  format: 'csv' | 'xlsx';
}

/** A line of the books, or an order with what its lines sum to; the lines of a figure sum to the figure. */
export interface ReportLineView {
  id: string;
  /** Of the books; of an order, the first one. */
  day: string;
  /** Of a line of the books; so `kindWords` and `reference`. */
  kind: PostingKind | null;
  kindWords: string | null;
  reference: string | null;
  orderNumber: string | null;
  serviceName: string | null;
  amountFen: number;
  /** What the books say of the order. */
  postings: string | null;
}
