import type { StaffMember } from '../../entities/staff-member.ts';
import type { Task } from '../../entities/task.ts';
import { taskKinds, taskOutcomes, taskStates, type TaskView } from '../contracts/tasks.ts';

/** What tasks refer to, by id. */
interface Known {
  staff: ReadonlyMap<string, StaffMember>;
  nicknames: ReadonlyMap<string, string | null>;
  now: Date;
}

export function ownerView(staff: Known['staff'], id: string | null): TaskView['owner'] {
  const member = id ? staff.get(id) : undefined;
  return member ? { username: member.username, name: member.name } : null;
}

export const presentTask = (task: Task, { staff, nicknames, now }: Known): TaskView => ({
  id: task.id,
  kind: task.kind,
  kindWords: taskKinds[task.kind],
  title: task.title,
  note: task.note,
  place: task.place,
  state: task.state,
  stateWords: taskStates[task.state],
  owner: ownerView(staff, task.ownerId),
  teamId: task.teamId,
  customer: task.customerId ? { id: task.customerId, nickname: nicknames.get(task.customerId) ?? null } : null,
  orderNumber: task.orderNumber,
  campaignId: task.campaignId,
  messageId: task.deliveryId,
  dueAt: task.dueAt.toISOString(),
  isOverdue: task.state === 'open' && task.dueAt <= now,
  outcome: task.outcome,
  outcomeWords: task.outcome && taskOutcomes[task.outcome],
  outcomeNote: task.outcomeNote,
  followsId: task.followsId,
  createdBy: ownerView(staff, task.createdBy)?.name ?? null,
  createdAt: task.createdAt.toISOString(),
  endedBy: ownerView(staff, task.endedBy)?.name ?? null,
  endedAt: task.endedAt?.toISOString() ?? null,
});
