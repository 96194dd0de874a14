import { In, LessThan } from 'typeorm';
import { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import { Shipment } from '../../entities/shipment.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type { ShipmentListQuery, ShipmentView } from '../contracts/shipping.ts';
import type { Work } from '../platform/work.ts';
import { findAccount } from './account.ts';
import { orderNotFound, shipmentNotFound } from './errors.ts';
import { isLate, whereLate } from './late.ts';
import { presentShipment } from './presenter.ts';

/** Newest first, one row more than the page holds. @throws {AppError} order.not_found */
export async function listShipments(
  work: Work,
  { after, limit, state, orderNumber, late }: ShipmentListQuery & { limit: number },
): Promise<ShipmentView[]> {
  const order = orderNumber ? { orderId: await orderIdOf(work, orderNumber) } : {};
  const narrow = { ...(after ? { id: LessThan(after) } : {}), ...order };
  const wanted = late
    ? (await whereLate(work)).filter((one) => !state || one.state === state)
    : [state ? { state } : {}];
  if (wanted.length === 0) return [];
  const where = wanted.map((one) => ({ ...one, ...narrow }));
  return presentShipments(work, await work.db.find(Shipment, { where, order: { id: 'DESC' }, take: limit + 1 }));
}

/** @throws {AppError} order.not_found */
export async function orderIdOf({ db }: Work, number: string): Promise<string> {
  const order = await db.findOneBy(Order, { number });
  if (!order) throw orderNotFound();
  return order.id;
}

/** @throws {AppError} shipment.not_found */
export async function getShipment(work: Work, id: string): Promise<ShipmentView> {
  const shipment = await work.db.findOneBy(Shipment, { id });
  if (!shipment) throw shipmentNotFound();
  return (await presentShipments(work, [shipment]))[0]!;
}

async function presentShipments(work: Work, shipments: readonly Shipment[]): Promise<ShipmentView[]> {
  const { db } = work;
  const orders = await db.findBy(Order, { id: In(shipments.map(({ orderId }) => orderId)) });
  const payments = await db.findBy(Payment, { id: In(shipments.map(({ paymentId }) => paymentId)) });
  const members = await db.findBy(StaffMember, { id: In(shipments.flatMap(({ correctedBy }) => correctedBy ?? [])) });
  const isManaged = (await findAccount(work))?.managed !== 'no';
  const known = {
    orderNumbers: new Map(orders.map(({ id, number }) => [id, number])),
    payments: new Map(payments.map((payment) => [payment.id, payment])),
    names: new Map(members.map(({ id, name }) => [id, name])),
  };
  return shipments.map((one) => presentShipment(one, { ...known, isLate: isManaged && isLate(work, one) }));
}
