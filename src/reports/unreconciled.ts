import { Difference, ReconciliationDay } from '../../entities/reconciliation.ts';
import {
  type DifferenceCause,
  differenceCauses,
  type DifferenceKind,
  differenceKinds,
  type DifferenceState,
  differenceStates,
} from '../contracts/reconciliation.ts';
import type { ReportColumnView, ReportRowView } from '../contracts/reports.ts';
import { daysBetween, shanghaiDay } from '../platform/calendar.ts';
import type { Work } from '../platform/work.ts';
import { linkTo } from './links.ts';
import type { Period } from './period.ts';
import { addUp, largest, type Table } from './table.ts';

const COLUMNS: readonly ReportColumnView[] = [
  { code: 'what', title: '事项', kind: 'text' },
  { code: 'state', title: '状态', kind: 'text' },
  { code: 'kind', title: '类型', kind: 'text' },
  { code: 'cause', title: '原因', kind: 'text' },
  { code: 'count', title: '数量', kind: 'count' },
  { code: 'adjustFen', title: '待调整金额', kind: 'fen' },
  { code: 'oldestDay', title: '最早日期', kind: 'day' },
  { code: 'ageDays', title: '账龄（天）', kind: 'count' },
];

/** What of a period is not reconciled by now: days that were not compared, and differences that nobody has decided. */
export async function readUnreconciled(work: Work, period: Period): Promise<Table> {
  const rows = [...(await waitingDays(work, period)), ...(await openDifferences(work, period))];
  return {
    columns: COLUMNS,
    rows,
    totals: {
      cells: { ...addUp(rows, ['count', 'adjustFen']), ageDays: largest(rows, 'ageDays') },
      lines: { adjustFen: linkTo('/reconciliation/differences', { ...period, undecided: 'true' }) },
    },
  };
}

async function waitingDays(work: Work, period: Period): Promise<ReportRowView[]> {
  const found = await work.db
    .createQueryBuilder(ReconciliationDay, 'one')
    .select('COUNT(*)', 'count')
    .addSelect('MIN(one.day)', 'oldestDay')
    .where("one.state = 'waiting' AND one.day >= :from AND one.day <= :to", period)
    .getRawOne<{ count: string; oldestDay: string | null }>();
  if (!found?.oldestDay) return [];
  const cells = { what: '未对账日', state: null, kind: null, cause: null, adjustFen: null };
  const lines = { count: linkTo('/reconciliation/days', { ...period, state: 'waiting' }) };
  return [{ cells: { ...cells, count: Number(found.count), ...ageOf(work, found.oldestDay) }, lines }];
}

interface Sum {
  state: DifferenceState;
  kind: DifferenceKind;
  cause: DifferenceCause;
  count: string;
  adjustFen: string;
  oldestDay: string;
}

async function openDifferences(work: Work, period: Period): Promise<ReportRowView[]> {
  const sums = await work.db
    .createQueryBuilder(Difference, 'one')
    .select(['one.state AS state', 'one.kind AS kind', 'one.cause AS cause'])
    .addSelect('COUNT(*)', 'count')
    .addSelect('SUM(one.adjustFen)', 'adjustFen')
    .addSelect('MIN(one.day)', 'oldestDay')
    .where("one.state <> 'closed' AND one.day >= :from AND one.day <= :to", period)
    .groupBy('one.state')
    .addGroupBy('one.kind')
    .addGroupBy('one.cause')
    .orderBy('one.state')
    .addOrderBy('one.kind')
    .addOrderBy('one.cause')
    .getRawMany<Sum>();
  return sums.map(({ state, kind, cause, count, adjustFen, oldestDay }) => {
    const address = linkTo('/reconciliation/differences', { ...period, state, kind, cause });
    return {
      cells: {
        what: '对账差异',
        state: differenceStates[state],
        kind: differenceKinds[kind],
        cause: differenceCauses[cause],
        count: Number(count),
        adjustFen: Number(adjustFen),
        ...ageOf(work, oldestDay),
      },
      lines: { count: address, adjustFen: address },
    };
  });
}

const ageOf = ({ now }: Work, oldestDay: string) => ({
  oldestDay,
  ageDays: daysBetween(oldestDay, shanghaiDay(now())),
});
