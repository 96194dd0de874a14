import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { writeXlsxStream } from 'hucre/xlsx';

export const spreadsheetKinds = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
export type SpreadsheetKind = keyof typeof spreadsheetKinds;

type Cell = string | number | null;

/** What a column is made of: yuan as a number, with two decimals; a calendar day as `YYYY-MM-DD`, which xlsx has as a date; or as it comes. */
type CellKind = 'yuan' | 'day';
const NUMBER_FORMATS: Record<CellKind, string> = { yuan: '#,##0.00', day: 'yyyy-mm-dd' };

interface SheetColumn {
  title: string;
  /** In characters. */
  width: number;
  kind?: CellKind | undefined;
}

export interface Sheet {
  name: string;
  /** A line above the columns' names. */
  heading?: string;
  columns: readonly SheetColumn[];
  rows: AsyncIterable<Cell[]>;
}

/**
 * A table as a file, written while its rows are read: memory does not grow with them. No text of it is ever taken for a formula: in csv
 * what begins like one gets an apostrophe before it, in xlsx it is written as text.
 */
export function writeSpreadsheet(kind: SpreadsheetKind, sheet: Sheet): Readable {
  return kind === 'csv' ? writeCsv(sheet) : writeXlsx(sheet);
}

function writeCsv({ heading, columns, rows }: Sheet): Readable {
  const writer = stringify({
    // Excel takes a file without the mark for the local code page.
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
    // As a number: an apostrophe would be put before what is negative and a text.
    cast: {
      number: (value, { index }) => (columns[index ?? 0]?.kind === 'yuan' ? value.toFixed(2) : String(value)),
    },
  });
  const source = Readable.from(withHead({ heading, columns, rows }), { objectMode: true });
  source.on('error', (error) => writer.destroy(error));
  writer.on('close', () => source.destroy());
  return source.pipe(writer);
}

function writeXlsx({ name, heading, columns, rows }: Sheet): Readable {
  const typed = withHead({ heading, columns, rows: typedRows(columns, rows) });
  const stream = writeXlsxStream(typed, {
    name,
    columns: columns.map(({ width, kind }) => ({ width, ...(kind ? { numFmt: NUMBER_FORMATS[kind] } : {}) })),
    freezePane: { rows: heading === undefined ? 1 : 2 },
  });
  return Readable.fromWeb(stream as never);
}

async function* withHead<Value>({
  heading,
  columns,
  rows,
}: {
  heading: string | undefined;
  columns: readonly SheetColumn[];
  rows: AsyncIterable<Value[]>;
}): AsyncGenerator<(Value | string)[]> {
  if (heading !== undefined) yield [heading];
  yield columns.map(({ title }) => title);
  yield* rows;
}

async function* typedRows(columns: readonly SheetColumn[], rows: AsyncIterable<Cell[]>) {
  for await (const row of rows) yield row.map((cell, at) => (columns[at]?.kind === 'day' ? dateOf(cell) : cell));
}

/** What is no day, like the word of the totals, stays as it is. */
const dateOf = (cell: Cell): Cell | Date =>
  typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(cell) ? new Date(`${cell}T00:00:00Z`) : cell;
