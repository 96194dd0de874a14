import { Readable } from 'node:stream';
import { In } from 'typeorm';
import { LedgerLine, LedgerPosting } from '../../entities/ledger.ts';
import type { Bill } from '../../entities/reconciliation.ts';
import { Refund } from '../../entities/refund.ts';
import { shanghaiTime } from '../platform/calendar.ts';
import { instantOf } from '../platform/database/index.ts';
import { readKeptFile } from '../platform/files/keep-file.ts';
import { fundFlowBill, readBillFile, tradeBill } from '../platform/wechat-pay/index.ts';
import type { Work } from '../platform/work.ts';
import { unzip } from './check-bill.ts';
import { type BooksRow, type JoinOptions, ThreeWayJoin } from './join.ts';

/** The files of one day; null: WeChat says that nothing happened. */
export interface DayBills {
  trade: Bill | null;
  funds: Bill | null;
}

const ROWS_AT_ONCE = 5000;
const KINDS = ['payment', 'disputed_payment', 'refund', 'refund_closed'] as const;

/** Reads all three of a day side by side, so that what belongs together meets early. */
export async function joinDay(
  work: Work,
  day: string,
  { trade, funds }: DayBills,
  options: JoinOptions,
): Promise<ThreeWayJoin> {
  const join = new ThreeWayJoin(options);
  await sideBySide([
    sideOf(
      booksOf(work, day),
      (rows) => join.addBooks(rows),
      ({ happenedAt }) => shanghaiTime(happenedAt.toISOString()),
    ),
    sideOf(
      rowsOf(work, trade, tradeBill),
      (rows) => join.addTrade(rows),
      ({ at }) => at,
    ),
    sideOf(
      rowsOf(work, funds, fundFlowBill),
      (rows) => join.addFunds(rows),
      ({ at }) => at,
    ),
  ]);
  return join;
}

interface Side {
  /** Takes what comes next; false at the end. */
  advance(): Promise<boolean>;
  /** How far it is, in Shanghai time. */
  at: string;
}

function sideOf<Row>(batches: AsyncIterable<Row[]>, take: (rows: Row[]) => void, timeOf: (row: Row) => string): Side {
  const iterator = batches[Symbol.asyncIterator]();
  const side: Side = {
    at: '',
    async advance() {
      const next = await iterator.next();
      if (next.done) return false;
      take(next.value);
      if (next.value.length > 0) side.at = timeOf(next.value.at(-1)!);
      return true;
    },
  };
  return side;
}

/** Always goes on with whichever is furthest behind. */
async function sideBySide(sides: Side[]): Promise<void> {
  while (sides.length > 0) {
    const last = sides.reduce((one, other) => (other.at < one.at ? other : one));
    if (!(await last.advance())) sides = sides.filter((side) => side !== last);
  }
}

const rowsOf = <Row>(work: Work, bill: Bill | null, layout: Parameters<typeof readBillFile<Row>>[0]) =>
  bill ? readBillFile(layout, unzip(Readable.from(readKeptFile(work, bill.fileId)))) : none<Row>();

// oxlint-disable-next-line typescript/require-await -- nothing to wait for
async function* none<Row>(): AsyncGenerator<Row[]> {}

/** What the books say of one day, in the order in which it was booked. */
export async function* booksOf(work: Work, day: string): AsyncGenerator<BooksRow[]> {
  for (const kind of KINDS)
    for (let after = ''; ;) {
      const rows = await readPostings(work, { day, kind, after });
      if (rows.length === 0) break;
      yield kind === 'refund' ? await withStates(work, rows) : rows;
      if (rows.length < ROWS_AT_ONCE) break;
      after = rows.at(-1)!.id;
    }
}

type PostingRow = BooksRow & { id: string };

async function readPostings(
  { db }: Work,
  { day, kind, after }: { day: string; kind: BooksRow['kind']; after: string },
): Promise<PostingRow[]> {
  const rows = await db
    .createQueryBuilder(LedgerPosting, 'posting')
    .innerJoin(LedgerLine, 'line', "line.postingId = posting.id AND line.account = 'wechat_pay'")
    .select('posting.id', 'id')
    .addSelect('posting.reference', 'reference')
    .addSelect('posting.orderId', 'orderId')
    .addSelect('posting.happenedAt', 'happenedAt')
    .addSelect('line.amountFen', 'amountFen')
    .where('posting.eventDay = :day AND posting.kind = :kind AND posting.id > :after', { day, kind, after })
    .orderBy('posting.id', 'ASC')
    .limit(ROWS_AT_ONCE)
    .getRawMany<Omit<PostingRow, 'kind'> & { happenedAt: string | Date }>();
  return rows.map((row) => ({ ...row, kind, amountFen: Number(row.amountFen), happenedAt: instantOf(row.happenedAt) }));
}

async function withStates({ db }: Work, rows: readonly PostingRow[]): Promise<PostingRow[]> {
  const refunds = await db.find(Refund, {
    select: { id: true, number: true, state: true },
    where: { number: In(rows.map(({ reference }) => reference)) },
  });
  const states = new Map(refunds.map(({ number, state }) => [number, state]));
  return rows.map((row) => ({ ...row, refundState: states.get(row.reference) }));
}
