import { IllegalMove } from '../../entities/illegal-move.ts';
import { KeptFile } from '../../entities/kept-file.ts';
import { Difference } from '../../entities/reconciliation.ts';
import type { DecideResolutionBody, ProposeResolutionBody } from '../contracts/reconciliation.ts';
import { post } from '../ledger/index.ts';
import { settlePayments } from '../payments/index.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import { locked } from '../platform/database/index.ts';
import { isPaid, type PaidFact, type RefundFact } from '../platform/wechat-pay/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';
import { adoptRefund } from '../refunds/index.ts';
import { attachmentNotFound, differenceNotFound, notAdoptable, nothingToBook, ownResolution } from './errors.ts';

/**
 * One person says what becomes of a difference.
 * @throws {AppError} reconciliation.difference_not_found, .nothing_to_book, .not_adoptable, .attachment_not_found, .illegal_move
 */
export async function proposeResolution(
  work: Transaction,
  who: StaffActor,
  id: string,
  { resolution, account, note, attachmentId }: ProposeResolutionBody,
): Promise<Difference> {
  const difference = await lockDifference(work, id);
  if (resolution === 'book' && difference.adjustFen === 0) throw nothingToBook();
  if (resolution === 'adopt' && !isAdoptable(difference)) throw notAdoptable();
  if (attachmentId && !(await work.db.existsBy(KeptFile, { id: attachmentId }))) throw attachmentNotFound();
  difference.moveTo('proposed');
  Object.assign(difference, {
    resolution,
    account: resolution === 'book' ? account : null,
    proposalNote: note,
    attachmentId: attachmentId ?? null,
    proposedBy: who.id,
    proposedAt: work.now(),
    decidedBy: null,
    decisionNote: null,
  });
  await work.db.save(Difference, difference);
  work.audit({ deed: 'difference-proposed', subject: subjectOf(difference), after: { resolution, account, note } });
  return difference;
}

/** Money that came or went under a number that WeChat can be asked about. */
const isAdoptable = ({ kind, subject, number, transactionId }: Difference): boolean =>
  kind === 'only_there' &&
  ((subject === 'payment' && transactionId !== null) || (subject === 'refund' && number !== null));

/**
 * Another person agrees, and it is done, or does not, and it is open again.
 * @throws {AppError} reconciliation.difference_not_found, .own_proposal, .not_adoptable, .illegal_move
 * @throws {UpstreamError} when WeChat must be asked and does not answer: nothing is decided then
 */
export async function decideResolution(
  desk: Desk,
  who: StaffActor,
  id: string,
  { agree, note }: DecideResolutionBody,
): Promise<Difference> {
  const seen = await getDifference(desk, id);
  const fact = agree && seen.state === 'proposed' && seen.resolution === 'adopt' ? await ask(desk, seen) : null;
  return desk.transaction(async (work) => {
    const difference = await lockDifference(work, id);
    // What was sent back or withdrawn still knows what was proposed: nobody agrees to that alone.
    if (difference.state !== 'proposed') throw new IllegalMove('difference', difference.state, 'closed');
    if (difference.proposedBy === who.id) throw ownResolution();
    if (agree) {
      await carryOut(work, difference, fact, who);
      difference.close('decided', work.now());
    } else {
      difference.moveTo('open');
    }
    Object.assign(difference, { decidedBy: who.id, decidedAt: work.now(), decisionNote: note ?? null });
    await work.db.save(Difference, difference);
    const deed = agree ? 'difference-confirmed' : 'difference-refused';
    work.audit({ deed, subject: subjectOf(difference), after: { resolution: difference.resolution, note } });
    return difference;
  });
}

/** Whoever proposed thinks better of it. @throws {AppError} reconciliation.difference_not_found, .illegal_move, staff.not_allowed */
export async function withdrawResolution(work: Transaction, who: StaffActor, id: string): Promise<Difference> {
  const difference = await lockDifference(work, id);
  if (difference.proposedBy !== who.id) throw notAllowed();
  difference.moveTo('open');
  await work.db.save(Difference, difference);
  work.audit({ deed: 'difference-withdrawn', subject: subjectOf(difference) });
  return difference;
}

type Fact = { payment: PaidFact } | { refund: RefundFact };

async function ask(desk: Desk, { subject, transactionId, number }: Difference): Promise<Fact> {
  if (subject === 'payment') {
    const payment = await desk.pay.findByTransactionId(transactionId!);
    if (payment && isPaid(payment)) return { payment };
  } else {
    const refund = await desk.pay.findByOutRefundNo(number!);
    if (refund) return { refund };
  }
  throw notAdoptable();
}

async function carryOut(work: Transaction, difference: Difference, fact: Fact | null, who: StaffActor): Promise<void> {
  if (difference.resolution === 'leave') return;
  if (difference.resolution === 'book') return adjust(work, difference);
  // Proposed meanwhile, after WeChat was asked about something else.
  if (!fact) throw notAdoptable();
  if ('payment' in fact) return void (await settlePayments(work, [fact.payment]));
  const people = { proposedBy: difference.proposedBy!, decidedBy: who.id };
  if (!(await adoptRefund(work, fact.refund, people))) throw notAdoptable();
}

/** Of the event's own day, or of today when that is closed. */
function adjust(work: Transaction, { id, orderId, happenedAt, adjustFen, account }: Difference): Promise<void> {
  return post(work, [
    {
      kind: 'adjustment',
      reference: id,
      orderId,
      happenedAt,
      lines: [
        { account: 'wechat_pay', amountFen: adjustFen },
        { account: account!, amountFen: -adjustFen },
      ],
    },
  ]);
}

const subjectOf = ({ id }: Difference) => ({ kind: 'difference', id }) as const;

/** @throws {AppError} reconciliation.difference_not_found */
export async function getDifference({ db }: Work, id: string): Promise<Difference> {
  const difference = await db.findOneBy(Difference, { id });
  if (!difference) throw differenceNotFound();
  return difference;
}

async function lockDifference({ db }: Transaction, id: string): Promise<Difference> {
  const difference = await db.findOne(Difference, { where: { id }, ...locked<Difference>(db) });
  if (!difference) throw differenceNotFound();
  return difference;
}
