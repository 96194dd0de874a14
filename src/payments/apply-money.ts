import { In } from 'typeorm';
import type { DisputedMoney } from '../../entities/disputed-money.ts';
import { Order } from '../../entities/order.ts';
import { Instalment } from '../../entities/order-parts.ts';
import { Payment } from '../../entities/payment.ts';
import { findDueInstalment, takesMoney } from '../orders/index.ts';
import { newId, newPaymentNumber } from '../platform/ids.ts';
import { enqueue, enqueueAll } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';
import { amountDiffers, orderNotPayable } from './errors.ts';
import { post } from '../ledger/index.ts';

/**
 * Counts disputed money as the sale of what is due of an order: what the customer meant to pay. As with every payment, the
 * customer is told, and other attempts are closed.
 * @param order locked by the caller
 * @throws {AppError} order.not_payable, disputed.amount_differs
 */
export async function applyMoney(work: Transaction, money: DisputedMoney, order: Order): Promise<void> {
  const { db } = work;
  const orderId = order.id;
  const instalments = await db.find(Instalment, { where: { orderId }, order: { position: 'ASC' } });
  const due = takesMoney(order) ? findDueInstalment(instalments) : null;
  if (!due) throw orderNotPayable(order.state);
  if (due.amountFen !== money.amountFen) throw amountDiffers(due.amountFen);
  const rivals = await db.findBy(Payment, { instalmentId: due.id, state: In(['created', 'open']) });

  const payment = paymentOf(work, money, due);
  await db.insert(Payment, payment);
  due.settle(payment.id, money.paidAt);
  order.receive(money.amountFen, money.paidAt);
  await db.save(Instalment, due);
  await db.save(Order, order);
  await post(work, [
    {
      kind: 'disputed_applied',
      reference: money.transactionId,
      orderId,
      happenedAt: work.now(),
      lines: [
        { account: 'disputed_money', amountFen: money.amountFen },
        { account: 'advance_from_customers', amountFen: -(money.amountFen - due.governmentFen) },
        { account: 'government_fees_collected', amountFen: -due.governmentFen },
      ],
    },
  ]);
  await enqueue(work, 'payment.settled', { paymentId: payment.id });
  const closings = rivals.map(({ id }) => ({ payload: { paymentId: id }, key: `payment.close:${id}` }));
  await enqueueAll(work, 'payment.close', closings);
}

/** WeChat has the transaction under another number of ours, or of somebody else's; by its id it is found. */
const paymentOf = (work: Transaction, money: DisputedMoney, due: Instalment): Payment =>
  Object.assign(new Payment(), {
    id: newId(),
    number: newPaymentNumber(work.now()),
    orderId: due.orderId,
    instalmentId: due.id,
    way: 'native' as const,
    appid: money.appid,
    mchid: money.mchid,
    description: '待处理款项转入',
    amountFen: money.amountFen,
    state: 'paid' as const,
    expiresAt: work.now(),
    transactionId: money.transactionId,
    paidAt: money.paidAt,
    createdAt: work.now(),
  });
