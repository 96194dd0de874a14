import { yuan } from '../account.ts';
import { beijingTime } from '../numbers.ts';
import type { PaySettings } from '../settings.ts';

/** A bill as a table, and the table of one row that sums it up. */
export interface Sheet {
  columns: readonly string[];
  rows: Iterable<readonly string[]>;
  sumColumns: readonly string[];
  sums: readonly string[];
}

export type CountSpelling = PaySettings['billCounts'];

const BOM = '\uFEFF';
const LINES_IN_A_CHUNK = 2000;

/**
 * The bytes of a bill: CRLF after every line, a backtick before every field but the names, no quoting
 * (WeChat Pay documentation 4013071246, 4013071249).
 */
export function writeSheet({ columns, rows, sumColumns, sums }: Sheet, { hasBom = true } = {}): Buffer {
  const chunks = [Buffer.from(`${hasBom ? BOM : ''}${columns.join(',')}\r\n`)];
  let lines: string[] = [];
  const flush = () => {
    chunks.push(Buffer.from(lines.join('')));
    lines = [];
  };
  for (const row of rows) {
    lines.push(lineOf(row));
    if (lines.length === LINES_IN_A_CHUNK) flush();
  }
  lines.push(`${sumColumns.join(',')}\r\n`, lineOf(sums));
  flush();
  return Buffer.concat(chunks);
}

const lineOf = (fields: readonly string[]): string => `\`${fields.join(',`')}\r\n`;

/** `2026-11-02 10:00:05`, Beijing time. */
export const billTime = (at: number): string => beijingTime(at).slice(0, 19).replace('T', ' ');

/** Fen as yuan with five decimals, of which the last three are noughts: fees are rounded to the fen. */
export const feeYuan = (fen: number): string => `${yuan(fen)}000`;

/** Parts of ten thousand as `0.60%`. */
export const rateText = (rate: number): string => `${(rate / 100).toFixed(2)}%`;

/** Free text on one line. Documented for the fund-flow bill, assumed for the trade bill. */
export const freeText = (text: string): string =>
  text
    .replaceAll('\u0001', ' ')
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\n', String.raw`\n`);

/** @param sample how WeChat's own sample of this bill writes counts */
export const countText = (count: number, spelling: CountSpelling, sample: 'whole' | 'decimal'): string =>
  (spelling === 'samples' ? sample : spelling) === 'decimal' ? `${count}.0` : String(count);

export function* mapRows<T, To>(rows: Iterable<T>, change: (row: T, index: number) => To): Generator<To> {
  let index = 0;
  for (const row of rows) yield change(row, index++);
}
