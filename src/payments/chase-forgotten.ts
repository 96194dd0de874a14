import { In, LessThan } from 'typeorm';
import { Payment } from '../../entities/payment.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';

/** Long after its end an attempt must have one. */
const LONG_AFTER_MS = 30 * 60_000;
const AT_ONCE = 500;

/** Finds attempts that should have ended and did not, because asking about them was given up, and asks again. Returns how many. */
export async function chaseForgotten(desk: Desk): Promise<number> {
  const forgotten = await desk.db.find(Payment, {
    where: { state: In(['created', 'open']), expiresAt: LessThan(new Date(desk.now().getTime() - LONG_AFTER_MS)) },
    take: AT_ONCE,
  });
  await desk.transaction(async (work) => {
    for (const { id } of forgotten)
      await enqueue(work, 'payment.chase', { paymentId: id, step: 0 }, { key: `payment.chase:${id}:again` });
  });
  return forgotten.length;
}
