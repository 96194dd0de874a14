import { In } from 'typeorm';
import { DisputedMoney } from '../../entities/disputed-money.ts';
import { Order } from '../../entities/order.ts';
import { Instalment } from '../../entities/order-parts.ts';
import { Payment } from '../../entities/payment.ts';
import type { DisputeReason } from '../contracts/states.ts';
import { insertAll, locked, updateAll } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import { enqueueAll } from '../platform/jobs/index.ts';
import type { PaidFact } from '../platform/wechat-pay/index.ts';
import type { Transaction } from '../platform/work.ts';
import { judge, type Known } from './judge.ts';
import { type Entry, post } from '../ledger/index.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** An instalment was paid. */
    'payment.settled': { paymentId: string };
    /** An attempt is not wanted any more: its instalment was paid by another one. */
    'payment.close': { paymentId: string };
  }
}

export type Settlement = 'settled' | 'counted_before' | 'disputed';

/** Everything that one call touches, held in memory between reading and writing. */
interface Books {
  payments: Map<string, Payment>;
  instalments: Map<string, Instalment>;
  orders: Map<string, Order>;
  /** Transaction ids of money that is disputed already. */
  disputed: Set<string>;
  changed: { payments: Set<Payment>; instalments: Set<Instalment>; orders: Set<Order> };
  newDisputes: DisputedMoney[];
  entries: Entry[];
  settled: Payment[];
}

/**
 * The only way to become paid, whoever brings the news: notice, query, later the bill. Counts each transaction once; what is
 * not the sale is kept as disputed money with its reason. Takes many at once so that many can share one transaction.
 * @param facts signed by WeChat; checked by the gateway
 * @returns what became of each, in the same order
 */
export async function settlePayments(work: Transaction, facts: readonly PaidFact[]): Promise<Settlement[]> {
  const books = await openBooks(work, facts);
  const outcomes = facts.map((fact) => settleOne(work, books, fact));
  await writeBooks(work, books);
  return outcomes;
}

/** What settling reads and writes of an order; the rest is long and left alone. */
const SETTLED_OF_ORDER = { id: true, state: true, paidFen: true, paidAt: true, expiresAt: true } as const;

async function openBooks(work: Transaction, facts: readonly PaidFact[]): Promise<Books> {
  const { db } = work;
  const named = await db.find(Payment, {
    select: { id: true, orderId: true },
    where: { number: In(facts.map((fact) => fact.outTradeNo)) },
  });
  const orderIds = [...new Set(named.map((payment) => payment.orderId))];
  const none = orderIds.length === 0;
  const orders = none
    ? []
    : await db.find(Order, {
        select: SETTLED_OF_ORDER,
        where: { id: In(orderIds) },
        order: { id: 'ASC' },
        ...locked(db),
      });
  // Read again: until the order was locked, somebody else may have changed them.
  const payments = none ? [] : await db.findBy(Payment, { orderId: In(orderIds) });
  const instalments = none ? [] : await db.findBy(Instalment, { orderId: In(orderIds) });
  const disputes = await db.find(DisputedMoney, {
    select: { id: true, transactionId: true },
    where: { transactionId: In(facts.map((fact) => fact.transactionId)) },
  });
  return {
    payments: new Map(payments.map((payment) => [payment.number, payment])),
    instalments: new Map(instalments.map((instalment) => [instalment.id, instalment])),
    orders: new Map(orders.map((order) => [order.id, order])),
    disputed: new Set(disputes.map((money) => money.transactionId)),
    changed: { payments: new Set(), instalments: new Set(), orders: new Set() },
    newDisputes: [],
    entries: [],
    settled: [],
  };
}

function findKnown(books: Books, number: string): Known | null {
  const payment = books.payments.get(number);
  const instalment = payment && books.instalments.get(payment.instalmentId);
  const order = payment && books.orders.get(payment.orderId);
  return payment && instalment && order ? { payment, instalment, order } : null;
}

function settleOne(work: Transaction, books: Books, fact: PaidFact): Settlement {
  if (books.disputed.has(fact.transactionId)) return 'counted_before';
  const known = findKnown(books, fact.outTradeNo);
  const verdict = judge(fact, known);
  if (verdict.is === 'counted_before') return 'counted_before';
  if (verdict.is === 'disputed' || !known) {
    dispute(work, books, fact, known, verdict.is === 'disputed' ? verdict.reason : 'unknown');
    return 'disputed';
  }
  countSale(books, fact, known);
  return 'settled';
}

function countSale(books: Books, fact: PaidFact, { payment, instalment, order }: Known): void {
  payment.settle(fact.transactionId, fact.paidAt);
  instalment.settle(payment.id, fact.paidAt);
  order.receive(fact.amountFen, fact.paidAt);
  books.changed.payments.add(payment);
  books.changed.instalments.add(instalment);
  books.changed.orders.add(order);
  books.settled.push(payment);
  books.entries.push({
    kind: 'payment',
    reference: fact.transactionId,
    orderId: order.id,
    happenedAt: fact.paidAt,
    lines: [
      { account: 'wechat_pay', amountFen: fact.amountFen },
      { account: 'advance_from_customers', amountFen: -(fact.amountFen - instalment.governmentFen) },
      { account: 'government_fees_collected', amountFen: -instalment.governmentFen },
    ],
  });
}

function dispute(work: Transaction, books: Books, fact: PaidFact, known: Known | null, reason: DisputeReason): void {
  const { transactionId, outTradeNo: paymentNumber, amountFen, currency, appid, mchid, paidAt } = fact;
  const money = Object.assign(new DisputedMoney(), {
    id: newId(),
    transactionId,
    paymentNumber,
    paymentId: known?.payment.id ?? null,
    orderId: known?.order.id ?? null,
    reason,
    amountFen,
    expectedFen: known?.payment.amountFen ?? null,
    currency,
    appid,
    mchid,
    paidAt,
    receivedAt: work.now(),
  });
  books.disputed.add(transactionId);
  books.newDisputes.push(money);
  work.log.warn({ payment: paymentNumber, reason, amountFen }, 'money arrived that is not a sale');
  // Another currency's cents are not fen: such money is kept, but has no place in these books.
  if (reason === 'currency') return;
  books.entries.push({
    kind: 'disputed_payment',
    reference: transactionId,
    orderId: money.orderId,
    happenedAt: paidAt,
    lines: [
      { account: 'wechat_pay', amountFen },
      { account: 'disputed_money', amountFen: -amountFen },
    ],
  });
}

async function writeBooks(work: Transaction, books: Books): Promise<void> {
  const { payments, instalments, orders } = books.changed;
  await updateAll(work.db, Payment, [...payments], ['state', 'transactionId', 'paidAt']);
  await updateAll(work.db, Instalment, [...instalments], ['state', 'paymentId', 'paidAt']);
  await updateAll(work.db, Order, [...orders], ['state', 'paidFen', 'paidAt', 'expiresAt']);
  await insertAll(work.db, DisputedMoney, books.newDisputes);
  await post(work, books.entries);
  await enqueueAll(
    work,
    'payment.settled',
    books.settled.map(({ id }) => ({ payload: { paymentId: id } })),
  );
  await enqueueAll(
    work,
    'payment.close',
    rivalsOf(books).map(({ id }) => ({ payload: { paymentId: id }, key: `payment.close:${id}` })),
  );
}

/** Other attempts at an instalment that is paid now: still open at WeChat, they would take the money twice. */
function rivalsOf(books: Books): Payment[] {
  const paid = new Set(books.settled.map((payment) => payment.instalmentId));
  return [...books.payments.values()].filter((payment) => payment.isUnderWay && paid.has(payment.instalmentId));
}
