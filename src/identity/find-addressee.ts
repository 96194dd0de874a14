import { IsNull } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { Order } from '../../entities/order.ts';
import { AppError } from '../platform/errors.ts';
import type { Work } from '../platform/work.ts';
import { customerNotFound } from './errors.ts';

/**
 * Whom staff mean: a customer, or whoever placed an order.
 * @throws {AppError} order.not_found, customer.not_found
 */
export async function findAddressee(
  { db }: Pick<Work, 'db'>,
  to: { orderNumber: string } | { customerId: string },
): Promise<{ customer: Customer; order: Order | null }> {
  const order = 'orderNumber' in to ? await db.findOneBy(Order, { number: to.orderNumber }) : null;
  if ('orderNumber' in to && !order) throw new AppError(404, 'order.not_found');
  const id = order?.customerId ?? (to as { customerId: string }).customerId;
  const customer = await db.findOneBy(Customer, { id, mergedIntoId: IsNull() });
  if (!customer) throw customerNotFound();
  return { customer, order };
}
