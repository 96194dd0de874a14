import { IsNull, Not } from 'typeorm';
import { StaffMember } from '../../entities/staff-member.ts';
import { StaffSession } from '../../entities/staff-session.ts';
import type { ChangePasswordBody } from '../contracts/staff.ts';
import type { StaffActor } from '../platform/actor.ts';
import type { Desk } from '../platform/work.ts';
import { refuseWeak } from './enrolment.ts';
import { hashPassword } from './password.ts';
import { confirmPerson } from './sign-in.ts';

/**
 * Changes the own password; every other session of the member ends.
 * @throws {AppError} staff.sign_in_refused when password or code is wrong, request.invalid
 */
export async function changePassword(
  desk: Desk,
  who: StaffActor,
  { password, code, newPassword }: ChangePasswordBody,
): Promise<void> {
  const { id, username } = await desk.db.findOneByOrFail(StaffMember, { id: who.id });
  refuseWeak(newPassword, username, 'newPassword');
  const passwordHash = await hashPassword(newPassword);
  await confirmPerson(desk, { username, password, code }, async (work, member) => {
    member.passwordHash = passwordHash;
    const others = { memberId: id, revokedAt: IsNull(), id: Not(who.sessionId!) };
    await work.db.update(StaffSession, others, { revokedAt: work.now() });
    work.audit({ deed: 'staff-password-changed', subject: { kind: 'staff-member', id } });
  });
}

/** Ends the session that asks. */
export async function signOutStaff(desk: Desk, who: StaffActor): Promise<void> {
  await desk.transaction(async (work) => {
    await work.db.update(StaffSession, { id: who.sessionId!, revokedAt: IsNull() }, { revokedAt: work.now() });
    work.audit({ deed: 'staff-signed-out', subject: { kind: 'staff-member', id: who.id } });
  });
}
