import type { Order } from '../../entities/order.ts';
import type { Instalment } from '../../entities/order-parts.ts';
import type { Payment } from '../../entities/payment.ts';
import type { DisputeReason } from '../contracts/states.ts';
import { takesMoney } from '../orders/index.ts';
import type { PaidFact } from '../platform/wechat-pay/index.ts';

/** What we know of the payment that WeChat speaks of. */
export interface Known {
  payment: Payment;
  instalment: Instalment;
  order: Order;
}

export type Verdict = { is: 'sale' } | { is: 'counted_before' } | { is: 'disputed'; reason: DisputeReason };

const disputed = (reason: DisputeReason): Verdict => ({ is: 'disputed', reason });

/**
 * Is this money the sale? Judged by what the order asked for (`amountFen`), never by what the customer's coupons left to pay.
 * An attempt that we closed, while its instalment is still due, is honoured: the money is real and it is the right amount.
 */
export function judge(fact: PaidFact, known: Known | null): Verdict {
  if (!known) return disputed('unknown');
  const { payment, instalment, order } = known;
  if (payment.transactionId === fact.transactionId) return { is: 'counted_before' };
  if (fact.mchid !== payment.mchid) return disputed('foreign_merchant');
  if (fact.appid !== payment.appid) return disputed('foreign_app');
  if (fact.currency !== 'CNY') return disputed('currency');
  if (fact.amountFen < payment.amountFen) return disputed('short');
  if (fact.amountFen > payment.amountFen) return disputed('over');
  if (payment.state === 'paid' || instalment.state === 'paid') return disputed('double');
  if (!takesMoney(order) || instalment.state !== 'due') return disputed('late');
  return { is: 'sale' };
}
