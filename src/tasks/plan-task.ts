import { StaffMember } from '../../entities/staff-member.ts';
import { Task } from '../../entities/task.ts';
import type { NewTaskBody } from '../contracts/tasks.ts';
import { canServe, findAddressee } from '../identity/index.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import { AppError } from '../platform/errors.ts';
import { invalid } from '../platform/http/accept.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { canGiveTo } from './policy.ts';
import { tellCustomer } from './tell-customer.ts';

/**
 * A call, an appointment or a follow-up for a customer.
 * @throws {AppError} customer.not_found, order.not_found, staff.member_not_found, staff.not_allowed, request.invalid
 */
export async function planTask(work: Transaction, who: StaffActor, body: NewTaskBody): Promise<Task> {
  const { customer, order } = await findAddressee(work, body.about);
  if (!canServe(who, customer)) throw notAllowed();
  const { kind, title, note, place } = body;
  const id = newId();
  const task = Object.assign(new Task(), {
    id,
    kind,
    about: `task:${id}`,
    title,
    note: note || null,
    place: place ?? null,
    ownerId: body.owner === undefined ? who.id : await findOwner(work, who, body.owner),
    teamId: customer.teamId,
    customerId: customer.id,
    orderNumber: order?.number ?? null,
    dueAt: futureInstant(work, body.dueAt),
    createdBy: who.id,
    createdAt: work.now(),
  });
  if (body.tellCustomer) await tellCustomer(work, task);
  await work.db.insert(Task, task);
  work.audit({ deed: 'task-created', subject: subjectOf(task), after: toldOf(task) });
  return task;
}

export const subjectOf = ({ id }: Task) => ({ kind: 'task', id });

export const toldOf = ({ kind, title, place, ownerId, dueAt }: Task) => ({
  kind,
  title,
  place,
  ownerId,
  dueAt: dueAt.toISOString(),
});

/** @throws {AppError} request.invalid */
export function futureInstant({ now }: Work, text: string, field = 'dueAt'): Date {
  const at = new Date(text);
  if (at <= now()) throw invalid([{ field, message: '时间已过，请重新选择' }]);
  return at;
}

/** @throws {AppError} staff.member_not_found, staff.not_allowed */
export async function findOwner(work: Work, who: StaffActor, username: string | null): Promise<string | null> {
  if (username === null) return null;
  const member = await work.db.findOneBy(StaffMember, { username, state: 'active' });
  if (!member) throw new AppError(404, 'staff.member_not_found');
  if (!canGiveTo(who, member)) throw notAllowed();
  return member.id;
}
