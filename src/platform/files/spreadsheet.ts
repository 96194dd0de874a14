import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { writeXlsxStream } from 'hucre/xlsx';

export const spreadsheetKinds = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
export type SpreadsheetKind = keyof typeof spreadsheetKinds;

type Cell = string | number | null;

export interface Sheet {
  name: string;
  /** Title and width in characters. */
  columns: readonly { title: string; width: number }[];
  rows: AsyncIterable<Cell[]>;
}

/**
 * A table as a file, written while its rows are read: memory does not grow with them. No text of it is ever taken for a formula: in csv
 * what begins like one gets an apostrophe before it, in xlsx it is written as text.
 */
export function writeSpreadsheet(kind: SpreadsheetKind, sheet: Sheet): Readable {
  return kind === 'csv' ? writeCsv(sheet) : writeXlsx(sheet);
}

function writeCsv({ columns, rows }: Sheet): Readable {
  const writer = stringify({
    // Excel takes a file without the mark for the local code page.
    bom: true,
    escape_formulas: true,
    header: true,
    columns: columns.map(({ title }) => title),
    record_delimiter: 'windows',
  });
  const source = Readable.from(rows, { objectMode: true });
  source.on('error', (error) => writer.destroy(error));
  writer.on('close', () => source.destroy());
  return source.pipe(writer);
}

function writeXlsx({ name, columns, rows }: Sheet): Readable {
  const stream = writeXlsxStream(rows, {
    name,
    columns: columns.map(({ title: header, width }) => ({ header, width })),
    freezePane: { rows: 1 },
  });
  return Readable.fromWeb(stream as never);
}
