import { Refund, RefundProposal } from '../../entities/refund.ts';
import { lockOrder } from '../orders/index.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import { insertAll } from '../platform/database/index.ts';
import { newId, newRefundNumber } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';
import { aboveLimit, moreThanLeft, ownProposal, proposalNotFound } from './errors.ts';
import { approvalLimitFen, isOwn } from './policy.ts';
import { subjectOf } from './propose-refund.ts';
import { quoteOf, shareOut } from './quote.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** A second person agreed to a proposal; whoever waits for that adds itself in `reactions.ts`. */
    'refund.approved': { proposalId: string };
    /** A refund is to be handed to WeChat. */
    'refund.send': { refundId: string };
  }
}

/**
 * The second person agrees: the refunds are written down, and sent after the commit.
 * @throws {AppError} refund.proposal_not_found, refund.own_proposal, refund.above_limit, refund.more_than_left,
 * refund.illegal_move when it was decided before
 */
export async function approveRefund(work: Transaction, who: StaffActor, id: string): Promise<RefundProposal> {
  const { proposal, order } = await lockProposal(work, id);
  if (isOwn(who, proposal)) throw ownProposal();
  const limitFen = approvalLimitFen(work, who);
  if (proposal.amountFen > limitFen) throw aboveLimit(limitFen);
  proposal.decide('approved', who.id, work.now());
  const { payments, leftFen } = await quoteOf(work, order, id);
  if (proposal.amountFen > leftFen) throw moreThanLeft(leftFen);
  await work.db.save(RefundProposal, proposal);
  const refunds = shareOut(payments, proposal.amountFen).map(({ payment, amountFen, governmentFen }) =>
    Object.assign(new Refund(), {
      id: newId(),
      number: newRefundNumber(work.now()),
      proposalId: id,
      orderId: order.id,
      paymentId: payment.id,
      transactionId: payment.transactionId!,
      totalFen: payment.amountFen,
      amountFen,
      governmentFen,
      reason: proposal.reason,
      createdAt: work.now(),
    }),
  );
  await insertAll(work.db, Refund, refunds);
  await enqueue(work, 'refund.approved', { proposalId: id });
  for (const refund of refunds) await enqueue(work, 'refund.send', { refundId: refund.id });
  const numbers = refunds.map(({ number }) => number);
  work.audit({
    deed: 'refund-approved',
    subject: subjectOf(proposal),
    after: { amountFen: proposal.amountFen, numbers },
  });
  return proposal;
}

/** @throws {AppError} refund.proposal_not_found, refund.own_proposal, refund.illegal_move when it was decided before */
export async function rejectRefund(
  work: Transaction,
  who: StaffActor,
  id: string,
  note: string,
): Promise<RefundProposal> {
  const { proposal } = await lockProposal(work, id);
  if (isOwn(who, proposal)) throw ownProposal();
  proposal.decide('rejected', who.id, work.now());
  proposal.note = note;
  await work.db.save(RefundProposal, proposal);
  work.audit({ deed: 'refund-rejected', subject: subjectOf(proposal), after: { note } });
  return proposal;
}

/** Whoever proposed it takes it back. @throws {AppError} refund.proposal_not_found, staff.not_allowed, refund.illegal_move */
export async function withdrawRefund(work: Transaction, who: StaffActor, id: string): Promise<RefundProposal> {
  const { proposal } = await lockProposal(work, id);
  if (!isOwn(who, proposal)) throw notAllowed();
  proposal.decide('withdrawn', who.id, work.now());
  await work.db.save(RefundProposal, proposal);
  work.audit({ deed: 'refund-withdrawn', subject: subjectOf(proposal) });
  return proposal;
}

/** The order first, like everybody who changes what belongs to it. */
async function lockProposal(work: Transaction, id: string) {
  const found = await work.db.findOneBy(RefundProposal, { id });
  if (!found) throw proposalNotFound();
  const order = await lockOrder(work, found.orderId);
  return { order, proposal: await work.db.findOneByOrFail(RefundProposal, { id }) };
}
