import { In, LessThan } from 'typeorm';
import { Refund } from '../../entities/refund.ts';
import { RefundRerouting } from '../../entities/refund-rerouting.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import { cardBanks, type RefundReroutingView, type ReroutingListQuery, reroutingStates } from '../contracts/refunds.ts';
import type { Work } from '../platform/work.ts';
import { refundNotFound, reroutingNotFound } from './errors.ts';

/** Newest first, one row more than the page holds. @throws {AppError} refund.not_found */
export async function listReroutings(
  work: Work,
  { after, limit, state, refundNumber }: ReroutingListQuery & { limit: number },
): Promise<RefundReroutingView[]> {
  const refund = refundNumber ? await work.db.findOneBy(Refund, { number: refundNumber }) : null;
  if (refundNumber && !refund) throw refundNotFound();
  const where = {
    ...(after ? { id: LessThan(after) } : {}),
    ...(state ? { state } : {}),
    ...(refund ? { refundId: refund.id } : {}),
  };
  const rows = await work.db.find(RefundRerouting, { where, order: { id: 'DESC' }, take: limit + 1 });
  return presentReroutings(work, rows);
}

/** @throws {AppError} refund.rerouting_not_found */
export async function getRerouting(work: Work, id: string): Promise<RefundReroutingView> {
  const rerouting = await work.db.findOneBy(RefundRerouting, { id });
  if (!rerouting) throw reroutingNotFound();
  return (await presentReroutings(work, [rerouting]))[0]!;
}

export async function presentReroutings(work: Work, rows: readonly RefundRerouting[]): Promise<RefundReroutingView[]> {
  const refunds = await work.db.findBy(Refund, { id: In(rows.map(({ refundId }) => refundId)) });
  const staffIds = rows.flatMap(({ proposedBy, decidedBy }) => [proposedBy, decidedBy ?? []].flat());
  const members = await work.db.findBy(StaffMember, { id: In(staffIds) });
  const names = new Map(members.map(({ id, name }) => [id, name]));
  return rows.map((row) => {
    const refund = refunds.find(({ id }) => id === row.refundId)!;
    return {
      id: row.id,
      refundNumber: refund.number,
      amountFen: refund.amountFen,
      bank: row.bank,
      bankWords: cardBanks[row.bank],
      cardMasked: `**** ${row.cardTail}`,
      cardHolderMasked: row.holderMasked,
      note: row.note,
      state: row.state,
      stateWords: reroutingStates[row.state],
      failure: row.failure,
      proposedBy: names.get(row.proposedBy) ?? '',
      createdAt: row.createdAt.toISOString(),
      decidedBy: row.decidedBy && (names.get(row.decidedBy) ?? ''),
      decidedAt: row.decidedAt?.toISOString() ?? null,
      decisionNote: row.decisionNote,
    };
  });
}
