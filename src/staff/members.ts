import { IsNull, type EntityManager } from 'typeorm';
import { ApiKey } from '../../entities/api-key.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import { StaffSession } from '../../entities/staff-session.ts';
import type { ChangeStaffMemberBody, NewStaffMemberBody } from '../contracts/staff.ts';
import type { Actor } from '../platform/actor.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Deed, Transaction } from '../platform/work.ts';
import { invite } from './enrolment.ts';
import { lastAdministrator, memberNotFound, ownAccount, usernameTaken } from './errors.ts';
import { assertTeam } from './teams.ts';

export interface Invited {
  member: StaffMember;
  /** For the member alone; only its hash is kept. */
  invitation: string;
}

/** What the trail says of a member. */
const told = ({ username, name, roles, teamId, state }: StaffMember) => ({ username, name, roles, teamId, state });
const subject = ({ id }: StaffMember) => ({ kind: 'staff-member', id });

/** @throws {AppError} staff.username_taken, staff.team_not_found */
export async function createMember(work: Deed, wanted: NewStaffMemberBody): Promise<Invited> {
  const { username, name, roles, teamId = null } = wanted;
  if (await work.db.existsBy(StaffMember, { username })) throw usernameTaken();
  await assertTeam(work.db, teamId);
  const member = Object.assign(new StaffMember(), {
    id: newId(),
    username,
    name,
    roles,
    teamId,
    createdAt: work.now(),
  });
  const invitation = invite(work, member);
  await work.db.insert(StaffMember, member as never);
  work.audit({ deed: 'staff-member-created', subject: subject(member), after: told(member) });
  return { member, invitation };
}

/**
 * Changes name, roles, team or state. A disabled member's sessions and keys end at once.
 * @throws {AppError} staff.member_not_found, staff.team_not_found, staff.own_account, staff.last_administrator
 */
export async function changeMember(
  work: Transaction,
  username: string,
  { name, roles, teamId, state }: ChangeStaffMemberBody,
): Promise<StaffMember> {
  const member = await lockMember(work.db, username);
  if ((roles || state) && isSelf(work.actor, member)) throw ownAccount();
  const before = told(member);
  if (name !== undefined) member.name = name;
  if (roles) member.roles = roles;
  if (teamId !== undefined) {
    await assertTeam(work.db, teamId);
    member.teamId = teamId;
  }
  // Without a password nobody is active: who was never enrolled, or was reset, stays invited.
  if (state === 'active' && member.state === 'disabled') member.moveTo(member.passwordHash ? 'active' : 'invited');
  if (state === 'disabled' && member.state !== 'disabled') member.moveTo('disabled');
  const after = told(member);
  if (JSON.stringify(before) === JSON.stringify(after)) {
    work.unchanged();
    return member;
  }
  await work.db.save(StaffMember, member);
  await assertAdministrator(work.db);
  if (member.state === 'disabled') await endAccess(work, member);
  work.audit({ deed: 'staff-member-changed', subject: subject(member), before, after });
  return member;
}

/**
 * A lost phone, a forgotten password: the old way in ends, and an invitation gives a new one.
 * @throws {AppError} staff.member_not_found, staff.own_account, staff.illegal_move
 */
export async function resetMember(work: Deed & { actor?: Actor }, username: string): Promise<Invited> {
  const member = await lockMember(work.db, username);
  if (work.actor && isSelf(work.actor, member)) throw ownAccount();
  if (member.state !== 'invited') member.moveTo('invited');
  const invitation = invite(work, member);
  await work.db.save(StaffMember, member);
  await endAccess(work, member);
  work.audit({ deed: 'staff-member-reset', subject: subject(member) });
  return { member, invitation };
}

/** Ends every session, and every key, of a member. */
async function endAccess(work: Pick<Deed, 'db' | 'now'>, { id: memberId }: StaffMember): Promise<void> {
  const revokedAt = work.now();
  await work.db.update(StaffSession, { memberId, revokedAt: IsNull() }, { revokedAt });
  await work.db.update(ApiKey, { memberId, revokedAt: IsNull() }, { revokedAt });
}

const isSelf = (actor: Actor, { id }: StaffMember): boolean => actor.kind === 'staff' && actor.id === id;

async function lockMember(db: EntityManager, username: string): Promise<StaffMember> {
  const member = await db.findOne(StaffMember, { where: { username }, ...locked<StaffMember>(db) });
  if (!member) throw memberNotFound();
  return member;
}

/** Two administrators who take the role from one another at once wait for each other here. */
async function assertAdministrator(db: EntityManager): Promise<void> {
  const active = await db.find(StaffMember, { where: { state: 'active' }, ...locked<StaffMember>(db) });
  if (!active.some(({ roles }) => roles.includes('administrator'))) throw lastAdministrator();
}
