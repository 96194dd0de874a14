import { Order } from '../../entities/order.ts';
import { RefundProposal } from '../../entities/refund.ts';
import type { AskRefundBody, ProposeRefundBody } from '../contracts/refunds.ts';
import { getOwnOrder, lockOrder } from '../orders/index.ts';
import type { StaffActor } from '../platform/actor.ts';
import { invalid } from '../platform/http/accept.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { alreadyAsked, amountChanged, moreThanLeft, nothingToRefund, orderNotFound } from './errors.ts';
import { quoteOwn } from './own-quote.ts';
import { quoteOf } from './quote.ts';

/** @throws {AppError} order.not_found */
export async function getOrder({ db }: Work, number: string): Promise<Order> {
  const order = await db.findOneBy(Order, { number });
  if (!order) throw orderNotFound();
  return order;
}

/**
 * Staff want money given back; another person decides. Nothing is sent.
 * @throws {AppError} order.not_found, refund.more_than_left, refund.nothing_to_refund; request.invalid when it is another amount
 * than the rule's and nobody says why
 */
export async function proposeRefund(
  work: Transaction,
  who: StaffActor,
  number: string,
  { amountFen, reason, changeReason }: ProposeRefundBody,
): Promise<RefundProposal> {
  const { id } = await getOrder(work, number);
  const order = await lockOrder(work, id);
  const { leftFen, ruleFen } = await quoteOf(work, order);
  if (leftFen === 0) throw nothingToRefund();
  if (amountFen > leftFen) throw moreThanLeft(leftFen);
  if (amountFen !== ruleFen && !changeReason)
    throw invalid([{ field: 'changeReason', message: '与退款规则金额不同，请说明原因' }]);
  const proposal = await insert(work, {
    orderId: id,
    amountFen,
    ruleFen,
    reason,
    changeReason: changeReason ?? null,
    proposedBy: who.id,
  });
  work.audit({
    deed: 'refund-proposed',
    subject: subjectOf(proposal),
    after: { orderNumber: number, amountFen, ruleFen },
  });
  return proposal;
}

/**
 * The customer wants money back: what the service's rule gives, at this moment, if that is what they saw.
 * @throws {AppError} order.not_found, refund.nothing_to_refund, refund.already_asked, refund.amount_changed
 */
export async function askRefund(
  work: Transaction,
  customerId: string,
  number: string,
  { amountFen, reason }: AskRefundBody,
): Promise<RefundProposal> {
  const { id } = await getOwnOrder(work, customerId, number);
  const order = await lockOrder(work, id);
  const quote = await quoteOwn(work, order);
  if (quote.whyNot === 'asked') throw alreadyAsked();
  if (quote.whyNot) throw nothingToRefund();
  if (quote.amountFen !== amountFen) throw amountChanged(quote.amountFen);
  const ruleFen = amountFen;
  return insert(work, { orderId: id, amountFen, ruleFen, reason, changeReason: null, proposedBy: null });
}

async function insert(
  work: Transaction,
  wanted: Pick<RefundProposal, 'orderId' | 'amountFen' | 'ruleFen' | 'reason' | 'changeReason' | 'proposedBy'>,
): Promise<RefundProposal> {
  const proposal = Object.assign(new RefundProposal(), { id: newId(), ...wanted, createdAt: work.now() });
  await work.db.insert(RefundProposal, proposal);
  return proposal;
}

export const subjectOf = ({ id }: RefundProposal) => ({ kind: 'refund-proposal', id });
