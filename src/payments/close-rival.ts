import { Payment } from '../../entities/payment.ts';
import type { Desk } from '../platform/work.ts';
import { closeAtWechat } from './ask-wechat.ts';

/** Ends an attempt whose instalment was paid by another one. */
export async function closeRival(desk: Desk, { paymentId }: { paymentId: string }): Promise<void> {
  const payment = await desk.db.findOneBy(Payment, { id: paymentId });
  if (payment?.isUnderWay) await closeAtWechat(desk, payment);
}
