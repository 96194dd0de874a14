import { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import type { CancelReason } from '../contracts/states.ts';
import { canCancel, cancelOrder, lockOrder, orderNotCancellable } from '../orders/index.ts';
import type { Desk } from '../platform/work.ts';
import { closeAtWechat } from './ask-wechat.ts';
import { alreadyPaid } from './errors.ts';

/**
 * Ends an unpaid order: first at WeChat, then here; never when WeChat says that it was paid.
 * @throws {AppError} order.not_cancellable, payment.already_paid
 * @throws {UpstreamError} when WeChat gives no answer: the order stays open
 */
export async function closeUnpaidOrder(desk: Desk, orderId: string, reason: CancelReason): Promise<Order> {
  for (;;) {
    const order = await desk.db.findOneByOrFail(Order, { id: orderId });
    if (!canCancel(order)) throw orderNotCancellable(order.state);
    for (const attempt of await attemptsUnderWay(desk, orderId)) {
      const ended = await closeAtWechat(desk, attempt);
      if (ended.state === 'paid') throw alreadyPaid();
    }
    const closed = await desk.transaction(async (work) => {
      const locked = await lockOrder(work, orderId);
      // Another attempt may have been opened since; it must be ended at WeChat as well.
      if ((await attemptsUnderWay(work, orderId)).length > 0) return null;
      await cancelOrder(work, locked, reason);
      return locked;
    });
    if (closed) return closed;
  }
}

async function attemptsUnderWay({ db }: Pick<Desk, 'db'>, orderId: string): Promise<Payment[]> {
  const attempts = await db.findBy(Payment, { orderId });
  return attempts.filter((attempt) => attempt.isUnderWay);
}

/** The time to pay is over. What was paid or cancelled meanwhile is left alone. */
export async function expireOrder(desk: Desk, { orderId }: { orderId: string }): Promise<void> {
  const order = await desk.db.findOneBy(Order, { id: orderId });
  if (!order || !canCancel(order)) return;
  try {
    await closeUnpaidOrder(desk, orderId, 'expired');
  } catch (error) {
    const after = await desk.db.findOneByOrFail(Order, { id: orderId });
    if (canCancel(after)) throw error;
  }
}
