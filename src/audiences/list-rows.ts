import { In, IsNull } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { Order } from '../../entities/order.ts';
import type { MessageTemplate } from '../../templates/messages/index.ts';
import type { FieldFault } from '../contracts/errors.ts';
import { marketingIn } from '../messages/index.ts';
import type { TableRow } from '../platform/files/read-table.ts';
import { check } from '../platform/http/accept.ts';
import type { Work } from '../platform/work.ts';
import type { Column } from './columns.ts';

/** A row that names a person, with what they are told. */
export interface KeptRow {
  line: number;
  customerId: string;
  orderId: string | null;
  facts: Record<string, unknown>;
}

/** A row that does not, and why, in Chinese. */
export interface FaultyRow {
  line: number;
  words: string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_WORDS = 200;

/**
 * Reads rows of a list against the books: who is meant, and whether what they are told fits.
 * @param seen people of rows before, with their line; those of these rows are added
 */
export async function readRows(
  work: Work,
  template: MessageTemplate,
  columns: readonly Column[],
  rows: readonly TableRow[],
  seen: Map<string, number>,
): Promise<{ kept: KeptRow[]; faulty: FaultyRow[] }> {
  const people = await findPeople(work, columns, rows);
  const kept: KeptRow[] = [];
  const faulty: FaultyRow[] = [];
  for (const row of rows) {
    const read = readRow(template, columns, row, people);
    const before = read.person && seen.get(read.person.customerId);
    if (before !== undefined && before !== null) read.faults.push(`与第 ${before} 行是同一位客户，每人只发一条`);
    if (read.faults.length > 0 || !read.person) {
      faulty.push({ line: row.line, words: read.faults.join('；').slice(0, LONGEST_WORDS) });
      continue;
    }
    seen.set(read.person.customerId, row.line);
    kept.push({ line: row.line, ...read.person, facts: read.facts });
  }
  return { kept, faulty };
}

interface Person {
  customerId: string;
  orderId: string | null;
}

const whoColumn = (columns: readonly Column[]) => columns.findIndex((column) => 'who' in column);

function readRow(
  template: MessageTemplate,
  columns: readonly Column[],
  { cells }: TableRow,
  people: ReadonlyMap<string, Person>,
) {
  const faults: string[] = [];
  if (cells.length > columns.length) faults.push(`多出 ${cells.length - columns.length} 列`);
  const who = cells[whoColumn(columns)] ?? '';
  const person = people.get(who) ?? null;
  if (!person) faults.push(who ? '没有找到这个订单或客户' : '没有填写订单编号或客户编号');
  const facts: Record<string, unknown> = {};
  for (const [at, column] of columns.entries()) {
    const text = cells[at] ?? '';
    if ('who' in column || text === '') continue;
    const value = column.read(text);
    const wrong: FieldFault[] = [];
    facts[column.fact] = check(template.facts.shape[column.fact] as never, value, wrong);
    const marketing = marketingIn({ [column.fact]: value });
    const words = wrong.map(({ message }) => column.hint ?? message);
    for (const word of [...words, ...marketing.map(({ message }) => message)]) faults.push(`${column.title}：${word}`);
  }
  return { person, facts, faults };
}

async function findPeople({ db }: Work, columns: readonly Column[], rows: readonly TableRow[]) {
  const at = whoColumn(columns);
  const texts = [...new Set(rows.flatMap(({ cells }) => cells[at] || []))];
  const column = columns[at]!;
  if ('who' in column && column.who === 'customer') {
    const ids = texts.filter((text) => UUID.test(text));
    const customers = await db.find(Customer, { select: { id: true }, where: { id: In(ids), mergedIntoId: IsNull() } });
    return new Map(customers.map(({ id }): [string, Person] => [id, { customerId: id, orderId: null }]));
  }
  const orders = await db.find(Order, {
    select: { id: true, number: true, customerId: true },
    where: { number: In(texts) },
  });
  return new Map(orders.map(({ id, number, customerId }): [string, Person] => [number, { customerId, orderId: id }]));
}
