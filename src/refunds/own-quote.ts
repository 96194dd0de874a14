import type { Order } from '../../entities/order.ts';
import { RefundProposal } from '../../entities/refund.ts';
import { type OwnRefundQuoteView, type RefundObstacle, refundObstacles } from '../contracts/refunds.ts';
import type { Work } from '../platform/work.ts';
import { type Quote, quoteOf } from './quote.ts';

/** What the customer could ask for now, or what is in the way. */
export async function quoteOwn(work: Work, order: Order): Promise<OwnRefundQuoteView> {
  const quote = await quoteOf(work, order);
  const isAsked = await work.db.existsBy(RefundProposal, { orderId: order.id, state: 'proposed' });
  const whyNot = isAsked ? 'asked' : obstacleIn(quote);
  const { paidFen, refundedFen, ruleFen, percent, milestoneName, sentences } = quote;
  return {
    paidFen,
    refundedFen,
    amountFen: whyNot ? 0 : ruleFen,
    percent,
    milestoneName,
    sentences,
    whyNot,
    whyNotWords: whyNot && refundObstacles[whyNot],
  };
}

function obstacleIn({ paidFen, refundedFen, leftFen, ruleFen }: Quote): RefundObstacle | null {
  if (paidFen === 0) return 'not_paid';
  if (refundedFen >= paidFen) return 'given_back';
  if (leftFen === 0) return 'too_late';
  return ruleFen === 0 ? 'rule' : null;
}
