import type {
  BooksReportName,
  ReportColumnView,
  ReportLineView,
  ReportRowView,
  ReportView,
} from '../contracts/reports.ts';
import { booksReports } from '../contracts/reports.ts';
import { shanghaiTime } from '../platform/calendar.ts';
import type { Sheet } from '../platform/files/spreadsheet.ts';
import type { Work } from '../platform/work.ts';
import type { Period } from './period.ts';
import { type Asked, readLines } from './read-lines.ts';

const LINES_AT_ONCE = 1000;
const WIDTHS: Record<ReportColumnView['kind'], number> = { text: 20, day: 12, count: 12, fen: 18 };

/** A report as a table, with its totals at the end. */
export const sheetOfReport = (work: Work, { title, columns, rows, totals, ...period }: ReportView): Sheet => ({
  name: nameOf(title, period),
  heading: headingOf(work, title, period),
  columns: columns.map(({ title: column, kind }) => ({
    title: kind === 'fen' ? `${column}（元）` : column,
    width: WIDTHS[kind],
    kind: kind === 'fen' ? 'yuan' : kind === 'day' ? 'day' : undefined,
  })),
  rows: rowsOf(columns, rows, totals),
});

async function* rowsOf(columns: readonly ReportColumnView[], rows: readonly ReportRowView[], totals: ReportRowView) {
  const cellsOf = ({ cells }: ReportRowView) =>
    columns.map(({ code, kind }) => (kind === 'fen' ? yuan(cells[code]) : (cells[code] ?? null)));
  for (const row of rows) yield cellsOf(row);
  yield ['合计', ...cellsOf(totals).slice(1)];
}

const yuan = (fen: string | number | null | undefined) => (typeof fen === 'number' ? fen / 100 : null);

/** What a figure was added up from, as a table, read while it is written. */
export const sheetOfLines = (work: Work, name: BooksReportName, period: Period, asked: Asked): Sheet => ({
  name: nameOf(`${booksReports[name]}明细`, period),
  heading: headingOf(work, `${booksReports[name]}明细`, period),
  columns: [
    { title: '记账日', width: 12, kind: 'day' },
    { title: '摘要', width: 18 },
    { title: '凭证号', width: 36 },
    { title: '订单号', width: 20 },
    { title: '服务', width: 28 },
    { title: '金额（元）', width: 18, kind: 'yuan' },
  ],
  rows: lineRows(work, name, period, asked),
});

async function* lineRows(work: Work, name: BooksReportName, period: Period, asked: Asked) {
  let totalFen = 0;
  for (let after: string | undefined; ;) {
    const lines: ReportLineView[] = await readLines(work, name, { ...asked, period, after, limit: LINES_AT_ONCE });
    for (const line of lines.slice(0, LINES_AT_ONCE)) {
      totalFen += line.amountFen;
      yield [line.day, line.kindWords, line.reference, line.orderNumber, line.serviceName, line.amountFen / 100];
    }
    if (lines.length <= LINES_AT_ONCE) break;
    after = lines[LINES_AT_ONCE - 1]!.id;
  }
  yield ['合计', null, null, null, null, totalFen / 100];
}

/** A sheet's name has at most 31 characters, and no slash. */
const nameOf = (title: string, { from, to }: Period): string =>
  `${title} ${[from, to].map((day) => day.replaceAll('-', '')).join('-')}`;

const headingOf = ({ config, now }: Work, title: string, { from, to }: Period): string =>
  `${config.OFFICIAL_ACCOUNT_NAME}　${title}　${from} 至 ${to}　生成于 ${shanghaiTime(now().toISOString())}`;
