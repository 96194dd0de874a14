import { In, MoreThanOrEqual } from 'typeorm';
import { type Complaint, ComplaintDeed } from '../../entities/complaint.ts';
import { complaintProblems } from '../contracts/complaints.ts';
import type { Transaction } from '../platform/work.ts';
import { mendTask, moveTask, openTasks } from '../tasks/index.ts';
import { concernedBy } from './find-complaint.ts';

/** The task of a complaint: on the list while it is open, due by WeChat's time, done once WeChat says that it is over. */
export async function keepTask(work: Transaction, complaint: Complaint): Promise<void> {
  const about = `complaint:${complaint.id}:${complaint.round}`;
  const { dueAt } = complaint;
  if (dueAt === null) return mendTask(work, await endedBy(work, complaint), about);
  const { order, customer } = await concernedBy(work, complaint);
  await openTasks(work, [
    {
      kind: 'complaint',
      about,
      title: order
        ? `消费者投诉：订单 ${order.number}`
        : `消费者投诉：${complaint.transactionId ?? complaint.complaintId}`,
      note: `${complaintProblems[complaint.problem]}：${complaint.title}\n${complaint.content}`,
      customerId: customer?.id ?? null,
      teamId: customer?.teamId ?? null,
      orderNumber: order?.number ?? null,
      dueAt,
    },
  ]);
  await moveTask(work, about, { dueAt });
}

/** Whoever of us ended it; null when it was not done from here. */
async function endedBy({ db }: Transaction, { id, raisedAt }: Complaint): Promise<{ id: string } | null> {
  const deed = await db.findOne(ComplaintDeed, {
    where: { complaintId: id, kind: In(['complete', 'decline']), createdAt: MoreThanOrEqual(raisedAt) },
    order: { id: 'DESC' },
  });
  return deed ? { id: deed.createdBy } : null;
}
