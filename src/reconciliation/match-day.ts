import { In, Not } from 'typeorm';
import { LedgerLine, LedgerPosting } from '../../entities/ledger.ts';
import { Bill, Difference, ReconciliationDay, ReconciliationRun } from '../../entities/reconciliation.ts';
import { fetchFailures, type RunTotals } from '../contracts/reconciliation.ts';
import { balanceOf, type Entry as Posting, holdClosedThrough, post } from '../ledger/index.ts';
import { startOfDay, startOfNextDay } from '../platform/calendar.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import { doEach } from '../platform/jobs/index.ts';
import type { FundRow } from '../platform/wechat-pay/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';
import { mendTasks, openTasks } from '../tasks/index.ts';
import { classify, type Finding, ofMovement, ofRate } from './classify.ts';
import { periodClosed } from './errors.ts';
import { bookedFeeOf, type Entry, keyOf, type ThreeWayJoin } from './join.ts';
import { proveAll } from './prove.ts';
import { type DayBills, joinDay } from './read-sides.ts';
import { recordFindings } from './record.ts';

/** More than that is another merchant's bill, or another day's. */
const MOST_DIFFERENCES = 10_000;

/**
 * The job `reconciliation.match`: compares a day, proves what WeChat can prove, writes down the rest. Comparing again makes a
 * new version and leaves every decision as it is.
 * @throws {AppError} period.closed when somebody asks for it
 */
export async function matchDay(desk: Desk, { day, startedBy }: { day: string; startedBy?: string }): Promise<void> {
  const startedAt = desk.now();
  const bills = await findBills(desk, day);
  if (!bills) return;
  let compared = await compare(desk, day, bills);
  const proved = compared && (await proveAll(desk, compared.findings));
  // What was proved stands in the books now.
  if (proved && proved.length > 0) compared = await compare(desk, day, bills);
  if (!compared) return giveUp(desk, day);
  const { join, findings, leftovers } = compared;
  await desk.transaction(async (work) => {
    if (day <= (await holdClosedThrough(work))) {
      // Of its own accord it comes too late; there is nothing left to do.
      if (!startedBy) return work.unchanged();
      throw periodClosed(day);
    }
    const row = await work.db.findOneOrFail(ReconciliationDay, {
      where: { day },
      ...locked<ReconciliationDay>(work.db),
    });
    const counts = await recordFindings(work, day, { findings, proved: proved ?? [] });
    await bookFees(work, day, { feeFen: bookedFeeOf(join, leftovers), version: row.version + 1 });
    await bookWithdrawals(work, join.movements);
    const totals = await totalsOf(work, day, join);
    const run = {
      id: newId(),
      day,
      version: row.version + 1,
      tradeBillId: bills.trade?.id ?? null,
      fundBillId: bills.funds?.id ?? null,
      startedAt,
      endedAt: work.now(),
      startedBy: startedBy ?? null,
      totals,
      ...counts,
    };
    await work.db.insert(ReconciliationRun, run as never);
    const done = { state: 'matched', version: run.version, matchedAt: work.now(), failure: null } as const;
    await work.db.update(ReconciliationDay, { day }, done);
    await mendTasks(work, null, aboutUnmatched(day));
    if (startedBy)
      work.audit({
        deed: 'day-compared',
        subject: { kind: 'reconciliation-day', id: row.id },
        after: { day, version: run.version },
      });
  });
}

/** Null until both are known. */
async function findBills({ db, config }: Work, day: string): Promise<DayBills | null> {
  const row = await db.findOneBy(ReconciliationDay, { day });
  if (!row || row.trade === 'wanted' || row.fundFlow === 'wanted') return null;
  const current = { mchid: config.WECHAT_PAY_MCHID, day, state: 'current' as const };
  const trade = await db.findOneBy(Bill, { ...current, kind: 'trade' });
  const funds = await db.findOneBy(Bill, { ...current, kind: 'fund_flow' });
  return { trade, funds };
}

interface Compared {
  join: ThreeWayJoin;
  leftovers: Entry[];
  findings: Finding[];
}

/** Null when there are too many differences to be ones. */
async function compare(desk: Desk, day: string, bills: DayBills): Promise<Compared | null> {
  const options = { feeRate: desk.config.WECHAT_PAY_FEE_RATE };
  const join = await joinDay(desk, day, bills, options);
  let leftovers = join.leftovers();
  if (leftovers.length > MOST_DIFFERENCES) return null;
  // What was agreed about and then named once more stands here without its first half.
  if (await isCutInTwo(desk, day, leftovers)) {
    const only = new Set(leftovers.map(keyOf));
    leftovers = (await joinDay(desk, day, bills, { ...options, only })).leftovers();
  }
  const findings: Finding[] = [];
  for (const entry of leftovers) {
    const found = await classify(desk, day, entry);
    if (found) findings.push(found);
  }
  for (const rate of join.otherRates.values()) findings.push(ofRate(day, rate));
  findings.push(...join.movements.filter((row) => !isWithdrawal(row)).map(ofMovement));
  return { join, leftovers, findings };
}

async function isCutInTwo({ db }: Desk, eventDay: string, leftovers: readonly Entry[]): Promise<boolean> {
  const alone = leftovers.filter(({ books }) => !books).map(({ reference }) => reference);
  return alone.length > 0 && (await db.existsBy(LedgerPosting, { eventDay, reference: In(alone), kind: Not('fees') }));
}

async function giveUp(desk: Desk, day: string): Promise<void> {
  desk.log.error({ day }, 'too many differences for a comparison');
  await desk.transaction(async (work) => {
    const row = await work.db.findOneOrFail(ReconciliationDay, {
      where: { day },
      ...locked<ReconciliationDay>(work.db),
    });
    await work.db.update(ReconciliationDay, { day }, { failure: 'too_many_differences', state: 'waiting' });
    await openTasks(work, [
      {
        kind: 'attention',
        // A day that was compared and then no more can be is a task again.
        about: `${aboutUnmatched(day)}:${row.version ?? 0}`,
        title: `${day} 的对账未能完成`,
        note: `${fetchFailures.too_many_differences}。请从微信商户平台下载当日账单后人工上传，或联系技术人员。`,
        dueAt: startOfNextDay(work.now()),
      },
    ]);
  });
}

/** What the tasks begin with that say that a day could not be compared. */
const aboutUnmatched = (day: string) => `day-unmatched:${day}`;

/** One posting a comparison that found other fees than were booked before; the bill is its voucher. */
async function bookFees(work: Transaction, day: string, { feeFen, version }: { feeFen: number; version: number }) {
  const read = await work.db
    .createQueryBuilder(LedgerPosting, 'posting')
    .innerJoin(LedgerLine, 'line', "line.postingId = posting.id AND line.account = 'wechat_pay_fees'")
    .where("posting.kind = 'fees' AND posting.eventDay = :day", { day })
    .select('SUM(line.amountFen)', 'fen')
    .getRawOne<{ fen: string | null }>();
  const amountFen = feeFen - Number(read?.fen ?? 0);
  if (amountFen === 0) return;
  const happenedAt = new Date(startOfNextDay(startOfDay(day)).getTime() - 1);
  await post(work, [
    {
      kind: 'fees',
      reference: `${day}:${version}`,
      orderId: null,
      happenedAt,
      lines: [
        { account: 'wechat_pay_fees', amountFen },
        { account: 'wechat_pay', amountFen: -amountFen },
      ],
    },
  ]);
}

const WITHDRAWALS = new Set(['充值/提现', '充值', '提现']);
const isWithdrawal = ({ business }: FundRow): boolean => WITHDRAWALS.has(business);

/** WeChat's own statement is the voucher of what went to the bank, or came from it. */
async function bookWithdrawals(work: Transaction, movements: readonly FundRow[]): Promise<void> {
  const rows = movements.filter(isWithdrawal);
  const known = await work.db.findBy(LedgerPosting, {
    kind: 'withdrawal',
    reference: In(rows.map(({ flowId }) => flowId)),
  });
  const booked = new Set(known.map(({ reference }) => reference));
  const postings = rows
    .filter(({ flowId }) => !booked.has(flowId))
    .map(({ flowId, at, amountFen }): Posting => ({
      kind: 'withdrawal',
      reference: flowId,
      orderId: null,
      happenedAt: new Date(`${at.replace(' ', 'T')}+08:00`),
      lines: [
        { account: 'bank', amountFen: -amountFen },
        { account: 'wechat_pay', amountFen },
      ],
    }));
  await post(work, postings);
}

async function totalsOf(work: Work, day: string, join: ThreeWayJoin): Promise<RunTotals> {
  return {
    ...join.totals,
    booksClosingFen: await balanceOf(work, 'wechat_pay', day),
    fundsClosingFen: join.fundsClosingFen,
  };
}

/** Compares once more, in the morning, what a query to WeChat may prove by now. */
export async function matchAgain(desk: Desk): Promise<void> {
  const open = { state: 'open' as const };
  const waiting = await desk.db.find(Difference, {
    select: { id: true, day: true },
    where: [
      { ...open, cause: 'missed_notice' },
      { ...open, cause: 'refund_not_finished' },
    ],
  });
  const those = {
    of: new Set(waiting.map(({ day }) => day)),
    about: (day: string) => ({ day }),
    fault: 'a day could not be compared again',
  };
  const fault = await doEach(desk, those, (day) => matchDay(desk, { day }));
  if (fault) throw fault as Error;
}
