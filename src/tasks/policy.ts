import type { StaffMember } from '../../entities/staff-member.ts';
import type { Task } from '../../entities/task.ts';
import { permits, type StaffActor } from '../platform/actor.ts';

/** Whoever assigns tasks works on all; others on their own, on those of their team and on those of none. */
export const canWorkOn = (who: StaffActor, { ownerId, teamId }: Pick<Task, 'ownerId' | 'teamId'>): boolean =>
  permits(who, 'assign-tasks') || ownerId === who.id || teamId === null || teamId === who.teamId;

/** Whoever assigns tasks gives them to anybody; others keep them, or hand them to somebody of their team. */
export const canGiveTo = (who: StaffActor, owner: Pick<StaffMember, 'id' | 'teamId'>): boolean =>
  permits(who, 'assign-tasks') || owner.id === who.id || (who.teamId !== null && owner.teamId === who.teamId);
