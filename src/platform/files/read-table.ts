import { parse } from 'csv-parse';
import { streamXlsxRows } from 'hucre/xlsx';
import { fromBufferPromise } from 'yauzl';

/** Why a file cannot be read as a table. */
export type TableFault = 'not_a_table' | 'too_much_inside' | 'quote_open' | 'line_too_long';

export class UnreadableTable extends Error {
  constructor(
    readonly fault: TableFault,
    /** Where it ends to be one, when that is known. */
    readonly line: number | null = null,
  ) {
    super(fault);
  }
}

export interface TableRow {
  /** As a spreadsheet counts: the first is 1. */
  line: number;
  /** Texts without space around them; the empty ones at the end are left out. Instants are Shanghai clocks, `2026-11-30 18:00:00`. */
  cells: string[];
}

/** Most characters of one line of a csv file: a quote that is never closed must not swallow everything. */
const LONGEST_LINE = 20_000;
const MOST_ENTRIES = 200;
const MOST_BYTES_INSIDE = 200 * 1024 * 1024;
/** No sheet that somebody filled is so much smaller packed; checked from this size on. */
const MOST_RATIO = 200;
const RATIO_FROM_BYTES = 10 * 1024 * 1024;

/**
 * The rows of a csv or xlsx file (its first sheet) that have anything in them, told apart by content. csv in UTF-8, or as Chinese
 * spreadsheets write it, in GB 18030.
 * @throws {UnreadableTable}
 */
export async function* readTable(bytes: Buffer): AsyncGenerator<TableRow> {
  const isZip = bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'));
  for await (const row of isZip ? readXlsx(bytes) : readCsv(bytes)) {
    const end = row.cells.findLastIndex((cell) => cell !== '');
    if (end >= 0) yield { ...row, cells: row.cells.slice(0, end + 1) };
  }
}

async function* readCsv(bytes: Buffer): AsyncGenerator<TableRow> {
  const text = decode(bytes);
  const parser = parse(text, {
    bom: true,
    delimiter: delimiterOf(text),
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: LONGEST_LINE,
  });
  let line = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      line += 1;
      yield { line, cells: cells.map((cell) => cell.trim()) };
    }
  } catch (error) {
    const { code, records = 0 } = error as { code?: string; records?: number };
    if (code === 'CSV_QUOTE_NOT_CLOSED') throw new UnreadableTable('quote_open', records + 1);
    if (code === 'CSV_MAX_RECORD_SIZE') throw new UnreadableTable('line_too_long', records + 1);
    throw error;
  }
}

/** Some spreadsheets write tabs or semicolons: whatever parts the titles. */
function delimiterOf(text: string): string {
  const [titles = ''] = text.split('\n', 1);
  const countOf = (delimiter: string) => titles.split(delimiter).length;
  return [',', '\t', ';'].toSorted((one, other) => countOf(other) - countOf(one))[0]!;
}

function decode(bytes: Buffer): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      // A picture, an old .xls: nobody's table.
      if (text.includes('\u0000')) break;
      return text;
    } catch {
      // The next one.
    }
  }
  throw new UnreadableTable('not_a_table');
}

async function* readXlsx(bytes: Buffer): AsyncGenerator<TableRow> {
  await assertHarmless(bytes);
  try {
    for await (const { index, values } of streamXlsxRows(bytes)) yield { line: index + 1, cells: values.map(textOf) };
  } catch (error) {
    throw error instanceof UnreadableTable ? error : new UnreadableTable('not_a_table');
  }
}

/** A few kilobytes can hold gigabytes: what is inside is counted before anybody reads it, and the sizes that it names are proved. */
async function assertHarmless(bytes: Buffer): Promise<void> {
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false });
    if (zip.entryCount > MOST_ENTRIES) throw new UnreadableTable('too_much_inside');
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      const { uncompressedSize: size, compressedSize: packed } = entry;
      total += size;
      const isBomb = size > RATIO_FROM_BYTES && size > packed * MOST_RATIO;
      if (total > MOST_BYTES_INSIDE || isBomb) throw new UnreadableTable('too_much_inside');
      // The stream ends with an error where there is more than the entry says.
      for await (const _part of await zip.openReadStreamPromise(entry));
    }
  } catch (error) {
    throw error instanceof UnreadableTable ? error : new UnreadableTable('not_a_table');
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace('T', ' ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).trim()
    : '';
}
