import { In } from 'typeorm';
import { Invoice, InvoiceLine } from '../../entities/invoice.ts';
import type { Order } from '../../entities/order.ts';
import { lockOrder } from '../orders/index.ts';
import { locked } from '../platform/database/index.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { invoiceNotFound } from './errors.ts';

/** @throws {AppError} invoice.not_found */
export async function getInvoice({ db }: Work, id: string): Promise<Invoice> {
  const invoice = await db.findOneBy(Invoice, { id });
  if (!invoice) throw invoiceNotFound();
  return invoice;
}

/** @throws {AppError} invoice.not_found, also for another customer's invoice */
export async function getOwnInvoice({ db }: Work, customerId: string, id: string): Promise<Invoice> {
  const invoice = await db.findOneBy(Invoice, { id, customerId });
  if (!invoice) throw invoiceNotFound();
  return invoice;
}

/** An invoice with its lines, by position, and the orders that they are of. */
export interface LockedInvoice {
  invoice: Invoice;
  lines: InvoiceLine[];
  /** By id. */
  orders: Order[];
}

/**
 * The orders first, like everybody who changes what belongs to them, always in the same order; then the invoice.
 * @throws {AppError} invoice.not_found
 */
export async function lockInvoice(work: Transaction, id: string): Promise<LockedInvoice> {
  const orders = await lockOrders(
    work,
    (await linesOf(work, [id])).map(({ orderId }) => orderId),
  );
  const invoice = await work.db.findOne(Invoice, { where: { id }, ...locked<Invoice>(work.db) });
  if (!invoice) throw invoiceNotFound();
  return { invoice, orders, lines: await linesOf(work, [id]) };
}

/** Two who want some of the same orders never wait for one another in a circle. */
export async function lockOrders(work: Transaction, ids: readonly string[]): Promise<Order[]> {
  const orders: Order[] = [];
  for (const id of [...new Set(ids)].toSorted()) orders.push(await lockOrder(work, id));
  return orders;
}

export const linesOf = ({ db }: Work, invoiceIds: readonly string[]): Promise<InvoiceLine[]> =>
  db.find(InvoiceLine, { where: { invoiceId: In([...invoiceIds]) }, order: { invoiceId: 'ASC', position: 'ASC' } });
