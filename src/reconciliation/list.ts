import { Between, type FindOptionsWhere, LessThan, LessThanOrEqual, MoreThanOrEqual, Not } from 'typeorm';
import { Bill, Difference, ReconciliationDay, ReconciliationRun } from '../../entities/reconciliation.ts';
import type {
  BillListQuery,
  DayListQuery,
  DifferenceExportQuery,
  DifferenceListQuery,
  DifferenceView,
  ReconciliationDayView,
  RunView,
} from '../contracts/reconciliation.ts';
import type { Sheet } from '../platform/files/spreadsheet.ts';
import type { Work } from '../platform/work.ts';
import { billNotFound, dayNotFound } from './errors.ts';
import { presentDays, presentDifferences, staffNames } from './presenter.ts';

type DifferenceFilter = Omit<DifferenceListQuery, 'after' | 'limit'>;
type Paged<Query> = Query & { limit: number };

/** Newest first, one row more than the page holds; so all of these. */
export const listBills = ({ db }: Work, { after, limit, ...filter }: Paged<BillListQuery>): Promise<Bill[]> =>
  db.find(Bill, { where: { ...given(filter), ...before(after) }, order: { id: 'DESC' }, take: limit + 1 });

/** The latest day first; `after` is a day. */
export function listDays(
  { db }: Work,
  { after, limit, from, to, state }: Paged<DayListQuery>,
): Promise<ReconciliationDay[]> {
  const last = after && (!to || after <= to) ? LessThan(after) : undefined;
  const range = last ?? (from && to ? Between(from, to) : to ? LessThanOrEqual(to) : from && MoreThanOrEqual(from));
  const where: FindOptionsWhere<ReconciliationDay> = { ...(state ? { state } : {}), ...(range ? { day: range } : {}) };
  return db.find(ReconciliationDay, { where, order: { day: 'DESC' }, take: limit + 1 });
}

/** All of these that are known, the earliest first. */
export const showDays = async (
  work: Pick<Work, 'db'>,
  { from, to }: { from: string; to: string },
): Promise<ReconciliationDayView[]> =>
  presentDays(
    work,
    await work.db.find(ReconciliationDay, { where: { day: Between(from, to) }, order: { day: 'ASC' } }),
  );

export const listDifferences = (
  { db }: Work,
  { after, limit, ...filter }: Paged<DifferenceListQuery>,
): Promise<Difference[]> =>
  db.find(Difference, { where: { ...asked(filter), ...before(after) }, order: { id: 'DESC' }, take: limit + 1 });

const asked = ({ from, to, undecided, ...filter }: DifferenceFilter): FindOptionsWhere<Difference> => ({
  ...(from || to ? { day: Between(from ?? '', to ?? '9999-12-31') } : {}),
  ...(undecided === undefined ? {} : { state: undecided ? Not('closed' as const) : ('closed' as const) }),
  ...given(filter),
});

const before = (after?: string) => (after ? { id: LessThan(after) } : {});

const given = <Filter extends object>(filter: Filter): { [Key in keyof Filter]?: NonNullable<Filter[Key]> } =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as never;

/** @throws {AppError} bill.not_found */
export async function getBill({ db }: Work, id: string): Promise<Bill> {
  const bill = await db.findOneBy(Bill, { id });
  if (!bill) throw billNotFound();
  return bill;
}

/** @throws {AppError} reconciliation.day_not_found */
export async function getDay({ db }: Work, day: string): Promise<ReconciliationDay> {
  const row = await db.findOneBy(ReconciliationDay, { day });
  if (!row) throw dayNotFound();
  return row;
}

/** Every comparison of a day, the newest first. */
export async function listRuns(work: Work, day: string): Promise<RunView[]> {
  const runs = await work.db.find(ReconciliationRun, { where: { day }, order: { version: 'DESC' } });
  const bills = await work.db.findBy(Bill, { day });
  const names = await staffNames(
    work,
    runs.map(({ startedBy }) => startedBy),
  );
  const versionOf = (id: string | null) => bills.find((bill) => bill.id === id)?.version ?? null;
  return runs.map(({ version, startedAt, endedAt, startedBy, tradeBillId, fundBillId, totals, ...counts }) => ({
    version,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    startedBy: names.get(startedBy ?? '') ?? null,
    tradeVersion: versionOf(tradeBillId),
    fundFlowVersion: versionOf(fundBillId),
    totals,
    found: counts.found,
    appeared: counts.appeared,
    gone: counts.gone,
  }));
}

const ROWS_AT_ONCE = 500;

/** Every difference that the filters find, as a table. */
export function exportDifferences(work: Work, { format: _, ...filter }: DifferenceExportQuery): Sheet {
  return {
    name: filter.day ? `对账差异 ${filter.day}` : '对账差异',
    columns: COLUMNS,
    rows: rowsOf(work, filter),
  };
}

async function* rowsOf(work: Work, filter: DifferenceFilter) {
  for (let after: string | undefined; ;) {
    const rows = await listDifferences(work, { ...filter, after, limit: ROWS_AT_ONCE });
    const page = await presentDifferences(work, rows.slice(0, ROWS_AT_ONCE));
    for (const view of page) yield COLUMNS.map(({ of }) => of(view));
    if (rows.length <= ROWS_AT_ONCE) return;
    after = page.at(-1)!.id;
  }
}

const yuan = (fen: number | null) => (fen === null ? null : fen / 100);

const COLUMNS: (Sheet['columns'][number] & { of: (view: DifferenceView) => string | number | null })[] = [
  { title: '日期', width: 12, kind: 'day', of: ({ day }) => day },
  { title: '类型', width: 12, of: ({ kindWords }) => kindWords },
  { title: '对象', width: 12, of: ({ subjectWords }) => subjectWords },
  { title: '原因', width: 26, of: ({ causeWords }) => causeWords },
  { title: '微信单号', width: 32, of: ({ transactionId }) => transactionId },
  { title: '商户单号', width: 28, of: ({ number }) => number },
  { title: '订单号', width: 20, of: ({ orderNumber }) => orderNumber },
  { title: '账簿（元）', width: 14, kind: 'yuan', of: ({ booksFen }) => yuan(booksFen) },
  { title: '交易账单（元）', width: 14, kind: 'yuan', of: ({ tradeFen }) => yuan(tradeFen) },
  { title: '资金账单（元）', width: 14, kind: 'yuan', of: ({ fundsFen }) => yuan(fundsFen) },
  { title: '笔数', width: 8, of: ({ count }) => count },
  { title: '说明', width: 32, of: ({ note }) => note },
  { title: '状态', width: 10, of: ({ stateWords }) => stateWords },
  { title: '账龄（天）', width: 10, of: ({ ageDays }) => ageDays },
  { title: '处理方式', width: 16, of: ({ resolutionWords, closingWords }) => resolutionWords ?? closingWords },
  { title: '提出人', width: 12, of: ({ proposedBy }) => proposedBy },
  { title: '处理说明', width: 32, of: ({ proposalNote }) => proposalNote },
  { title: '复核人', width: 12, of: ({ decidedBy }) => decidedBy },
];
