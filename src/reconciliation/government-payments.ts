import { In, IsNull } from 'typeorm';
import { GovernmentPayment } from '../../entities/government-payment.ts';
import { KeptFile } from '../../entities/kept-file.ts';
import { Order } from '../../entities/order.ts';
import { Refund } from '../../entities/refund.ts';
import type {
  GovernmentFeesView,
  GovernmentPaymentBody,
  GovernmentPaymentView,
  GovernmentWithdrawalBody,
} from '../contracts/government-payments.ts';
import type { PostingKind, PostingView } from '../contracts/ledger.ts';
import { holdClosedThrough, post, postingsOf } from '../ledger/index.ts';
import { lockOrder } from '../orders/index.ts';
import type { StaffActor } from '../platform/actor.ts';
import { shanghaiDay, startOfDay } from '../platform/calendar.ts';
import { invalid } from '../platform/http/accept.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import {
  attachmentNotFound,
  governmentPaymentNotFound,
  moreThanCollected,
  orderNotFound,
  periodClosed,
  receiptKnown,
} from './errors.ts';
import { staffNames } from './presenter.ts';

const COLLECTED = 'government_fees_collected';

/**
 * A fee of an order, collected before, was handed over to the authority: from now on no refund gives it back.
 * @throws {AppError} order.not_found, government.more_than_collected, .receipt_known, period.closed,
 * reconciliation.attachment_not_found; request.invalid for a day that is still to come
 */
export async function recordGovernmentPayment(
  work: Transaction,
  who: StaffActor,
  number: string,
  body: GovernmentPaymentBody,
): Promise<GovernmentPayment> {
  const order = await lockOrder(work, (await getOrder(work, number)).id);
  await assertOpen(work, 'paidOn', body.paidOn);
  const { authority, receiptNumber, attachmentId, amountFen, paidOn } = body;
  const known = { orderId: order.id, authority, receiptNumber, withdrawnAt: IsNull() };
  if (await work.db.existsBy(GovernmentPayment, known)) throw receiptKnown();
  if (attachmentId && !(await work.db.existsBy(KeptFile, { id: attachmentId }))) throw attachmentNotFound();
  const leftFen = await leftSince(work, order.id, paidOn);
  if (amountFen > leftFen) throw moreThanCollected(leftFen);
  const payment = Object.assign(new GovernmentPayment(), {
    id: newId(),
    orderId: order.id,
    ...body,
    attachmentId: attachmentId ?? null,
    recordedBy: who.id,
    recordedAt: work.now(),
  });
  await work.db.insert(GovernmentPayment, payment);
  await book(work, payment, { reference: payment.id, day: paidOn, amountFen });
  work.audit({
    deed: 'government-payment-recorded',
    subject: subjectOf(payment),
    after: { orderNumber: number, ...body },
  });
  return payment;
}

/**
 * It was recorded wrongly, or the authority gave it back: a reversing entry of its own day; the first one stays.
 * @throws {AppError} order.not_found, government.not_found, .illegal_move when it was withdrawn before, period.closed;
 * request.invalid for a day that is still to come, or before the payment
 */
export async function withdrawGovernmentPayment(
  work: Transaction,
  who: StaffActor,
  number: string,
  id: string,
  { day, reason }: GovernmentWithdrawalBody,
): Promise<GovernmentPayment> {
  const order = await lockOrder(work, (await getOrder(work, number)).id);
  const payment = await getGovernmentPayment(work, order, id);
  await assertOpen(work, 'day', day);
  if (day < payment.paidOn) throw invalid([{ field: 'day', message: '不能早于缴纳日期' }]);
  payment.withdraw(day, reason, who.id, work.now());
  await work.db.save(GovernmentPayment, payment);
  await book(work, payment, { reference: `${id}:withdrawn`, day, amountFen: -payment.amountFen });
  work.audit({ deed: 'government-payment-withdrawn', subject: subjectOf(payment), after: { day, reason } });
  return payment;
}

/** Neither in the days to come nor in a closed one. */
async function assertOpen(work: Transaction, field: string, day: string): Promise<void> {
  if (day > shanghaiDay(work.now())) throw invalid([{ field, message: '日期不能晚于今天' }]);
  const closedThrough = await holdClosedThrough(work);
  if (day <= closedThrough) throw periodClosed(closedThrough);
}

/** What the books had of it at the end of that day, and of every day since, at least, and nobody is about to be given back; fen. */
async function leftSince(work: Transaction, orderId: string, since: string): Promise<number> {
  const postings = await postingsOf(work, orderId);
  const ends = [since, ...postings.map(({ day }) => day).filter((day) => day > since)];
  const lowestFen = Math.min(...ends.map((end) => creditOf(postings.filter(({ day }) => day <= end))));
  const notYetAccepted = { orderId, disputedId: IsNull(), state: 'approved' as const };
  const promisedFen = (await work.db.sum(Refund, 'governmentFen', notYetAccepted)) ?? 0;
  return Math.max(0, lowestFen - promisedFen);
}

const creditOf = (postings: readonly PostingView[], kinds?: readonly PostingKind[]): number =>
  postings
    .filter(({ kind }) => !kinds || kinds.includes(kind))
    .flatMap(({ lines }) => lines)
    .reduce((sum, { account, amountFen }) => sum - (account === COLLECTED ? amountFen : 0), 0);

function book(
  work: Transaction,
  { orderId }: GovernmentPayment,
  { reference, day, amountFen }: { reference: string; day: string; amountFen: number },
): Promise<void> {
  return post(work, [
    {
      kind: 'government_fee_passed_on',
      reference,
      orderId,
      happenedAt: startOfDay(day),
      lines: [
        { account: COLLECTED, amountFen },
        { account: 'bank', amountFen: -amountFen },
      ],
    },
  ]);
}

const subjectOf = ({ id }: GovernmentPayment) => ({ kind: 'government-payment', id }) as const;

/** What was collected of an order for authorities, and where it is. @throws {AppError} order.not_found */
export async function showGovernmentFees(work: Work, number: string): Promise<GovernmentFeesView> {
  const { id: orderId } = await getOrder(work, number);
  const postings = await postingsOf(work, orderId);
  const payments = await work.db.find(GovernmentPayment, { where: { orderId }, order: { id: 'ASC' } });
  return {
    orderNumber: number,
    collectedFen: creditOf(postings, ['payment', 'disputed_applied']),
    refundedFen: 0 - creditOf(postings, ['refund', 'refund_closed']),
    passedOnFen: 0 - creditOf(postings, ['government_fee_passed_on']),
    leftFen: creditOf(postings),
    payments: await presentGovernmentPayments(work, number, payments),
  };
}

export async function presentGovernmentPayments(
  work: Work,
  orderNumber: string,
  rows: readonly GovernmentPayment[],
): Promise<GovernmentPaymentView[]> {
  const files = await work.db.findBy(KeptFile, { id: In(rows.flatMap(({ attachmentId }) => attachmentId ?? [])) });
  const names = await staffNames(
    work,
    rows.flatMap(({ recordedBy, withdrawnBy }) => [recordedBy, withdrawnBy]),
  );
  return rows.map((row) => ({
    id: row.id,
    orderNumber,
    amountFen: row.amountFen,
    paidOn: row.paidOn,
    authority: row.authority,
    receiptNumber: row.receiptNumber,
    attachment: files.find(({ id }) => id === row.attachmentId)?.name ?? null,
    recordedBy: names.get(row.recordedBy) ?? '',
    recordedAt: row.recordedAt.toISOString(),
    withdrawnOn: row.withdrawnOn,
    withdrawnReason: row.withdrawnReason,
    withdrawnBy: names.get(row.withdrawnBy ?? '') ?? null,
    withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
  }));
}

/** @throws {AppError} order.not_found, government.not_found, reconciliation.attachment_not_found */
export async function getGovernmentReceipt(work: Work, number: string, id: string): Promise<KeptFile> {
  const { attachmentId } = await getGovernmentPayment(work, await getOrder(work, number), id);
  const file = attachmentId ? await work.db.findOneBy(KeptFile, { id: attachmentId }) : null;
  if (!file) throw attachmentNotFound();
  return file;
}

async function getOrder({ db }: Work, number: string): Promise<Order> {
  const order = await db.findOneBy(Order, { number });
  if (!order) throw orderNotFound();
  return order;
}

async function getGovernmentPayment({ db }: Work, { id: orderId }: Order, id: string): Promise<GovernmentPayment> {
  const payment = await db.findOneBy(GovernmentPayment, { id, orderId });
  if (!payment) throw governmentPaymentNotFound();
  return payment;
}
