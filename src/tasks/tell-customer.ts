import { Order } from '../../entities/order.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type { Task } from '../../entities/task.ts';
import { assertFacts, getTemplate, say } from '../messages/index.ts';
import { invalid } from '../platform/http/accept.ts';
import type { Transaction } from '../platform/work.ts';

/**
 * Tells the customer of an appointment, or of a follow-up about an order; of each time once.
 * @throws {AppError} request.invalid when the message has no room for what the task says
 */
export async function tellCustomer(work: Transaction, task: Task): Promise<void> {
  const message = task.kind === 'appointment' ? 'appointment' : 'follow-up';
  const facts = task.kind === 'appointment' ? await appointmentFacts(work, task) : await followUpFacts(work, task);
  await say(work, message, {
    customerId: task.customerId!,
    about: `task:${task.id}:${task.dueAt.getTime()}`,
    facts: assertFacts(getTemplate(message), facts) as never,
    sentBy: task.ownerId ?? task.createdBy,
  });
  task.toldAt = work.now();
}

async function appointmentFacts({ db }: Transaction, { title, place, dueAt, ownerId, createdBy }: Task) {
  if (!place) throw invalid([{ field: 'place', message: '请填写预约地点' }]);
  const { name } = await db.findOneByOrFail(StaffMember, { id: ownerId ?? createdBy! });
  return { topic: title, plannedAt: dueAt.toISOString(), place, contact: name };
}

async function followUpFacts({ db }: Transaction, { kind, orderNumber, title, dueAt }: Task) {
  if (kind !== 'follow_up' || !orderNumber)
    throw invalid([{ field: 'tellCustomer', message: '只有预约，以及针对订单的回访可以通知客户' }]);
  const { serviceName } = await db.findOneByOrFail(Order, { number: orderNumber });
  return { orderNumber, serviceName, topic: title, plannedAt: dueAt.toISOString() };
}
