import { In, LessThan } from 'typeorm';
import { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import { Refund, RefundProposal } from '../../entities/refund.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type { OwnRefundView, ProposalListQuery, RefundProposalView } from '../contracts/refunds.ts';
import type { Work } from '../platform/work.ts';
import { proposalNotFound } from './errors.ts';
import { presentOwn, presentProposal } from './presenter.ts';
import { getOrder } from './propose-refund.ts';

/** Newest first, one row more than the page holds. @throws {AppError} order.not_found */
export async function listProposals(
  work: Work,
  { after, limit, state, orderNumber }: ProposalListQuery & { limit: number },
): Promise<RefundProposalView[]> {
  const order = orderNumber ? await getOrder(work, orderNumber) : null;
  const proposals = await work.db.find(RefundProposal, {
    where: {
      ...(after ? { id: LessThan(after) } : {}),
      ...(state ? { state } : {}),
      ...(order ? { orderId: order.id } : {}),
    },
    order: { id: 'DESC' },
    take: limit + 1,
  });
  return presentProposals(work, proposals);
}

/** @throws {AppError} refund.proposal_not_found */
export async function getProposal(work: Work, id: string): Promise<RefundProposalView> {
  const proposal = await work.db.findOneBy(RefundProposal, { id });
  if (!proposal) throw proposalNotFound();
  return (await presentProposals(work, [proposal]))[0]!;
}

export async function presentProposals(
  work: Work,
  proposals: readonly RefundProposal[],
): Promise<RefundProposalView[]> {
  const { db } = work;
  const refunds = await findRefunds(work, proposals);
  const orders = await db.findBy(Order, { id: In(proposals.map(({ orderId }) => orderId)) });
  const payments = await db.findBy(Payment, { id: In(refunds.flatMap(({ paymentId }) => paymentId ?? [])) });
  const staffIds = proposals.flatMap(({ proposedBy, decidedBy }) => [proposedBy ?? [], decidedBy ?? []].flat());
  const members = await db.findBy(StaffMember, { id: In(staffIds) });
  const known = {
    orderNumbers: new Map(orders.map(({ id, number }) => [id, number])),
    paymentNumbers: new Map(payments.map(({ id, number }) => [id, number])),
    names: new Map(members.map(({ id, name }) => [id, name])),
  };
  return proposals.map((proposal) => presentProposal(proposal, refundsOf(refunds, proposal), known));
}

/** What the customer sees of their order's refunds, newest first. */
export async function listOwn(work: Work, orderId: string): Promise<OwnRefundView[]> {
  const proposals = await work.db.find(RefundProposal, { where: { orderId }, order: { id: 'DESC' } });
  const refunds = await findRefunds(work, proposals);
  return proposals.map((proposal) => presentOwn(proposal, refundsOf(refunds, proposal)));
}

const findRefunds = ({ db }: Work, proposals: readonly RefundProposal[]): Promise<Refund[]> =>
  db.find(Refund, { where: { proposalId: In(proposals.map(({ id }) => id)) }, order: { id: 'ASC' } });

const refundsOf = (refunds: readonly Refund[], { id }: RefundProposal): Refund[] =>
  refunds.filter(({ proposalId }) => proposalId === id);
