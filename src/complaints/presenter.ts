import type { Complaint, ComplaintDeed, ComplaintEntry } from '../../entities/complaint.ts';
import type { Customer } from '../../entities/customer.ts';
import type { Order } from '../../entities/order.ts';
import {
  complaintDeeds,
  type ComplaintDeedView,
  complaintDeedStates,
  complaintEntryKinds,
  complaintProblems,
  type ComplaintRowView,
  complaintStates,
  type ComplaintView,
} from '../contracts/complaints.ts';
import { maskPhone } from '../platform/masks.ts';
import type { Work } from '../platform/work.ts';
import { imageName } from './images.ts';
import { openPhone } from './phone.ts';

export const presentRow = ({ now }: Work, complaint: Complaint, orderNumber: string | null): ComplaintRowView => ({
  id: complaint.id,
  complaintId: complaint.complaintId,
  state: complaint.state,
  stateWords: complaintStates[complaint.state],
  problem: complaint.problem,
  problemWords: complaintProblems[complaint.problem],
  title: complaint.title,
  content: complaint.content,
  orderNumber,
  transactionId: complaint.transactionId,
  amountFen: complaint.amountFen,
  askedFen: complaint.askedFen,
  isFullyRefunded: complaint.fullyRefundedAt !== null,
  times: complaint.times,
  complainedAt: complaint.complainedAt.toISOString(),
  waitingSince: complaint.waitingSince?.toISOString() ?? null,
  answeredAt: complaint.answeredAt?.toISOString() ?? null,
  completedAt: complaint.completedAt?.toISOString() ?? null,
  dueAt: complaint.dueAt?.toISOString() ?? null,
  isOverdue: complaint.dueAt !== null && complaint.dueAt <= now(),
});

/** What belongs to a complaint. */
interface Known extends Pick<ComplaintView, 'deeds' | 'refundProposal'> {
  order: Order | null;
  customer: Customer | null;
  history: readonly ComplaintEntry[];
}

export function presentComplaint(work: Work, complaint: Complaint, known: Known): ComplaintView {
  const { order, customer, history, deeds, refundProposal } = known;
  const phone = openPhone(work.vault, complaint);
  return {
    ...presentRow(work, complaint, order?.number ?? null),
    customer: customer && { id: customer.id, nickname: customer.nickname },
    phoneMasked: phone === null ? null : maskPhone(phone),
    images: complaint.mediaIds.map(imageName),
    history: history.map(({ kind, operator, content, mediaIds, at }) => ({
      kind,
      kindWords: complaintEntryKinds[kind],
      operator,
      content,
      images: mediaIds.map(imageName),
      at: at.toISOString(),
    })),
    deeds,
    refundProposal,
  };
}

export const presentDeed = (deed: ComplaintDeed, by: string): ComplaintDeedView => ({
  id: deed.id,
  kind: deed.kind,
  kindWords: complaintDeeds[deed.kind],
  state: deed.state,
  stateWords: complaintDeedStates[deed.state],
  failure: deed.failure,
  content: deed.content,
  by,
  createdAt: deed.createdAt.toISOString(),
  endedAt: deed.endedAt?.toISOString() ?? null,
});
