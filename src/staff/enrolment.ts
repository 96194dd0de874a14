import { IsNull, MoreThan } from 'typeorm';
import { renderSVG } from 'uqr';
import { StaffMember } from '../../entities/staff-member.ts';
import type { EnrolmentView } from '../contracts/staff.ts';
import { newToken, sha256 } from '../platform/crypto.ts';
import { locked } from '../platform/database/index.ts';
import { invalid } from '../platform/http/accept.ts';
import type { Deed } from '../platform/work.ts';
import { newTotpSecret, totpUri } from './authenticator.ts';
import { codeRefused, invitationRefused } from './errors.ts';
import { faultOfPassword, hashPassword } from './password.ts';
import { stepOf, totpPlace } from './sign-in.ts';

const INVITATION_DAYS = 7;
const DAY_MS = 24 * 3600_000;

/** Lets a member choose a new password and a new authenticator; the old ones end. The caller saves. @returns for the member alone, once */
export function invite(work: Pick<Deed, 'now'>, member: StaffMember): string {
  const invitation = newToken();
  Object.assign(member, {
    state: 'invited',
    passwordHash: null,
    totpSecretSealed: null,
    attempts: 0,
    lockedUntil: null,
    invitationHash: sha256(invitation),
    invitationEndsAt: new Date(work.now().getTime() + INVITATION_DAYS * DAY_MS),
  });
  return invitation;
}

/**
 * The invited person begins: gets a secret for the authenticator app. Asked again, another one.
 * @throws {AppError} staff.invitation_refused
 */
export async function beginEnrolment(work: Deed, invitation: string, issuer: string): Promise<EnrolmentView> {
  const member = await findInvited(work, invitation);
  const secret = newTotpSecret();
  member.totpSecretSealed = work.vault.seal(secret, totpPlace(member.id));
  await work.db.save(StaffMember, member);
  const { username, name } = member;
  const uri = totpUri(secret, issuer, username);
  return { username, name, secret, uri, qrSvg: renderSVG(uri) };
}

/**
 * The invited person chooses a password and shows that the authenticator works: from now on they may sign in.
 * @throws {AppError} staff.invitation_refused, staff.code_refused, request.invalid
 */
export async function finishEnrolment(
  work: Deed,
  { invitation, password, code }: { invitation: string; password: string; code: string },
): Promise<StaffMember> {
  const member = await findInvited(work, invitation);
  refuseWeak(password, member.username, 'password');
  const step = member.totpSecretSealed ? stepOf(work, member, code) : null;
  if (step === null) throw codeRefused();
  const passwordHash = await hashPassword(password);
  Object.assign(member, { passwordHash, totpStep: step, invitationHash: null, invitationEndsAt: null });
  member.moveTo('active');
  await work.db.save(StaffMember, member);
  work.audit({ deed: 'staff-member-enrolled', subject: { kind: 'staff-member', id: member.id } });
  return member;
}

async function findInvited(work: Deed, invitation: string): Promise<StaffMember> {
  const member = await work.db.findOne(StaffMember, {
    where: {
      invitationHash: sha256(invitation),
      state: 'invited',
      invitationEndsAt: MoreThan(work.now()),
      passwordHash: IsNull(),
    },
    ...locked<StaffMember>(work.db),
  });
  if (!member) throw invitationRefused();
  return member;
}

/** @throws {AppError} request.invalid */
export function refuseWeak(password: string, username: string, field: string): void {
  const message = faultOfPassword(password, username);
  if (message) throw invalid([{ field, message }]);
}
