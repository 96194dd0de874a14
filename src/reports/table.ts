import type { ReportColumnView, ReportRowView } from '../contracts/reports.ts';

/** What a report is made of. */
export interface Table {
  columns: readonly ReportColumnView[];
  rows: ReportRowView[];
  totals: ReportRowView;
}

/** Sums of columns over the rows. */
export const addUp = (rows: readonly ReportRowView[], codes: readonly string[]): Record<string, number> =>
  Object.fromEntries(codes.map((code) => [code, rows.reduce((sum, { cells }) => sum + Number(cells[code] ?? 0), 0)]));

/** Of the columns that are amounts or counts. */
export const codesOf = (columns: readonly ReportColumnView[]): string[] =>
  columns.filter(({ kind }) => kind === 'fen' || kind === 'count').map(({ code }) => code);

/** The largest, where there is one. */
export function largest(rows: readonly ReportRowView[], code: string): number | null {
  const given = rows.flatMap(({ cells }) => (typeof cells[code] === 'number' ? [cells[code]] : []));
  return given.length > 0 ? Math.max(...given) : null;
}
