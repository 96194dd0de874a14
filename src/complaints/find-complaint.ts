import { Complaint } from '../../entities/complaint.ts';
import { Customer } from '../../entities/customer.ts';
import { Order } from '../../entities/order.ts';
import { canServe } from '../identity/index.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import { locked } from '../platform/database/index.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { complaintNotFound } from './errors.ts';

/** @throws {AppError} complaint.not_found */
export async function getComplaint({ db }: Pick<Work, 'db'>, id: string): Promise<Complaint> {
  const complaint = await db.findOneBy(Complaint, { id });
  if (!complaint) throw complaintNotFound();
  return complaint;
}

/**
 * A complaint that a member of staff may work on: of no order of ours, or of a customer whom they serve.
 * @throws {AppError} complaint.not_found, staff.not_allowed
 */
export async function getServed(work: Work, who: StaffActor, id: string): Promise<Complaint> {
  const complaint = await getComplaint(work, id);
  const { customer } = await concernedBy(work, complaint);
  if (customer && !canServe(who, customer)) throw notAllowed();
  return complaint;
}

/** The complaint, locked until the transaction ends. */
export async function lockComplaint({ db }: Transaction, id: string): Promise<Complaint> {
  const complaint = await db.findOne(Complaint, { where: { id }, ...locked<Complaint>(db) });
  if (!complaint) throw complaintNotFound();
  return complaint;
}

/** Whose order it is about, where that is known. */
export async function concernedBy(
  { db }: Pick<Work, 'db'>,
  { orderId }: Pick<Complaint, 'orderId'>,
): Promise<{ order: Order | null; customer: Customer | null }> {
  const order = orderId && (await db.findOneBy(Order, { id: orderId }));
  if (!order) return { order: null, customer: null };
  return { order, customer: await db.findOneBy(Customer, { id: order.customerId }) };
}
