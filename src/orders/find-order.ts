import { And, type FindOptionsWhere, In, LessThan, MoreThanOrEqual } from 'typeorm';
import { DisputedMoney } from '../../entities/disputed-money.ts';
import { Order } from '../../entities/order.ts';
import { Instalment, Milestone, OrderLine } from '../../entities/order-parts.ts';
import { Payment } from '../../entities/payment.ts';
import type { StaffOrderListQuery } from '../contracts/staff-orders.ts';
import { startOfDay, startOfNextDay } from '../platform/calendar.ts';
import { locked } from '../platform/database/index.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { orderNotFound } from './errors.ts';

/** An order with everything that is shown of it. */
export interface WholeOrder {
  order: Order;
  lines: OrderLine[];
  instalments: Instalment[];
  milestones: Milestone[];
  /** Newest first. */
  payments: Payment[];
  disputed: DisputedMoney[];
}

/** @throws {AppError} order.not_found, also for another customer's order */
export async function getOwnOrder(work: Work, customerId: string, number: string): Promise<Order> {
  const order = await work.db.findOneBy(Order, { number, customerId });
  if (!order) throw orderNotFound();
  return order;
}

/**
 * The order, locked until the transaction ends. Whoever changes an order, its instalments or its payments locks the order
 * first; so they never wait for one another in a circle.
 */
export async function lockOrder(work: Transaction, orderId: string): Promise<Order> {
  return work.db.findOneOrFail(Order, { where: { id: orderId }, ...locked(work.db) });
}

export async function readWholeOrder(work: Work, order: Order): Promise<WholeOrder> {
  const orderId = order.id;
  const byPosition = { where: { orderId }, order: { position: 'ASC' } } as const;
  const [lines, instalments, milestones, payments, disputed] = [
    await work.db.find(OrderLine, byPosition),
    await work.db.find(Instalment, byPosition),
    await work.db.find(Milestone, byPosition),
    await work.db.find(Payment, { where: { orderId }, order: { id: 'DESC' } }),
    await work.db.find(DisputedMoney, { where: { orderId, state: 'open' } }),
  ];
  return { order, lines, instalments, milestones, payments, disputed };
}

type Filter = Omit<StaffOrderListQuery, 'limit'>;

/** Newest first, one row more than the page holds, with what is due of each. */
export async function listOrders(
  work: Work,
  { after, limit, from, to, ...filter }: Filter & { limit: number },
): Promise<{ rows: Order[]; dueFen: Map<string, number> }> {
  const rows = await work.db.find(Order, {
    where: { ...given(filter), ...placedWithin(from, to), ...(after ? { id: LessThan(after) } : {}) },
    order: { id: 'DESC' },
    take: limit + 1,
  });
  const due = await work.db.findBy(Instalment, { orderId: In(rows.map((row) => row.id)), state: 'due' });
  const dueFen = new Map<string, number>();
  for (const { orderId, amountFen } of due) dueFen.set(orderId, (dueFen.get(orderId) ?? 0) + amountFen);
  return { rows, dueFen };
}

const given = (filter: Pick<Filter, 'customerId' | 'state' | 'serviceCode'>): FindOptionsWhere<Order> =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));

/** On Shanghai days, both included. */
function placedWithin(from?: string, to?: string): FindOptionsWhere<Order> {
  const since = from === undefined ? null : MoreThanOrEqual(startOfDay(from));
  const until = to === undefined ? null : LessThan(startOfNextDay(startOfDay(to)));
  const both = since && until ? And(since, until) : (since ?? until);
  return both ? { placedAt: both } : {};
}
