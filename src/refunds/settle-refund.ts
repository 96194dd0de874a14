import { IsNull } from 'typeorm';
import { DisputedMoney } from '../../entities/disputed-money.ts';
import { Order } from '../../entities/order.ts';
import { Refund } from '../../entities/refund.ts';
import type { RefundState } from '../contracts/refunds.ts';
import { lockOrder } from '../orders/index.ts';
import { post } from '../ledger/index.ts';
import { locked } from '../platform/database/index.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { RefundFact } from '../platform/wechat-pay/index.ts';
import type { Transaction } from '../platform/work.ts';
import { recogniseRevenue } from '../revenue/index.ts';
import { mendTasks, openTasks } from '../tasks/index.ts';
import { passedOnOf } from './quote.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** The customer has the money back. */
    'refund.succeeded': { refundId: string };
  }
}

const STATES: Partial<Record<RefundFact['state'], RefundState>> = {
  processing: 'processing',
  success: 'succeeded',
  closed: 'closed',
  abnormal: 'abnormal',
};
const WHAT_TO_DO: Partial<Record<RefundState, string>> = {
  abnormal: '请联系客户，核实其本人借记卡后提出改退银行卡。',
};
const WITHIN_MS = 4 * 3600_000;

/**
 * The only way in which a refund goes on, whoever brings the news: the answer, a query, later the bill. News that is older than
 * what we know changes nothing.
 * @param fact signed by WeChat
 */
export async function settleRefund(work: Transaction, fact: RefundFact): Promise<void> {
  const found = await work.db.findOneBy(Refund, { number: fact.outRefundNo });
  if (!found) return work.log.warn({ refund: fact.outRefundNo }, 'a refund that is not ours');
  const { refund, order } = await lockRefund(work, found);
  const next = STATES[fact.state];
  if (!next || next === refund.state || isOver(refund)) return;

  const isFirst = refund.acceptedAt === null;
  refund.moveTo(next);
  refund.refundId = fact.refundId;
  refund.failure = null;
  refund.acceptedAt ??= fact.acceptedAt ?? work.now();
  if (isOver(refund)) refund.endedAt = fact.succeededAt ?? work.now();
  if (next === 'succeeded') refund.receivedBy = fact.receivedBy;
  await work.db.save(Refund, refund);
  await mendTasks(work, null, aboutRefund(refund));
  if (isFirst) await bookRefund(work, refund);
  await follow(work, order, refund);
  // At once, so that never more goes back of an advance than there is.
  if (order && !refund.disputedId) await recogniseRevenue(work, order);
}

/** The order first, like everybody who changes what belongs to it; money that no order is known for has only itself. */
export async function lockRefund(
  work: Transaction,
  { id, orderId }: Pick<Refund, 'id' | 'orderId'>,
): Promise<{ refund: Refund; order: Order | null }> {
  const order = orderId === null ? null : await lockOrder(work, orderId);
  const refund = await work.db.findOneOrFail(Refund, { where: { id }, ...locked<Refund>(work.db) });
  return { refund, order };
}

const isOver = ({ state }: Refund): boolean => state === 'succeeded' || state === 'closed' || state === 'failed';

async function follow(work: Transaction, order: Order | null, refund: Refund): Promise<void> {
  if (refund.state === 'closed') await bookRefund(work, refund, 'refund_closed');
  if (refund.state === 'succeeded') {
    if (order) await closeRefundedOrder(work, order);
    await enqueue(work, 'refund.succeeded', { refundId: refund.id });
  }
  if (refund.state === 'closed') await reopenDisputed(work, refund);
  if (refund.state === 'abnormal' || refund.state === 'closed')
    await askForAttention(work, order, refund, refund.state === 'abnormal' ? '退款异常' : '退款关闭');
}

/** Disputed money that did not go back is to be decided about again. */
export async function reopenDisputed(work: Transaction, { disputedId }: Refund): Promise<void> {
  if (!disputedId) return;
  const money = await work.db.findOneByOrFail(DisputedMoney, { id: disputedId });
  money.reopen();
  await work.db.save(DisputedMoney, money);
}

/** Money leaves the merchant's account when WeChat accepts the refund, and comes back when it closes it. */
function bookRefund(work: Transaction, refund: Refund, kind: 'refund' | 'refund_closed' = 'refund'): Promise<void> {
  const sign = kind === 'refund' ? 1 : -1;
  const { amountFen, governmentFen, number, orderId, disputedId } = refund;
  const own = disputedId ? 'disputed_money' : 'advance_from_customers';
  return post(work, [
    {
      kind,
      reference: number,
      orderId,
      happenedAt: kind === 'refund' ? refund.acceptedAt! : refund.endedAt!,
      lines: [
        { account: own, amountFen: sign * (amountFen - governmentFen) },
        { account: 'government_fees_collected', amountFen: sign * governmentFen },
        { account: 'wechat_pay', amountFen: -sign * amountFen },
      ],
    },
  ]);
}

/** An order whose money is all back, but for what an authority has, is over. */
async function closeRefundedOrder(work: Transaction, order: Order): Promise<void> {
  const ofSale = { orderId: order.id, disputedId: IsNull(), state: 'succeeded' as const };
  const back = (await work.db.sum(Refund, 'amountFen', ofSale)) ?? 0;
  if (back === 0) return;
  if (back + (await passedOnOf(work, order.id)) < order.paidFen || order.state === 'refunded') return;
  order.moveTo('refunded');
  await work.db.update(Order, { id: order.id }, { state: 'refunded' });
}

/** What its tasks are about: they are off the list as soon as it goes on. */
export const aboutRefund = ({ id }: Pick<Refund, 'id'>) => `refund:${id}`;

/** @param mark what makes it another task than the one before: a refund may become abnormal more than once */
export const askForAttention = (
  work: Transaction,
  order: Order | null,
  refund: Refund,
  what: string,
  mark = `${work.now().getTime()}`,
): Promise<void> =>
  openTasks(work, [
    {
      kind: 'attention',
      about: `${aboutRefund(refund)}:${refund.state}:${mark}`.slice(0, 96),
      title: order ? `${what}：订单 ${order.number}` : `${what}：${refund.number}`,
      note: `退款单号 ${refund.number}，${WHAT_TO_DO[refund.state] ?? '请核实后处理。'}`,
      customerId: order?.customerId ?? null,
      orderNumber: order?.number ?? null,
      dueAt: new Date(work.now().getTime() + WITHIN_MS),
    },
  ]);
