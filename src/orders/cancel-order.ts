import { Instalment } from '../../entities/order-parts.ts';
import { Order } from '../../entities/order.ts';
import type { CancelReason } from '../contracts/states.ts';
import { updateAll } from '../platform/database/index.ts';
import type { Transaction } from '../platform/work.ts';
import { orderNotCancellable } from './errors.ts';
import { canCancel } from './policy.ts';

/**
 * Ends an unpaid order. The caller holds its lock and has closed its payments at WeChat.
 * @throws {AppError} order.not_cancellable
 */
export async function cancelOrder(work: Transaction, order: Order, reason: CancelReason): Promise<void> {
  if (!canCancel(order)) throw orderNotCancellable(order.state);
  order.cancel(reason, work.now());
  await work.db.save(Order, order);
  const instalments = await work.db.findBy(Instalment, { orderId: order.id });
  for (const instalment of instalments) instalment.moveTo('void');
  await updateAll(work.db, Instalment, instalments, ['state']);
}
