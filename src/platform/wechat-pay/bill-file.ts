import { BillFault, readLines } from './bill-lines.ts';
import { countOf, feeFenOf, fenOf } from './bill-numbers.ts';

/** How a kind of bill is laid out. Columns are found by their names: accounts differ in which they have and where. */
export interface Layout<Row> {
  /** Every name that may stand in the first line. */
  columns: ReadonlySet<string>;
  /** Finds the columns that a row is read by. @throws {BillFault} column_missing */
  bind(find: FindColumn): (fields: readonly string[], read: ReadField) => Row;
  /** What the last line must say, by the name of its column. */
  summary: Readonly<Record<string, { kind: 'count' | 'fen' | 'fee'; add: (row: Row) => number }>>;
  /** Names that must stand in the line before it. */
  summaryNeeds: readonly string[];
}

/** @param names older names of the same column after the present one; null when an optional one is not there */
export type FindColumn = (names: readonly string[], isOptional?: boolean) => Column | null;

export interface Column {
  at: number;
  name: string;
}

export interface ReadField {
  fen(column: Column): number;
  fee(column: Column): number;
  fault(column: Column): BillFault;
}

const NUMBER_READERS = { count: countOf, fen: fenOf, fee: feeFenOf };
const ROW_MARK = '`';
/** A comma alone may stand in a name; there are no quotes. */
const BETWEEN = ',`';

/**
 * Reads a bill to its end, many rows at a time. Memory does not grow with the file.
 * @param bytes of the uncompressed file
 * @throws {BillFault} at the first thing that is not as promised; the summary line is compared with all rows
 */
export async function* readBillFile<Row>(layout: Layout<Row>, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Row[]> {
  const reader = new BillReader(layout);
  for await (const lines of readLines(bytes)) {
    const rows: Row[] = [];
    for (const line of lines) {
      const row = reader.take(line);
      if (row !== null) rows.push(row);
    }
    if (rows.length > 0) yield rows;
  }
  reader.finish();
}

/** One line after the other. */
class BillReader<Row> {
  private line = 0;
  private width = 0;
  private rowOf: ((fields: readonly string[], read: ReadField) => Row) | null = null;
  private summaryNames: string[] | null = null;
  private isOver = false;
  private readonly sums: number[];
  private readonly summary: [string, Layout<Row>['summary'][string]][];
  private fields: readonly string[] = [];

  constructor(private readonly layout: Layout<Row>) {
    this.summary = Object.entries(layout.summary);
    this.sums = this.summary.map(() => 0);
  }

  take(text: string): Row | null {
    this.line += 1;
    if (this.rowOf === null) {
      this.takeHeader(text);
      return null;
    }
    if (this.summaryNames === null) {
      if (text.startsWith(ROW_MARK)) return this.takeRow(text);
      this.takeSummaryNames(text);
    } else if (!this.isOver) {
      this.compareSummary(text);
    } else if (text !== '') {
      throw new BillFault('more_after_summary', this.line);
    }
    return null;
  }

  /** @throws {BillFault} summary_missing: the file was cut off */
  finish(): void {
    if (this.rowOf === null) throw new BillFault('header_missing', 1);
    if (!this.isOver) throw new BillFault('summary_missing', this.line);
  }

  private takeHeader(text: string): void {
    const names = text.split(',').map((name) => name.trim());
    if (!this.layout.columns.has(names[0]!)) throw new BillFault('header_missing', this.line);
    this.refuseUnknown(names, this.layout.columns);
    this.width = names.length;
    this.rowOf = this.layout.bind((wanted, isOptional = false) => {
      const name = wanted.find((one) => names.includes(one));
      if (name !== undefined) return { at: names.indexOf(name), name };
      if (isOptional) return null;
      throw new BillFault('column_missing', this.line, wanted[0]!);
    });
  }

  private refuseUnknown(names: readonly string[], known: ReadonlySet<string>): void {
    const unknown = names.find((name, at) => !known.has(name) || names.indexOf(name) !== at);
    if (unknown !== undefined) throw new BillFault('column_unknown', this.line, unknown.slice(0, 32));
  }

  private takeRow(text: string): Row {
    this.fields = text.slice(1).split(BETWEEN);
    if (this.fields.length !== this.width) throw new BillFault('row_wrong', this.line);
    const row = this.rowOf!(this.fields, this.read);
    for (let at = 0; at < this.sums.length; at += 1) this.sums[at]! += this.summary[at]![1].add(row);
    return row;
  }

  private readonly read: ReadField = {
    fen: (column) => this.number(column, fenOf),
    fee: (column) => this.number(column, feeFenOf),
    fault: ({ name }) => new BillFault('field_wrong', this.line, name),
  };

  private number({ at, name }: Column, parse: (text: string) => number | null): number {
    const value = parse(this.fields[at]!);
    if (value === null) throw new BillFault('field_wrong', this.line, name);
    return value;
  }

  private takeSummaryNames(text: string): void {
    const names = text.split(',').map((name) => name.trim());
    if (text === '') throw new BillFault('summary_missing', this.line);
    this.refuseUnknown(names, new Set(Object.keys(this.layout.summary)));
    const missing = this.layout.summaryNeeds.find((name) => !names.includes(name));
    if (missing !== undefined) throw new BillFault('column_missing', this.line, missing);
    this.summaryNames = names;
  }

  private compareSummary(text: string): void {
    const values = text.slice(1).split(BETWEEN);
    if (!text.startsWith(ROW_MARK) || values.length !== this.summaryNames!.length)
      throw new BillFault('summary_missing', this.line);
    for (const [at, name] of this.summaryNames!.entries()) {
      const sum = this.sums[this.summary.findIndex(([known]) => known === name)];
      const told = NUMBER_READERS[this.layout.summary[name]!.kind](values[at]!);
      if (told !== sum) throw new BillFault('summary_differs', this.line, name);
    }
    this.isOver = true;
  }
}
