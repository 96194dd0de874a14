import { In, IsNull, Not } from 'typeorm';
import { GovernmentPayment } from '../../entities/government-payment.ts';
import type { Order } from '../../entities/order.ts';
import { Instalment, Milestone } from '../../entities/order-parts.ts';
import { Payment } from '../../entities/payment.ts';
import { Refund, RefundProposal } from '../../entities/refund.ts';
import { getServiceVersion, stepInForce } from '../catalogue/index.ts';
import type { RefundQuoteView } from '../contracts/refunds.ts';
import type { Work } from '../platform/work.ts';

/** WeChat gives money back within a year of the payment; a day of it is left for the way (documentation 4013070371). */
const REFUNDABLE_MS = 364 * 24 * 3600_000;
/** At most so many refunds of one payment (documentation 4013070371). */
const MOST_REFUNDS = 50;

/** What of one payment can still be given back. */
export interface RefundablePayment {
  payment: Payment;
  leftFen: number;
  /** The share of it that was collected for an authority. */
  leftGovernmentFen: number;
}

/** What an order can still give back, and what its service's rule says. */
export interface Quote {
  percent: number;
  milestone: string;
  milestoneName: string;
  sentences: string[];
  paidFen: number;
  refundedFen: number;
  passedOnFen: number;
  leftFen: number;
  ruleFen: number;
  /** The newest payment first. */
  payments: RefundablePayment[];
}

/** Refunds whose money is, or will be, gone. */
const COUNTS = Not(In(['closed', 'failed']));

/**
 * @param besides a proposal that is not counted, because it is the one that is being decided
 */
export async function quoteOf(work: Work, order: Order, besides?: string): Promise<Quote> {
  const { db } = work;
  const orderId = order.id;
  const { definition } = await getServiceVersion(work, order.serviceCode, order.serviceVersion);
  const milestones = await db.findBy(Milestone, { orderId });
  const instalments = await db.findBy(Instalment, { orderId });
  const paid = await db.find(Payment, { where: { orderId, state: 'paid' }, order: { paidAt: 'DESC', id: 'DESC' } });
  // Disputed money of the order never was its price.
  const refunds = await db.findBy(Refund, { orderId, disputedId: IsNull(), state: COUNTS });
  const proposals = await db.findBy(RefundProposal, { orderId, state: 'proposed' });
  const waitingFen = sum(proposals.filter(({ id }) => id !== besides).map(({ amountFen }) => amountFen));

  const passedOnFen = await passedOnOf(work, orderId);

  const collected = paid.map((payment) => {
    const own = refunds.filter(({ paymentId }) => paymentId === payment.id);
    const { governmentFen } = instalments.find(({ id }) => id === payment.instalmentId)!;
    return { payment, own, governmentFen };
  });
  const payments = collected.map((one) => leftOf(work, one, passedOnFen));
  const step = stepInForce(definition, milestones);
  const paidFen = sum(paid.map(({ amountFen }) => amountFen));
  const governmentFen = sum(collected.map((one) => one.governmentFen));
  const refundedFen = sum(refunds.map(({ amountFen }) => amountFen)) + waitingFen;
  const leftFen = Math.max(0, sum(payments.map((one) => one.leftFen)) - waitingFen);
  const ownRuleFen = Math.floor(((paidFen - governmentFen) * step.percent) / 100);
  const wholeRuleFen = ownRuleFen + governmentFen - passedOnFen;
  return {
    percent: step.percent,
    milestone: step.from,
    milestoneName: definition.milestones.find(({ code }) => code === step.from)!.name,
    sentences: definition.refund.sentences,
    paidFen,
    refundedFen,
    passedOnFen,
    leftFen,
    ruleFen: Math.min(leftFen, Math.max(0, wholeRuleFen - refundedFen)),
    payments,
  };
}

/** What of an order an authority has by now: it never comes back, fen. */
export const passedOnOf = async ({ db }: Work, orderId: string): Promise<number> =>
  (await db.sum(GovernmentPayment, 'amountFen', { orderId, withdrawnAt: IsNull() })) ?? 0;

interface Collected {
  payment: Payment;
  /** Its refunds. */
  own: Refund[];
  governmentFen: number;
}

/** What an authority has is of the one payment that collected for it: government fees ride on one instalment whole. */
function leftOf(work: Work, { payment, own, governmentFen }: Collected, passedOnFen: number): RefundablePayment {
  const isOver = work.now().getTime() - payment.paidAt!.getTime() > REFUNDABLE_MS || own.length >= MOST_REFUNDS;
  if (isOver) return { payment, leftFen: 0, leftGovernmentFen: 0 };
  const withUsFen = governmentFen - sum(own.map((refund) => refund.governmentFen));
  const goneFen = Math.min(withUsFen, passedOnFen);
  const leftFen = payment.amountFen - sum(own.map(({ amountFen }) => amountFen)) - goneFen;
  return { payment, leftFen: Math.max(0, leftFen), leftGovernmentFen: withUsFen - goneFen };
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** A part of a refund, of one payment. */
export interface Part {
  payment: Payment;
  amountFen: number;
  governmentFen: number;
}

/** Shares an amount out over the payments, the newest first; of each, what was collected for an authority goes back first. */
export function shareOut(payments: readonly RefundablePayment[], amountFen: number): Part[] {
  let restFen = amountFen;
  const parts = payments.map(({ payment, leftFen, leftGovernmentFen }) => {
    const partFen = Math.min(leftFen, restFen);
    restFen -= partFen;
    return { payment, amountFen: partFen, governmentFen: Math.min(partFen, leftGovernmentFen) };
  });
  return parts.filter((part) => part.amountFen > 0);
}

export const presentQuote = (order: Order, { payments: _, ...quote }: Quote): RefundQuoteView => ({
  orderNumber: order.number,
  ...quote,
});
