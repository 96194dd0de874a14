import { In } from 'typeorm';
import { LedgerLine, LedgerPosting } from '../../entities/ledger.ts';
import { Order } from '../../entities/order.ts';
import {
  type AccountBalanceView,
  type LedgerAccount,
  ledgerAccounts,
  type PostingKind,
  postingKinds,
  type PostingView,
  type StatementLineView,
  type StatementQuery,
  type TrialBalanceView,
} from '../contracts/ledger.ts';
import { dayBefore } from '../platform/calendar.ts';
import { instantOf } from '../platform/database/index.ts';
import type { Work } from '../platform/work.ts';
import { readTotals, type Sums } from './totals.ts';

const ACCOUNTS = Object.keys(ledgerAccounts) as LedgerAccount[];

/** How every account stands at the end of a Shanghai day. */
export async function trialBalance(work: Work, day: string): Promise<TrialBalanceView> {
  const sums = new Map((await readTotals(work, { to: day })).map((one) => [one.account, one]));
  const accounts = ACCOUNTS.map((account) => present(sums.get(account) ?? { account, debitFen: 0, creditFen: 0 }));
  const total = (side: 'debitFen' | 'creditFen') => accounts.reduce((sum, one) => sum + one[side], 0);
  return { day, accounts, debitFen: total('debitFen'), creditFen: total('creditFen') };
}

/** What an account holds at the end of a day, debit less credit, fen. */
export async function balanceOf(work: Work, account: LedgerAccount, day: string): Promise<number> {
  const sums = (await readTotals(work, { to: day })).find((one) => one.account === account);
  return sums ? sums.debitFen - sums.creditFen : 0;
}

const present = ({ account, debitFen, creditFen }: Sums): AccountBalanceView => ({
  account,
  accountWords: ledgerAccounts[account],
  debitFen,
  creditFen,
  balanceFen: debitFen - creditFen,
});

type StatementRow = StatementLineView & { orderId: string | null };

/** One row more than the page holds; `after` is a line's id. */
export async function readStatement(
  work: Work,
  { account, from, to, after, limit }: StatementQuery & { limit: number },
): Promise<StatementLineView[]> {
  const before = after ? await findPlace(work, after) : null;
  const ofDays = linesOf(work, account).andWhere('posting.day >= :from AND posting.day <= :to', { from, to });
  const query = before
    ? ofDays.andWhere('(posting.day > :day OR (posting.day = :day AND line.id > :after))', { day: before.day, after })
    : ofDays;
  const rows = await query
    .select([
      'line.id AS id',
      'posting.day AS day',
      'posting.eventDay AS eventDay',
      'posting.happenedAt AS happenedAt',
      'posting.kind AS kind',
      'posting.reference AS reference',
      'posting.orderId AS orderId',
      'line.amountFen AS amountFen',
    ])
    .orderBy('posting.day', 'ASC')
    .addOrderBy('line.id', 'ASC')
    .limit(limit + 1)
    .getRawMany<StatementRow>();
  const numbers = await orderNumbers(work, rows);
  let balanceFen = await openingOf(work, account, { from, place: before });
  return rows.map(({ orderId, ...row }) => {
    balanceFen += Number(row.amountFen);
    return {
      ...row,
      amountFen: Number(row.amountFen),
      happenedAt: instantOf(row.happenedAt).toISOString(),
      kindWords: postingKinds[row.kind],
      orderNumber: numbers.get(orderId ?? '') ?? null,
      balanceFen,
    };
  });
}

interface Place {
  id: string;
  day: string;
}

const linesOf = ({ db }: Work, account: LedgerAccount) =>
  db
    .createQueryBuilder(LedgerLine, 'line')
    .innerJoin(LedgerPosting, 'posting', 'posting.id = line.postingId')
    .where('line.account = :account', { account });

async function findPlace({ db }: Work, id: string): Promise<Place | null> {
  const line = await db.findOneBy(LedgerLine, { id });
  const posting = line && (await db.findOneBy(LedgerPosting, { id: line.postingId }));
  return posting ? { id, day: posting.day } : null;
}

/** What the account held before the first line of the page. */
async function openingOf(
  work: Work,
  account: LedgerAccount,
  { from, place }: { from: string; place: Place | null },
): Promise<number> {
  const beforeDay = await balanceOf(work, account, dayBefore(place?.day ?? from));
  if (!place) return beforeDay;
  const read = await linesOf(work, account)
    .andWhere('posting.day = :day AND line.id <= :id', place)
    .select('SUM(line.amountFen)', 'fen')
    .getRawOne<{ fen: string | null }>();
  return beforeDay + Number(read?.fen ?? 0);
}

async function orderNumbers({ db }: Work, rows: readonly StatementRow[]): Promise<Map<string, string>> {
  const orders = await db.find(Order, {
    select: { id: true, number: true },
    where: { id: In(rows.flatMap(({ orderId }) => orderId ?? [])) },
  });
  return new Map(orders.map(({ id, number }) => [id, number]));
}

/** What the books say of one order, oldest first. */
export async function postingsOf({ db }: Work, orderId: string): Promise<PostingView[]> {
  const postings = await db.find(LedgerPosting, { where: { orderId }, order: { id: 'ASC' } });
  const postingId = In(postings.map(({ id }) => id));
  const lines = await db.find(LedgerLine, { where: { postingId }, order: { position: 'ASC' } });
  return postings.map((posting) => ({
    id: posting.id,
    day: posting.day,
    eventDay: posting.eventDay,
    happenedAt: posting.happenedAt.toISOString(),
    postedAt: posting.postedAt.toISOString(),
    kind: posting.kind as PostingKind,
    kindWords: postingKinds[posting.kind as PostingKind],
    reference: posting.reference,
    lines: lines
      .filter((line) => line.postingId === posting.id)
      .map(({ account, amountFen }) => ({
        account: account as LedgerAccount,
        accountWords: ledgerAccounts[account as LedgerAccount],
        amountFen,
      })),
  }));
}
