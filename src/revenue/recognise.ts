import type { Order } from '../../entities/order.ts';
import { Milestone } from '../../entities/order-parts.ts';
import { getServiceVersion, stepInForce } from '../catalogue/index.ts';
import type { LedgerAccount, PostingKind, PostingView } from '../contracts/ledger.ts';
import { post, postingsOf } from '../ledger/index.ts';
import { lockOrder } from '../orders/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';

const REFUNDS: readonly PostingKind[] = ['refund', 'refund_closed'];

/** How an order's own price stands, without what is only passed on to an authority; fen. */
interface OwnPrice {
  paidFen: number;
  /** More than was paid, when somebody gave back at WeChat what had gone to an authority. */
  refundedFen: number;
  /** What the service's rule would give back now, of a hundred. */
  percent: number;
  /** The last milestone was reached. */
  isFinished: boolean;
}

/** What the rule would not give back any more is earned, as far as it was not given back all the same. */
const earnedOf = ({ paidFen, refundedFen, percent, isFinished }: OwnPrice): number => {
  const keptFen = paidFen - refundedFen;
  return isFinished ? keptFen : Math.min(paidFen - Math.floor((paidFen * percent) / 100), keptFen);
};

/**
 * Books what of an order is earned by now, or takes back what is not any more: the difference to what was booked before, so that
 * repeats, and events in another order, do no harm. Dated by the newest event that it rests on.
 * @param order locked by the caller
 */
export async function recogniseRevenue(work: Transaction, order: Order): Promise<void> {
  const booked = await postingsOf(work, order.id);
  const milestones = await work.db.find(Milestone, { where: { orderId: order.id }, order: { position: 'ASC' } });
  const { definition } = await getServiceVersion(work, order.serviceCode, order.serviceVersion);
  const recognised = booked.filter(({ kind }) => kind === 'revenue');
  const money = booked.filter(({ kind, lines }) => kind !== 'revenue' && lines.some(isOwnPrice));
  const earnedFen = earnedOf({
    paidFen: -sumOf(money.filter(isNoRefund), 'advance_from_customers'),
    refundedFen: sumOf(money.filter(isRefund), 'advance_from_customers'),
    percent: stepInForce(definition, milestones).percent,
    isFinished: milestones.at(-1)!.reachedAt !== null,
  });
  const amountFen = earnedFen + sumOf(recognised, 'revenue');
  if (amountFen === 0) return;
  const happenedAt = newest([
    ...money.map((posting) => Date.parse(posting.happenedAt)),
    ...milestones.flatMap(({ reachedAt }) => reachedAt?.getTime() ?? []),
  ]);
  await post(work, [
    {
      kind: 'revenue',
      reference: `${order.number}:${recognised.length + 1}`,
      orderId: order.id,
      happenedAt,
      lines: [
        { account: 'advance_from_customers', amountFen },
        { account: 'revenue', amountFen: -amountFen },
      ],
    },
  ]);
}

/** Not so what is only passed on: it is no reason to earn anything, nor dates it. */
const isOwnPrice = ({ account }: { account: LedgerAccount }): boolean => account === 'advance_from_customers';
const isRefund = ({ kind }: PostingView): boolean => REFUNDS.includes(kind);
const isNoRefund = (posting: PostingView): boolean => !isRefund(posting);

const sumOf = (postings: readonly PostingView[], account: LedgerAccount): number =>
  postings
    .flatMap(({ lines }) => lines)
    .filter((line) => line.account === account)
    .reduce((sum, { amountFen }) => sum + amountFen, 0);

const newest = (times: readonly number[]): Date => new Date(Math.max(...times));

/** What follows from a milestone, and from a payment. */
export const recogniseRevenueOf = (desk: Desk, orderId: string): Promise<void> =>
  desk.transaction(async (work) => recogniseRevenue(work, await lockOrder(work, orderId)));
