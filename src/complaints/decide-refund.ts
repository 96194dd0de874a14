import { Complaint, ComplaintDeed } from '../../entities/complaint.ts';
import { RefundProposal } from '../../entities/refund.ts';
import type { DecideComplaintRefundBody } from '../contracts/complaints.ts';
import type { ProposeRefundBody } from '../contracts/refunds.ts';
import type { StaffActor } from '../platform/actor.ts';
import { AppError } from '../platform/errors.ts';
import { NotYet } from '../platform/jobs/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { proposeRefund } from '../refunds/index.ts';
import { mediaIdsOf } from './answer-complaint.ts';
import { beginDeed, carryOut } from './deeds.ts';
import { complaintOver, noRefundAsked, orderNotFound, refundNotApproved } from './errors.ts';
import { concernedBy, getServed, lockComplaint } from './find-complaint.ts';

const AGAIN_MS = 60_000;

/**
 * Hands a refund over to those who decide about refunds; nothing goes back before a second person agrees.
 * @throws {AppError} complaint.not_found, order.not_found when no order of ours is known for it, refund.more_than_left,
 * refund.nothing_to_refund, staff.not_allowed, request.invalid
 */
export async function proposeForComplaint(
  work: Transaction,
  who: StaffActor,
  id: string,
  body: ProposeRefundBody,
): Promise<RefundProposal> {
  const { order } = await concernedBy(work, await getServed(work, who, id));
  if (!order) throw orderNotFound();
  const proposal = await proposeRefund(work, who, order.number, body);
  // The order first, like everybody who changes what belongs to it.
  await lockComplaint(work, id);
  await work.db.update(Complaint, { id }, { proposalId: proposal.id });
  work.audit({
    deed: 'complaint-refund-proposed',
    subject: { kind: 'complaint', id },
    after: { proposalId: proposal.id },
  });
  return proposal;
}

/**
 * Tells the payer whether the refund that they asked for is granted. That it is needs a second person's word before.
 * @throws {AppError} complaint.not_found, complaint.over, complaint.no_refund_asked, complaint.refund_not_approved,
 * complaint.deed_under_way, complaint.image_not_found, staff.not_allowed
 */
export async function decideComplaintRefund(
  work: Transaction,
  who: StaffActor,
  id: string,
  body: DecideComplaintRefundBody,
): Promise<ComplaintDeed> {
  const complaint = await getServed(work, who, id);
  if (complaint.problem !== 'refund') throw noRefundAsked();
  if (complaint.state === 'processed') throw complaintOver();
  if (body.decision === 'decline') {
    const mediaIds = await mediaIdsOf(work, id, body.images ?? []);
    return beginDeed(work, id, { kind: 'decline', content: body.reason, mediaIds, createdBy: who.id });
  }
  const { proposalId } = complaint;
  const isApproved = proposalId && (await work.db.existsBy(RefundProposal, { id: proposalId, state: 'approved' }));
  if (!isApproved) throw refundNotApproved();
  return beginDeed(work, id, { kind: 'grant', withinDays: body.withinDays, createdBy: who.id });
}

/**
 * The job `refund.approved`: the payer of a complaint is told at once that the refund is granted, for WeChat takes that word only
 * before the money is back.
 * @throws {NotYet} while another deed is under way
 */
export async function grantApproved(desk: Desk, { proposalId }: { proposalId: string }): Promise<void> {
  const complaint = await desk.db.findOneBy(Complaint, { proposalId });
  if (complaint?.problem !== 'refund') return;
  const { decidedBy } = await desk.db.findOneByOrFail(RefundProposal, { id: proposalId });
  const since = { complaintId: complaint.id, kind: 'grant' as const };
  const before = await desk.db.findOne(ComplaintDeed, { where: since, order: { id: 'DESC' } });
  if (before && before.createdAt >= complaint.raisedAt) return;
  const wanted = { kind: 'grant', withinDays: 0, createdBy: decidedBy! } as const;
  try {
    await carryOut(desk, await desk.transaction((work) => beginDeed(work, complaint.id, wanted)));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'complaint.deed_under_way') throw new NotYet(new Date(desk.now().getTime() + AGAIN_MS));
    if (error.code !== 'complaint.over') throw error;
  }
}
