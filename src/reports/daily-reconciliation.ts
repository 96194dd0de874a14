import type { ReconciliationDayView, SideTotals } from '../contracts/reconciliation.ts';
import type { ReportColumnView, ReportRowView } from '../contracts/reports.ts';
import { daysBetween, shanghaiDay } from '../platform/calendar.ts';
import type { Work } from '../platform/work.ts';
import { showDays } from '../reconciliation/index.ts';
import { linkTo } from './links.ts';
import type { Period } from './period.ts';
import { addUp, codesOf, largest, type Table } from './table.ts';

type Side = 'books' | 'trade' | 'funds';
const SIDES: readonly [Side, string][] = [
  ['books', '账簿'],
  ['trade', '交易账单'],
  ['funds', '资金账单'],
];
const FIGURES: readonly [keyof SideTotals, Pick<ReportColumnView, 'title' | 'kind'>][] = [
  ['payments', { title: '收款笔数', kind: 'count' }],
  ['paidFen', { title: '收款', kind: 'fen' }],
  ['refunds', { title: '退款笔数', kind: 'count' }],
  ['refundedFen', { title: '退款', kind: 'fen' }],
  ['feeFen', { title: '手续费', kind: 'fen' }],
];

const codeOf = (side: Side, figure: string): string => `${side}${figure[0]!.toUpperCase()}${figure.slice(1)}`;

/** What the three say, one beside the other. */
const compared = FIGURES.flatMap(([figure, { title, kind }]) =>
  SIDES.map(([side, name]) => ({ side, figure, code: codeOf(side, figure), title: `${title}（${name}）`, kind })),
);

const COLUMNS: readonly ReportColumnView[] = [
  { code: 'day', title: '日期', kind: 'day' },
  { code: 'state', title: '状态', kind: 'text' },
  ...compared.map(({ code, title, kind }) => ({ code, title, kind })),
  { code: 'booksClosingFen', title: '期末余额（账簿）', kind: 'fen' },
  { code: 'fundsClosingFen', title: '期末余额（资金账单）', kind: 'fen' },
  { code: 'differences', title: '差异', kind: 'count' },
  { code: 'openDifferences', title: '未处理差异', kind: 'count' },
  { code: 'ageDays', title: '账龄（天）', kind: 'count' },
];
/** Balances and ages are of a day. */
const ADDED = codesOf(COLUMNS).filter((code) => !['booksClosingFen', 'fundsClosingFen', 'ageDays'].includes(code));

/** The days of a period: what books, trade bill and fund-flow bill have, and what they do not agree about. */
export async function readDaily(work: Work, { from, to }: Period): Promise<Table> {
  const days = await showDays(work, { from, to });
  const today = shanghaiDay(work.now());
  const rows = days.map((day) => ({ cells: cellsOf(day, today), lines: linesOf(day) }));
  const range = { from, to };
  return {
    columns: COLUMNS,
    rows,
    totals: {
      cells: { ...addUp(rows, ADDED), ageDays: largest(rows, 'ageDays') },
      lines: { differences: linkTo('/reconciliation/differences', range), ...openLines(range) },
    },
  };
}

function cellsOf({ day, stateWords, totals, differences, openDifferences }: ReconciliationDayView, today: string) {
  const figures = compared.map(({ side, figure, code }) => [code, totals ? totals[side][figure] : null] as const);
  return {
    day,
    state: stateWords,
    ...Object.fromEntries(figures),
    booksClosingFen: totals?.booksClosingFen ?? null,
    fundsClosingFen: totals?.fundsClosingFen ?? null,
    differences,
    openDifferences,
    ageDays: openDifferences > 0 ? daysBetween(day, today) : null,
  };
}

function linesOf({ day, totals }: ReconciliationDayView): ReportRowView['lines'] {
  const addresses: Record<Side, string> = {
    books: linkTo('/books/statement', { account: 'wechat_pay', from: day, to: day }),
    trade: linkTo('/bills', { day, kind: 'trade' }),
    funds: linkTo('/bills', { day, kind: 'fund_flow' }),
  };
  const closings = [
    ['booksClosingFen', addresses.books],
    ['fundsClosingFen', addresses.funds],
  ];
  const figures = [...compared.map(({ side, code }) => [code, addresses[side]]), ...closings];
  return {
    ...(totals ? Object.fromEntries(figures) : {}),
    differences: linkTo('/reconciliation/differences', { day }),
    ...openLines({ from: day, to: day }),
  };
}

/** Still to be decided, proposed or not. */
const openLines = (range: Period) => ({
  openDifferences: linkTo('/reconciliation/differences', { ...range, undecided: 'true' }),
});
