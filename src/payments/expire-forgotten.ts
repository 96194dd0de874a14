import { LessThan } from 'typeorm';
import { Order } from '../../entities/order.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';

/** Long after its time an unpaid order must have been closed. */
const LONG_AFTER_MS = 30 * 60_000;
const AT_ONCE = 500;

/** Finds unpaid orders whose closing was given up, and has it tried again. Returns how many. */
export async function expireForgotten(desk: Desk): Promise<number> {
  const forgotten = await desk.db.find(Order, {
    select: { id: true },
    where: { state: 'awaiting_payment', expiresAt: LessThan(new Date(desk.now().getTime() - LONG_AFTER_MS)) },
    order: { expiresAt: 'ASC' },
    take: AT_ONCE,
  });
  await desk.transaction(async (work) => {
    for (const { id } of forgotten)
      await enqueue(work, 'order.expire', { orderId: id }, { key: `order.expire:${id}:again` });
  });
  return forgotten.length;
}
