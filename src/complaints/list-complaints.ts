import { type FindOptionsWhere, In, LessThan, LessThanOrEqual } from 'typeorm';
import { Complaint, ComplaintDeed, ComplaintEntry } from '../../entities/complaint.ts';
import { Order } from '../../entities/order.ts';
import { RefundProposal } from '../../entities/refund.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type {
  ComplaintDeedView,
  ComplaintListQuery,
  ComplaintRowView,
  ComplaintView,
} from '../contracts/complaints.ts';
import type { Work } from '../platform/work.ts';
import { presentProposals } from '../refunds/index.ts';
import { orderNotFound } from './errors.ts';
import { concernedBy, getComplaint } from './find-complaint.ts';
import { presentComplaint, presentDeed, presentRow } from './presenter.ts';

type Query = Omit<ComplaintListQuery, 'limit'> & { limit: number };

/** Newest first, one row more than the page holds. @throws {AppError} order.not_found */
export async function listComplaints(work: Work, query: Query): Promise<ComplaintRowView[]> {
  const { after, limit } = query;
  const complaints = await work.db.find(Complaint, {
    where: { ...(await wantedBy(work, query)), ...(after ? { id: LessThan(after) } : {}) },
    order: { id: 'DESC' },
    take: limit + 1,
  });
  const orders = await work.db.findBy(Order, { id: In(complaints.flatMap(({ orderId }) => orderId ?? [])) });
  const numbers = new Map(orders.map(({ id, number }) => [id, number]));
  return complaints.map((complaint) => presentRow(work, complaint, numbers.get(complaint.orderId ?? '') ?? null));
}

async function wantedBy(work: Work, query: Query): Promise<FindOptionsWhere<Complaint>> {
  const { state, open, overdue, orderNumber } = query;
  const order = orderNumber ? await work.db.findOneBy(Order, { number: orderNumber }) : null;
  if (orderNumber && !order) throw orderNotFound();
  return {
    ...(open ? { state: In(['pending', 'processing']) } : {}),
    ...(state ? { state } : {}),
    ...(overdue ? { dueAt: LessThanOrEqual(work.now()) } : {}),
    ...(order ? { orderId: order.id } : {}),
  };
}

/** One of them, with all that is known of it. @throws {AppError} complaint.not_found */
export async function showComplaint(work: Work, id: string): Promise<ComplaintView> {
  const { db } = work;
  const complaint = await getComplaint(work, id);
  const history = await db.find(ComplaintEntry, { where: { complaintId: id }, order: { at: 'ASC', id: 'ASC' } });
  const deeds = await db.find(ComplaintDeed, { where: { complaintId: id }, order: { id: 'ASC' } });
  const proposals = await db.findBy(RefundProposal, { id: complaint.proposalId ?? '' });
  const [refundProposal = null] = await presentProposals(work, proposals);
  const known = { ...(await concernedBy(work, complaint)), history, refundProposal };
  return presentComplaint(work, complaint, { ...known, deeds: await presentDeeds(work, deeds) });
}

export async function presentDeeds({ db }: Work, deeds: readonly ComplaintDeed[]): Promise<ComplaintDeedView[]> {
  const members = await db.findBy(StaffMember, { id: In(deeds.map(({ createdBy }) => createdBy)) });
  const names = new Map(members.map(({ id, name }) => [id, name]));
  return deeds.map((deed) => presentDeed(deed, names.get(deed.createdBy) ?? ''));
}
