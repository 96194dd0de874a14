import { StaffMember } from '../../entities/staff-member.ts';
import { locked } from '../platform/database/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { stepOfCode } from './authenticator.ts';
import { signInRefused } from './errors.ts';
import { openStaffSession, type OpenedStaffSession } from './open-staff-session.ts';
import { isPassword } from './password.ts';

/** From this attempt on in a row the account is locked, longer each time. */
const PATIENCE = 5;
const MINUTE_MS = 60_000;
const LONGEST_LOCK_MINUTES = 30;

export interface Credentials {
  username: string;
  password: string;
  code: string;
}

/**
 * Signs a member of staff in with password and code.
 * @throws {AppError} staff.sign_in_refused, whatever was wrong
 */
export function signInStaff(desk: Desk, credentials: Credentials): Promise<OpenedStaffSession> {
  return confirmPerson(desk, credentials, async (work, member) => {
    member.signedInAt = work.now();
    work.audit({ deed: 'staff-signed-in', subject: { kind: 'staff-member', id: member.id } });
    return openStaffSession(work, member);
  });
}

/**
 * Does something that only the person may do who has both password and authenticator. An attempt is counted before it is looked
 * at, so that many at once are not many guesses.
 * @param then may change the member, who is saved afterwards
 * @throws {AppError} staff.sign_in_refused, whatever was wrong
 */
export async function confirmPerson<T>(
  desk: Desk,
  { username, password, code }: Credentials,
  then: (work: Transaction, member: StaffMember) => Promise<T>,
): Promise<T> {
  const member = await beginAttempt(desk, username);
  // Each half is looked at, whatever the other says, and also when there is nobody: time tells nothing either.
  const isRight = await isPassword(member?.passwordHash ?? null, password);
  const step = member?.totpSecretSealed ? stepOf(desk, member, code) : null;
  if (!member || !isRight || step === null) throw refused(desk, member);
  return desk.transaction(async (work) => {
    const confirmed = await finishAttempt(work, member, step);
    const result = await then(work, confirmed);
    await work.db.save(StaffMember, confirmed);
    return result;
  });
}

/** Counts the attempt; whose it is will be known afterwards. Null when nobody of this name may try now. */
function beginAttempt(desk: Desk, username: string): Promise<StaffMember | null> {
  return desk.as({ kind: 'nobody' }).transaction(async (work) => {
    const member = await work.db.findOne(StaffMember, { where: { username }, ...locked<StaffMember>(work.db) });
    if (!member || member.state !== 'active' || isLocked(member, work.now())) return null;
    member.attempts += 1;
    if (member.attempts >= PATIENCE) lock(work, member);
    await work.db.save(StaffMember, member);
    return member;
  });
}

function lock(work: Transaction, member: StaffMember): void {
  const minutes = Math.min(2 ** (member.attempts - PATIENCE), LONGEST_LOCK_MINUTES);
  member.lockedUntil = new Date(work.now().getTime() + minutes * MINUTE_MS);
  work.audit({
    deed: 'staff-member-locked',
    subject: { kind: 'staff-member', id: member.id },
    after: { minutes },
  });
}

/** A code counts once, also for two who bring it at once. */
async function finishAttempt(work: Transaction, tried: StaffMember, step: number): Promise<StaffMember> {
  const member = await work.db.findOneOrFail(StaffMember, { where: { id: tried.id }, ...locked<StaffMember>(work.db) });
  // Meanwhile disabled, given another password, or confirmed with this very code.
  const isSame = member.state === 'active' && member.passwordHash === tried.passwordHash;
  if (!isSame || step <= member.totpStep) throw signInRefused();
  return Object.assign(member, { totpStep: step, attempts: 0, lockedUntil: null });
}

function refused(desk: Desk, member: StaffMember | null) {
  desk.log.warn({ member: member?.id ?? null }, 'a staff sign-in was refused');
  return signInRefused();
}

/** @throws {Error} when the secret was sealed with another key */
export const stepOf = ({ vault, now }: Pick<Desk, 'vault' | 'now'>, member: StaffMember, code: string): number | null =>
  stepOfCode(vault.open(member.totpSecretSealed!, totpPlace(member.id)), code, now());

export const totpPlace = (memberId: string): string => `staff_members:${memberId}:totp`;

export const isLocked = ({ lockedUntil }: StaffMember, at: Date): boolean => lockedUntil !== null && lockedUntil > at;
