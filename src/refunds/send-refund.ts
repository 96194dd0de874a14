import { In, IsNull, LessThan } from 'typeorm';
import { Refund } from '../../entities/refund.ts';
import { NOTICE_PATH } from '../payments/index.ts';
import { UpstreamError } from '../platform/errors.ts';
import { doEach, NotYet } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';
import { mendTasks } from '../tasks/index.ts';
import { aboutRefund, askForAttention, lockRefund, reopenDisputed, settleRefund } from './settle-refund.ts';

const MINUTE_MS = 60_000;
/** Somebody tops the account up meanwhile. */
const FUNDS_MS = 30 * MINUTE_MS;
/** Refunds of one order a minute apart (global documentation, chapter 3.4.3). */
const AGAIN_MS = 70_000;
const FORGOTTEN_MS = 10 * MINUTE_MS;
const AT_ONCE = 500;

/**
 * The job `refund.send`: hands a refund to WeChat, always under the same number with the same content, so a repeat is the same
 * refund. An unknown outcome is asked for again in the same words.
 * @throws {NotYet} while the account has too little, or another refund of the order was just before
 * @throws {UpstreamError} when nobody knows whether it was accepted
 */
export async function sendRefund(desk: Desk, { refundId }: { refundId: string }): Promise<void> {
  const refund = await desk.db.findOneByOrFail(Refund, { id: refundId });
  if (refund.state !== 'approved') return;
  try {
    const fact = await desk.pay.refund({
      outRefundNo: refund.number,
      transactionId: refund.transactionId,
      amountFen: refund.amountFen,
      totalFen: refund.totalFen,
      reason: refund.reason,
      notifyUrl: `${desk.config.PUBLIC_ORIGIN}${NOTICE_PATH}`,
    });
    await desk.transaction((work) => settleRefund(work, fact));
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    await whatOfRefusal(desk, refund, error);
  }
}

async function whatOfRefusal(desk: Desk, { id, number }: Refund, error: UpstreamError): Promise<void> {
  if (error.kind === 'rate_limited') throw new NotYet(new Date(desk.now().getTime() + AGAIN_MS));
  if (error.kind !== 'refused') throw error;
  // A refusal is not signed: what became of it is what the query says.
  const fact = await desk.pay.findByOutRefundNo(number);
  if (fact) return desk.transaction((work) => settleRefund(work, fact));
  const isShort = error.code === 'not_enough';
  await noteFailure(desk, id, error.code, isShort ? 'approved' : 'failed');
  if (isShort) throw new NotYet(new Date(desk.now().getTime() + FUNDS_MS));
}

async function noteFailure(desk: Desk, id: string, failure: string, state: 'approved' | 'failed'): Promise<void> {
  await desk.transaction(async (work) => {
    const { refund, order } = await lockRefund(work, await work.db.findOneByOrFail(Refund, { id }));
    if (refund.state !== 'approved') return;
    refund.failure = failure.slice(0, 64);
    if (state === 'failed') {
      refund.moveTo('failed');
      refund.endedAt = work.now();
    }
    await work.db.save(Refund, refund);
    // Of all attempts that find too little, one task.
    if (state === 'approved') return askForAttention(work, order, refund, '余额不足，退款等待中', failure);
    await mendTasks(work, null, aboutRefund(refund));
    await reopenDisputed(work, refund);
    await askForAttention(work, order, refund, '退款被微信拒绝');
  });
}

/** The job `refund.look`: a notice came, or nothing was heard for a while. */
export async function lookAtRefund(desk: Desk, { number }: { number: string }): Promise<void> {
  const fact = await desk.pay.findByOutRefundNo(number);
  if (fact) await desk.transaction((work) => settleRefund(work, fact));
}

/**
 * Refunds of which nothing was heard: their notice may be lost, or whatever should have sent them. Asking and sending again do no
 * harm.
 */
export async function lookAtForgotten(desk: Desk): Promise<void> {
  const since = LessThan(new Date(desk.now().getTime() - FORGOTTEN_MS));
  const forgotten = await desk.db.find(Refund, {
    where: [
      { state: In(['processing', 'abnormal']), acceptedAt: since },
      { state: 'approved', failure: IsNull(), createdAt: since },
    ],
    order: { id: 'ASC' },
    take: AT_ONCE,
  });
  const those = {
    of: forgotten,
    about: ({ number }: Refund) => ({ refund: number }),
    fault: 'a refund could not be looked at',
  };
  await doEach(desk, those, ({ id, number, state }) =>
    state === 'approved' ? sendRefund(desk, { refundId: id }) : lookAtRefund(desk, { number }),
  );
}
