import { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import type { Desk } from '../platform/work.ts';
import { askWechat } from './ask-wechat.ts';
import { paymentNotFound } from './errors.ts';

/**
 * The phone says that it paid: that is a hint, so WeChat is asked at once.
 * @throws {AppError} payment.not_found, also for another customer's
 * @throws {UpstreamError}
 */
export async function lookAtPayment(desk: Desk, customerId: string, number: string): Promise<Payment> {
  const payment = await desk.db.findOneBy(Payment, { number });
  const order = payment && (await desk.db.findOneBy(Order, { id: payment.orderId, customerId }));
  if (!payment || !order) throw paymentNotFound();
  return payment.isUnderWay ? askWechat(desk, payment) : payment;
}
