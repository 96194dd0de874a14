import { In } from 'typeorm';
import { Refund } from '../../entities/refund.ts';
import { RefundRerouting } from '../../entities/refund-rerouting.ts';
import type { ProposeReroutingBody } from '../contracts/refunds.ts';
import type { AuditDeed } from '../contracts/staff.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import { maskName } from '../platform/masks.ts';
import type { Transaction } from '../platform/work.ts';
import { aboveLimit, notAbnormal, ownRerouting, refundNotFound, reroutingNotFound, reroutingOpen } from './errors.ts';
import { approvalLimitFen, isOwn } from './policy.ts';
import { lockRefund } from './settle-refund.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** An abnormal refund is to go to a card. */
    'refund.reroute': { reroutingId: string };
  }
}

/** Binds what is sealed to its place. */
export const placeOf = (id: string, what: 'card' | 'holder') => `refund_rerouting.${what}:${id}`;

/**
 * Somebody has the payer's own card for a refund that WeChat could not give back; another person decides.
 * @throws {AppError} refund.not_found, refund.not_abnormal, refund.rerouting_open
 */
export async function proposeRerouting(
  work: Transaction,
  who: StaffActor,
  number: string,
  { bank, cardNumber, cardHolder, note }: ProposeReroutingBody,
): Promise<RefundRerouting> {
  const found = await work.db.findOneBy(Refund, { number });
  if (!found) throw refundNotFound();
  const { refund } = await lockRefund(work, found);
  if (refund.state !== 'abnormal') throw notAbnormal();
  const open = { refundId: refund.id, state: In(['proposed', 'approved']) };
  if (await work.db.existsBy(RefundRerouting, open)) throw reroutingOpen();
  const id = newId();
  const rerouting = Object.assign(new RefundRerouting(), {
    id,
    refundId: refund.id,
    bank,
    cardTail: cardNumber.slice(-4),
    holderMasked: maskName(cardHolder),
    cardSealed: work.vault.seal(cardNumber, placeOf(id, 'card')),
    holderSealed: work.vault.seal(cardHolder, placeOf(id, 'holder')),
    note,
    proposedBy: who.id,
    createdAt: work.now(),
  });
  await work.db.insert(RefundRerouting, rerouting);
  const after = { refundNumber: number, bank, cardTail: rerouting.cardTail };
  work.audit({ deed: 'refund-rerouting-proposed', subject: subjectOf(rerouting), after });
  return rerouting;
}

/**
 * The second person agrees; WeChat is told after the commit.
 * @throws {AppError} refund.rerouting_not_found, refund.own_rerouting, refund.above_limit, refund.not_abnormal,
 * refund.rerouting_illegal_move when it was decided before
 */
export async function approveRerouting(work: Transaction, who: StaffActor, id: string): Promise<RefundRerouting> {
  const { rerouting, refund } = await lockRerouting(work, id);
  if (isOwn(who, rerouting)) throw ownRerouting();
  const limitFen = approvalLimitFen(work, who);
  if (refund.amountFen > limitFen) throw aboveLimit(limitFen);
  decide(work, who, rerouting, 'approved');
  if (refund.state !== 'abnormal') throw notAbnormal();
  await enqueue(work, 'refund.reroute', { reroutingId: id });
  return save(work, rerouting, { deed: 'refund-rerouting-approved', after: { refundNumber: refund.number } });
}

/** @throws {AppError} refund.rerouting_not_found, refund.own_rerouting, refund.rerouting_illegal_move */
export async function rejectRerouting(
  work: Transaction,
  who: StaffActor,
  id: string,
  note: string,
): Promise<RefundRerouting> {
  const { rerouting } = await lockRerouting(work, id);
  if (isOwn(who, rerouting)) throw ownRerouting();
  decide(work, who, rerouting, 'rejected');
  rerouting.decisionNote = note;
  return save(work, rerouting, { deed: 'refund-rerouting-rejected', after: { note } });
}

/** Whoever proposed it takes it back. @throws {AppError} refund.rerouting_not_found, staff.not_allowed, refund.rerouting_illegal_move */
export async function withdrawRerouting(work: Transaction, who: StaffActor, id: string): Promise<RefundRerouting> {
  const { rerouting } = await lockRerouting(work, id);
  if (!isOwn(who, rerouting)) throw notAllowed();
  decide(work, who, rerouting, 'withdrawn');
  return save(work, rerouting, { deed: 'refund-rerouting-withdrawn' });
}

function decide(
  work: Transaction,
  who: StaffActor,
  rerouting: RefundRerouting,
  next: 'approved' | 'rejected' | 'withdrawn',
): void {
  rerouting.moveTo(next);
  Object.assign(rerouting, { decidedBy: who.id, decidedAt: work.now() });
}

async function save(
  work: Transaction,
  rerouting: RefundRerouting,
  { deed, after }: { deed: AuditDeed; after?: Record<string, unknown> },
): Promise<RefundRerouting> {
  await work.db.save(RefundRerouting, rerouting);
  work.audit({ deed, subject: subjectOf(rerouting), ...(after ? { after } : {}) });
  return rerouting;
}

/** With its refund, and that one's order first, like everybody. @throws {AppError} refund.rerouting_not_found */
export async function lockRerouting(work: Transaction, id: string) {
  const found = await work.db.findOneBy(RefundRerouting, { id });
  if (!found) throw reroutingNotFound();
  const held = await lockRefund(work, await work.db.findOneByOrFail(Refund, { id: found.refundId }));
  const options = { where: { id }, ...locked<RefundRerouting>(work.db) };
  return { ...held, rerouting: await work.db.findOneOrFail(RefundRerouting, options) };
}

const subjectOf = ({ id }: RefundRerouting) => ({ kind: 'refund-rerouting', id }) as const;
