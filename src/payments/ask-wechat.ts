import { Payment } from '../../entities/payment.ts';
import { lockOrder } from '../orders/index.ts';
import { isPaid, type TransactionFact } from '../platform/wechat-pay/index.ts';
import type { Desk } from '../platform/work.ts';
import { settlePayments } from './settle-payment.ts';

/**
 * Asks WeChat what became of an attempt and writes the answer down: settles it, closes it, or leaves it.
 * @returns the payment as it is now
 * @throws {UpstreamError}
 */
export async function askWechat(desk: Desk, payment: Payment): Promise<Payment> {
  const fact = await desk.pay.findByOutTradeNo(payment.number);
  if (fact && isPaid(fact)) {
    await desk.transaction((work) => settlePayments(work, [fact]), { retryDuplicates: true });
    // Paid at WeChat and not the sale: its money is disputed, and nobody can pay this number again.
    await markClosed(desk, payment.id);
  } else if (fact && isOver(fact)) {
    await markClosed(desk, payment.id);
  }
  return desk.db.findOneByOrFail(Payment, { id: payment.id });
}

const isOver = (fact: TransactionFact) => fact.state === 'closed' || fact.state === 'revoked';

/**
 * Ends an attempt at WeChat. It is asked first how the attempt stands, and whatever it says to the closing but “closed”, it is asked
 * again: a payment may have come before (documentation 4013070360; development instructions, “Closed-loop Transactions”).
 * @returns the payment as it is now: closed, or paid
 * @throws {UpstreamError} when WeChat gives no answer: the attempt is still under way
 */
export async function closeAtWechat(desk: Desk, payment: Payment): Promise<Payment> {
  const asked = await askWechat(desk, payment);
  if (!asked.isUnderWay) return asked;
  const outcome = await desk.pay.close(payment.number);
  if (outcome === 'paid') return askWechat(desk, payment);
  // An order call may still be on its way to WeChat; once it cannot be paid any more, there is nothing to wait for.
  const after = outcome === 'not-found' ? await askWechat(desk, payment) : asked;
  if (after.isUnderWay) await markClosed(desk, payment.id);
  return desk.db.findOneByOrFail(Payment, { id: payment.id });
}

async function markClosed(desk: Desk, paymentId: string): Promise<void> {
  await desk.transaction(async (work) => {
    const { orderId } = await work.db.findOneByOrFail(Payment, { id: paymentId });
    await lockOrder(work, orderId);
    const payment = await work.db.findOneByOrFail(Payment, { id: paymentId });
    if (!payment.isUnderWay) return;
    payment.close(work.now());
    await work.db.save(Payment, payment);
  });
}
