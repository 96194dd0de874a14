import { paymentWays, type PaymentWay } from '../contracts/states.ts';
import type { BooksReportName, ReportColumnView } from '../contracts/reports.ts';
import type { Work } from '../platform/work.ts';
import { amountOf, conditionOf, keyOf, linesOf, NONE, onlyAsked, wordsOf } from './books-query.ts';
import { type BooksReport, definitions, type Dimension } from './books-reports.ts';
import { linkTo } from './links.ts';
import type { Period } from './period.ts';
import { addUp, codesOf, type Table } from './table.ts';

type Raw = { rowKey: string; words: string | null } & Record<string, string | null>;

const ABOUT: Record<Dimension, { title: string; words: (raw: Raw) => string }> = {
  service: { title: '服务', words: ({ words }) => words ?? '无对应订单' },
  channel: { title: '支付方式', words: ({ words }) => (words ? paymentWays[words as PaymentWay] : '无对应订单') },
  consultant: { title: '服务团队', words: ({ words }) => words ?? '未分配团队' },
  day: { title: '日期', words: ({ rowKey }) => rowKey },
};

/** Adds up what the books have of a period, in a few queries, however many lines there are. */
export async function sumBooks(work: Work, name: BooksReportName, period: Period): Promise<Table> {
  const report = definitions[name];
  const sums = await readSums(work, report, period);
  const orders = await countOrders(work, report, period);
  const codes = report.figures.map(({ code }) => code);
  const rows = sums
    .filter((raw) => codes.some((code) => Number(raw[code]) !== 0))
    .toSorted(byKey)
    .map((raw) => {
      const counted = report.orders === null ? [] : [['orders', orders.get(raw.rowKey) ?? 0] as const];
      const figures = Object.fromEntries([...codes.map((code) => [code, Number(raw[code])] as const), ...counted]);
      return {
        cells: { [report.by]: ABOUT[report.by].words(raw), ...figures },
        lines: linksOf(name, { ...period, key: raw.rowKey }, Object.keys(figures)),
      };
    });
  const columns = columnsOf(report);
  const added = codesOf(columns);
  return { columns, rows, totals: { cells: addUp(rows, added), lines: linksOf(name, period, added) } };
}

function columnsOf({ by, figures, orders }: BooksReport): ReportColumnView[] {
  return [
    { code: by, title: ABOUT[by].title, kind: by === 'day' ? 'day' : 'text' },
    ...figures.map(({ code, title }) => ({ code, title, kind: 'fen' }) as const),
    ...(orders === null ? [] : [{ code: 'orders', title: '订单数', kind: 'count' } as const]),
  ];
}

const linksOf = (name: BooksReportName, parts: Period & { key?: string }, codes: readonly string[]) =>
  Object.fromEntries(codes.map((figure) => [figure, linkTo(`/reports/${name}/lines`, { ...parts, figure })]));

/** What belongs to nothing comes last. */
const byKey = (one: Raw, other: Raw): number =>
  Number(one.rowKey === NONE) - Number(other.rowKey === NONE) || (one.rowKey < other.rowKey ? -1 : 1);

function readSums(work: Work, report: BooksReport, period: Period): Promise<Raw[]> {
  const lines = onlyAsked(linesOf(work, report.by, period), report)
    .select(keyOf(report.by), 'rowKey')
    .addSelect(`MAX(${wordsOf(report.by)})`, 'words')
    .groupBy(keyOf(report.by));
  for (const figure of report.figures)
    lines.addSelect(`SUM(CASE WHEN ${conditionOf(figure)} THEN ${amountOf(figure)} ELSE 0 END)`, figure.code);
  return lines.getRawMany<Raw>();
}

/** How many orders of each row the figure is of. */
async function countOrders(work: Work, report: BooksReport, period: Period): Promise<Map<string, number>> {
  const figure = report.figures.find(({ code }) => code === report.orders);
  if (!figure) return new Map();
  const amount = `SUM(${amountOf(figure)})`;
  const each = linesOf(work, report.by, period)
    .andWhere(conditionOf(figure))
    .andWhere('posting.orderId IS NOT NULL')
    .select(keyOf(report.by), 'rowKey')
    .addSelect('posting.orderId', 'orderId')
    .addSelect(amount, 'amount')
    .groupBy(keyOf(report.by))
    .addGroupBy('posting.orderId')
    .having(`${amount} <> 0`);
  const counts = await work.db
    .createQueryBuilder()
    .select('one.rowKey', 'rowKey')
    .addSelect('COUNT(*)', 'count')
    .from(`(${each.getQuery()})`, 'one')
    .setParameters(each.getParameters())
    .groupBy('one.rowKey')
    .getRawMany<{ rowKey: string; count: string }>();
  return new Map(counts.map(({ rowKey, count }) => [rowKey, Number(count)]));
}
