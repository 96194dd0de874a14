import { MoreThanOrEqual } from 'typeorm';
import { LedgerLine, LedgerPosting, LedgerTotal } from '../../entities/ledger.ts';
import type { LedgerAccount } from '../contracts/ledger.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';
import { lockMark, moveMark, readMark } from './marks.ts';

/** Longer than any transaction that books: what carries an older time is committed by then, or never will be. */
const SETTLED_MS = 15 * 60_000;
const POSTINGS_AT_ONCE = 50_000;

/** Sums of both sides of an account, fen, neither negative. */
export interface Sums {
  account: LedgerAccount;
  debitFen: number;
  creditFen: number;
}

/**
 * Sums up what was booked since the last time, so that a trial balance need not read every line that ever was. Takes many
 * turns when there is much.
 */
export async function sumUp(desk: Desk): Promise<void> {
  for (let more = true; more;) more = await desk.transaction(sumUpSome);
}

/** @returns whether there is more */
async function sumUpSome(work: Transaction): Promise<boolean> {
  const from = instantOf(await lockMark(work, 'totals_before'));
  const settled = new Date(work.now().getTime() - SETTLED_MS);
  const before = new Date(Math.min(settled.getTime(), (await endOfTurn(work, from)).getTime()));
  if (before <= from) return false;
  const sums = await select(work)
    .addSelect('posting.day', 'day')
    .addGroupBy('posting.day')
    .where('posting.postedAt >= :from AND posting.postedAt < :before', { from, before })
    .getRawMany<Record<keyof Sums | 'day', string>>();
  for (const { day, ...read } of sums) await addUp(work, day, numbersOf(read));
  await moveMark(work, 'totals_before', before.toISOString());
  return before < settled;
}

/** Where so many postings are summed up; at least one instant further, however many there are in it. */
async function endOfTurn({ db }: Transaction, from: Date): Promise<Date> {
  const [last] = await db.find(LedgerPosting, {
    select: { id: true, postedAt: true },
    where: { postedAt: MoreThanOrEqual(from) },
    order: { postedAt: 'ASC' },
    skip: POSTINGS_AT_ONCE,
    take: 1,
  });
  return last ? new Date(Math.max(last.postedAt.getTime(), from.getTime() + 1)) : new Date(8.64e15);
}

async function addUp({ db }: Transaction, day: string, { account, debitFen, creditFen }: Sums): Promise<void> {
  const known = await db.findOneBy(LedgerTotal, { day, account });
  if (!known) return void (await db.insert(LedgerTotal, { day, account, debitFen, creditFen }));
  const sums = { debitFen: known.debitFen + debitFen, creditFen: known.creditFen + creditFen };
  await db.update(LedgerTotal, { day, account }, sums);
}

/** What stands on each account in the books of some Shanghai days. */
export async function readTotals(work: Pick<Work, 'db'>, days: { from?: string; to: string }): Promise<Sums[]> {
  for (;;) {
    const mark = await readMark(work, 'totals_before');
    const sums = await readSums(work, instantOf(mark), { from: '', ...days });
    // Summed up meanwhile, some lines would count twice.
    if ((await readMark(work, 'totals_before')) === mark) return sums;
  }
}

async function readSums(work: Pick<Work, 'db'>, mark: Date, days: { from: string; to: string }): Promise<Sums[]> {
  const old = await work.db
    .createQueryBuilder(LedgerTotal, 'total')
    .select('total.account', 'account')
    .addSelect('SUM(total.debitFen)', 'debitFen')
    .addSelect('SUM(total.creditFen)', 'creditFen')
    .where('total.day >= :from AND total.day <= :to', days)
    .groupBy('total.account')
    .getRawMany<Record<keyof Sums, string>>();
  const recent = await select(work)
    .where('posting.postedAt >= :mark', { mark })
    .andWhere('posting.day >= :from AND posting.day <= :to', days)
    .getRawMany<Record<keyof Sums, string>>();
  const sums = new Map<LedgerAccount, Sums>();
  for (const { account, debitFen, creditFen } of [...old, ...recent].map(numbersOf)) {
    const before = sums.get(account) ?? { account, debitFen: 0, creditFen: 0 };
    sums.set(account, { account, debitFen: before.debitFen + debitFen, creditFen: before.creditFen + creditFen });
  }
  return [...sums.values()];
}

/** The same without what was summed up before: reads every line. For proving the totals. */
export async function readEveryLine(work: Pick<Work, 'db'>): Promise<Sums[]> {
  return (await select(work).getRawMany<Record<keyof Sums, string>>()).map(numbersOf);
}

/** Postings that do not sum to zero, or whose lines are gone; so many of them at most, by kind and reference. */
export const findUnbalanced = async ({ db }: Pick<Work, 'db'>, limit: number): Promise<string[]> => {
  const rows = await db
    .createQueryBuilder(LedgerPosting, 'posting')
    .leftJoin(LedgerLine, 'line', 'line.postingId = posting.id')
    .select('posting.kind', 'kind')
    .addSelect('posting.reference', 'reference')
    .groupBy('posting.id')
    .addGroupBy('posting.kind')
    .addGroupBy('posting.reference')
    .having('COALESCE(SUM(line.amountFen), 1) <> 0')
    .limit(limit)
    .getRawMany<{ kind: string; reference: string }>();
  return rows.map(({ kind, reference }) => `${kind} ${reference}`);
};

const select = ({ db }: Pick<Work, 'db'>) =>
  db
    .createQueryBuilder(LedgerPosting, 'posting')
    .innerJoin(LedgerLine, 'line', 'line.postingId = posting.id')
    .select('line.account', 'account')
    .addSelect('SUM(CASE WHEN line.amountFen > 0 THEN line.amountFen ELSE 0 END)', 'debitFen')
    .addSelect('SUM(CASE WHEN line.amountFen < 0 THEN -line.amountFen ELSE 0 END)', 'creditFen')
    .groupBy('line.account');

/** MySQL gives sums as text. */
const numbersOf = ({ account, debitFen, creditFen }: Record<keyof Sums, string>): Sums => ({
  account: account as LedgerAccount,
  debitFen: Number(debitFen),
  creditFen: Number(creditFen),
});

const instantOf = (mark: string): Date => new Date(mark || 0);
