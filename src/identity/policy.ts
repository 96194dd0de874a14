import type { Customer } from '../../entities/customer.ts';
import { permits, type StaffActor } from '../platform/actor.ts';

/** Whoever assigns customers works for all teams; others for those of their own team and those of none. */
export const canServe = (who: StaffActor, { teamId }: Pick<Customer, 'teamId'>): boolean =>
  permits(who, 'assign-customers') || teamId === null || teamId === who.teamId;
