import { Payment } from '../../entities/payment.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk, Work } from '../platform/work.ts';
import { askWechat, closeAtWechat } from './ask-wechat.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** An attempt has been silent: ask WeChat. */
    'payment.chase': { paymentId: string; step: number };
  }
}

/** A moment after the last one to pay, so that WeChat has closed its door. */
const AFTER_END_MS = 5000;
/** An attempt that has no end although its time is over is asked about no faster than this. */
const AGAIN_MS = 60_000;

/** When the attempt is asked about next: by the configured steps while it can be paid, and once its time is over. */
export function chaseAt(work: Work, payment: Payment, step: number): Date {
  const end = payment.expiresAt.getTime() + AFTER_END_MS;
  const after = work.config.CHASE_AFTER_SECONDS[step];
  const at = after === undefined ? end : Math.min(payment.createdAt.getTime() + after * 1000, end);
  const now = work.now().getTime();
  return new Date(now >= end ? now + AGAIN_MS : Math.max(at, now));
}

/** Asks WeChat about a silent attempt and settles, closes or leaves it; goes on until it has an end. */
export async function chasePayment(
  desk: Desk,
  { paymentId, step }: { paymentId: string; step: number },
): Promise<void> {
  const payment = await desk.db.findOneBy(Payment, { id: paymentId });
  if (!payment?.isUnderWay) return;

  const isOver = desk.now().getTime() >= payment.expiresAt.getTime() + AFTER_END_MS;
  const asked = isOver ? await closeAtWechat(desk, payment) : await askWechat(desk, payment);
  if (!asked.isUnderWay) return;
  const next = step + 1;
  await desk.transaction((work) =>
    enqueue(
      work,
      'payment.chase',
      { paymentId, step: next },
      { runAt: chaseAt(work, payment, next), key: `payment.chase:${paymentId}:${next}` },
    ),
  );
}
