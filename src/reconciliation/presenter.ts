import { In } from 'typeorm';
import { KeptFile } from '../../entities/kept-file.ts';
import { Order } from '../../entities/order.ts';
import { type Bill, Difference, type ReconciliationDay, ReconciliationRun } from '../../entities/reconciliation.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import {
  billKinds,
  billSources,
  billStates,
  type BillView,
  closings,
  dayStates,
  differenceCauses,
  differenceKinds,
  differenceStates,
  differenceSubjects,
  type DifferenceView,
  fetchFailures,
  fetchStates,
  type ReconciliationDayView,
  resolutions,
} from '../contracts/reconciliation.ts';
import { daysBetween, shanghaiDay } from '../platform/calendar.ts';
import type { Work } from '../platform/work.ts';

export async function presentBills(work: Work, bills: readonly Bill[]): Promise<BillView[]> {
  const names = await staffNames(
    work,
    bills.map(({ keptBy }) => keptBy),
  );
  return bills.map(({ id, kind, mchid, day, version, source, state, reason, sha1, bytes, totals, keptAt, keptBy }) => ({
    id,
    kind,
    kindWords: billKinds[kind],
    mchid,
    day,
    version,
    source,
    sourceWords: billSources[source],
    state,
    stateWords: billStates[state],
    reason: reason && '该日已结账，留存待查',
    sha1,
    bytes,
    totals,
    keptAt: keptAt.toISOString(),
    keptBy: names.get(keptBy ?? '') ?? null,
  }));
}

export async function presentDays(
  work: Pick<Work, 'db'>,
  days: readonly ReconciliationDay[],
): Promise<ReconciliationDayView[]> {
  const within = { day: In(days.map(({ day }) => day)) };
  const runs = await work.db.findBy(ReconciliationRun, within);
  const counts = await work.db
    .createQueryBuilder(Difference, 'difference')
    .select('difference.day', 'day')
    .addSelect('COUNT(*)', 'count')
    .addSelect("SUM(CASE WHEN difference.state <> 'closed' THEN 1 ELSE 0 END)", 'open')
    .where('difference.day IN (:...days)', { days: ['', ...days.map(({ day }) => day)] })
    .groupBy('difference.day')
    .getRawMany<{ day: string; count: string; open: string }>();
  return days.map(({ day, state, trade, fundFlow, failure, nextTryAt, version, matchedAt }) => {
    const count = counts.find((one) => one.day === day);
    return {
      day,
      state,
      stateWords: dayStates[state],
      trade,
      tradeWords: fetchStates[trade],
      fundFlow,
      fundFlowWords: fetchStates[fundFlow],
      failure,
      failureWords: failure && fetchFailures[failure],
      nextTryAt: nextTryAt?.toISOString() ?? null,
      version: version || null,
      matchedAt: matchedAt?.toISOString() ?? null,
      totals: runs.find((run) => run.day === day && run.version === version)?.totals ?? null,
      openDifferences: Number(count?.open ?? 0),
      differences: Number(count?.count ?? 0),
    };
  });
}

export async function presentDifferences(work: Work, rows: readonly Difference[]): Promise<DifferenceView[]> {
  const { db, now } = work;
  const orders = await db.find(Order, {
    select: { id: true, number: true },
    where: { id: In(rows.flatMap(({ orderId }) => orderId ?? [])) },
  });
  const files = await db.findBy(KeptFile, { id: In(rows.flatMap(({ attachmentId }) => attachmentId ?? [])) });
  const names = await staffNames(
    work,
    rows.flatMap(({ proposedBy, decidedBy }) => [proposedBy, decidedBy]),
  );
  const numbers = new Map(orders.map(({ id, number }) => [id, number]));
  const fileNames = new Map(files.map(({ id, name }) => [id, name]));
  const today = shanghaiDay(now());
  return rows.map((row) => ({
    id: row.id,
    day: row.day,
    kind: row.kind,
    kindWords: differenceKinds[row.kind],
    cause: row.cause,
    causeWords: differenceCauses[row.cause],
    subject: row.subject,
    subjectWords: differenceSubjects[row.subject],
    transactionId: row.transactionId,
    number: row.number,
    orderNumber: numbers.get(row.orderId ?? '') ?? null,
    booksFen: row.booksFen,
    tradeFen: row.tradeFen,
    fundsFen: row.fundsFen,
    adjustFen: row.adjustFen,
    count: row.count,
    note: row.note,
    state: row.state,
    stateWords: differenceStates[row.state],
    ageDays: daysBetween(row.day, row.state === 'closed' ? shanghaiDay(row.decidedAt!) : today),
    closing: row.closing,
    closingWords: row.closing && closings[row.closing],
    resolution: row.resolution,
    resolutionWords: row.resolution && resolutions[row.resolution],
    account: row.account,
    proposalNote: row.proposalNote,
    attachment: fileNames.get(row.attachmentId ?? '') ?? null,
    proposedBy: names.get(row.proposedBy ?? '') ?? null,
    proposedAt: row.proposedAt?.toISOString() ?? null,
    decidedBy: names.get(row.decidedBy ?? '') ?? null,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decisionNote: row.decisionNote,
  }));
}

export async function staffNames({ db }: Work, ids: readonly (string | null)[]): Promise<Map<string, string>> {
  const members = await db.findBy(StaffMember, { id: In(ids.flatMap((id) => id ?? [])) });
  return new Map(members.map(({ id, name }) => [id, name]));
}
