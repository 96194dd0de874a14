import type { StaffMember } from '../../entities/staff-member.ts';
import { StaffSession } from '../../entities/staff-session.ts';
import { newToken, sha256 } from '../platform/crypto.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';

const MINUTE_MS = 60_000;

export interface OpenedStaffSession {
  /** Given out once; only its hash is kept. */
  token: string;
  session: StaffSession;
  member: StaffMember;
}

export async function openStaffSession(work: Transaction, member: StaffMember): Promise<OpenedStaffSession> {
  const token = newToken();
  const now = work.now();
  const endsAt = new Date(now.getTime() + work.config.STAFF_SESSION_HOURS * 60 * MINUTE_MS);
  const session = Object.assign(new StaffSession(), {
    id: newId(),
    tokenHash: sha256(token),
    memberId: member.id,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: idleEnd(work, endsAt),
    endsAt,
  });
  await work.db.insert(StaffSession, session);
  return { token, session, member };
}

/** When a session that is used now ends if it is not used again. */
export const idleEnd = ({ config, now }: Pick<Work, 'config' | 'now'>, endsAt: Date): Date =>
  new Date(Math.min(endsAt.getTime(), now().getTime() + config.STAFF_SESSION_IDLE_MINUTES * MINUTE_MS));
