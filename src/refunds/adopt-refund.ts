import { Payment } from '../../entities/payment.ts';
import { Refund, RefundProposal } from '../../entities/refund.ts';
import { lockOrder } from '../orders/index.ts';
import { newId } from '../platform/ids.ts';
import type { RefundFact } from '../platform/wechat-pay/index.ts';
import type { Transaction } from '../platform/work.ts';
import { quoteOf } from './quote.ts';
import { settleRefund } from './settle-refund.ts';

const REASON = '在微信商户平台退款';

/**
 * Records a refund that somebody made at WeChat by hand, as if it had been proposed and agreed to here, so that no more than the rest is ever
 * given back and the customer sees it.
 * @param fact signed by WeChat
 * @returns false when the payment is not one of a sale of ours
 */
export async function adoptRefund(
  work: Transaction,
  fact: RefundFact,
  { proposedBy, decidedBy }: { proposedBy: string; decidedBy: string },
): Promise<boolean> {
  const paid = await work.db.findOneBy(Payment, { transactionId: fact.transactionId });
  if (!paid) return false;
  const order = await lockOrder(work, paid.orderId);
  if (!(await work.db.existsBy(Refund, { number: fact.outRefundNo }))) {
    const quote = await quoteOf(work, order);
    const left = quote.payments.find(({ payment }) => payment.id === paid.id);
    const at = work.now();
    const shared = { orderId: order.id, amountFen: fact.amountFen, reason: REASON, createdAt: at };
    const proposal = Object.assign(new RefundProposal(), {
      id: newId(),
      ...shared,
      ruleFen: quote.ruleFen,
      proposedBy,
    });
    proposal.decide('approved', decidedBy, at);
    const refund = Object.assign(new Refund(), {
      id: newId(),
      ...shared,
      number: fact.outRefundNo,
      proposalId: proposal.id,
      paymentId: paid.id,
      transactionId: fact.transactionId,
      totalFen: fact.totalFen,
      governmentFen: Math.min(fact.amountFen, Math.max(0, left?.leftGovernmentFen ?? 0)),
    });
    await work.db.insert(RefundProposal, proposal);
    await work.db.insert(Refund, refund);
  }
  await settleRefund(work, fact);
  return true;
}
