import { permittedRoles, sessionOnly, type StaffPermission, type StaffRole } from '../contracts/staff.ts';
import { AppError } from './errors.ts';

/** A member of staff at work, in person or through an API key. */
export interface StaffActor {
  kind: 'staff';
  id: string;
  roles: readonly StaffRole[];
  teamId: string | null;
  /** Set when a machine acts for the member, within what its key says. */
  apiKey: { id: string; permissions: readonly StaffPermission[] } | null;
  sessionId: string | null;
  requestId: string;
}

/** Who is doing it. `operator`: somebody with a shell on the machine. */
export type Actor =
  | StaffActor
  | { kind: 'customer'; id: string }
  | { kind: 'wechat' }
  | { kind: 'system' }
  | { kind: 'operator' }
  | { kind: 'nobody'; requestId?: string };

/** A role of the member allows it, and so does the key, if a machine asks. */
export function permits(who: Actor, permission: StaffPermission): boolean {
  if (who.kind !== 'staff') return false;
  if (who.apiKey && !who.apiKey.permissions.includes(permission)) return false;
  return who.roles.some((role) => permittedRoles[permission].includes(role));
}

export const notAllowed = () => new AppError(403, 'staff.not_allowed');

/** What a route of the staff door asks of who calls it. `staff`: to be signed in · `person`: not through an API key. */
export type Need = StaffPermission | 'staff' | 'person';

/** @throws {AppError} staff.not_allowed, staff.person_only */
export function assertMay(who: Actor, need: Need): void {
  if (who.kind !== 'staff') throw notAllowed();
  if (need === 'staff') return;
  if (who.apiKey && (need === 'person' || sessionOnly.includes(need))) throw new AppError(403, 'staff.person_only');
  if (need !== 'person' && !permits(who, need)) throw notAllowed();
}
