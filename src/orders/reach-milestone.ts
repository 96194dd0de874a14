import { Instalment, Milestone } from '../../entities/order-parts.ts';
import { IllegalMove } from '../../entities/illegal-move.ts';
import type { Order } from '../../entities/order.ts';
import { updateAll } from '../platform/database/index.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';
import { milestoneNotFound } from './errors.ts';
import { lockOrder } from './find-order.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** A milestone made an instalment due. */
    'instalment.due': { instalmentId: string };
    /** A milestone was reached, for the first time. */
    'milestone.reached': { orderId: string; code: string };
  }
}

/**
 * Marks a milestone of a paid order as reached; what was waiting for it becomes due. Reaching it again changes nothing.
 * @throws {AppError} order.milestone_not_found
 * @throws {IllegalMove} while the order is unpaid, cancelled or refunded
 */
export async function reachMilestone(work: Transaction, orderId: string, code: string): Promise<Order> {
  const order = await lockOrder(work, orderId);
  const milestone = await work.db.findOneBy(Milestone, { orderId, code });
  if (!milestone) throw milestoneNotFound(code);
  if (milestone.reachedAt) return order;
  if (!['paid', 'in_service', 'completed'].includes(order.state)) throw new IllegalMove('order', order.state, code);

  milestone.reachedAt = work.now();
  await work.db.save(Milestone, milestone);
  const waiting = await work.db.findBy(Instalment, { orderId, milestone: code, state: 'not_due' });
  for (const instalment of waiting) instalment.moveTo('due');
  await updateAll(work.db, Instalment, waiting, ['state']);
  for (const { id } of waiting) await enqueue(work, 'instalment.due', { instalmentId: id });
  await enqueue(work, 'milestone.reached', { orderId, code });
  return order;
}
