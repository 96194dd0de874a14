import { booksReports, type BooksReportName, type ReportName, reports, type ReportView } from '../contracts/reports.ts';
import type { Work } from '../platform/work.ts';
import { readDaily } from './daily-reconciliation.ts';
import { readMonthly } from './monthly-statement.ts';
import type { Period } from './period.ts';
import { sumBooks } from './sum-books.ts';
import type { Table } from './table.ts';
import { readUnreconciled } from './unreconciled.ts';

/** A report of a period, whole: its rows are services, days, teams, accounts, and never orders. */
export async function readReport(work: Work, name: ReportName, period: Period): Promise<ReportView> {
  const { columns, rows, totals } = await tableOf(work, name, period);
  return {
    name,
    title: reports[name],
    ...period,
    madeAt: work.now().toISOString(),
    columns: [...columns],
    rows,
    totals,
  };
}

function tableOf(work: Work, name: ReportName, period: Period): Promise<Table> {
  if (isOfBooks(name)) return sumBooks(work, name, period);
  const read = {
    'daily-reconciliation': readDaily,
    'monthly-statement': readMonthly,
    unreconciled: readUnreconciled,
  }[name];
  return read(work, period);
}

const isOfBooks = (name: ReportName): name is BooksReportName => name in booksReports;
