import { IsNull } from 'typeorm';
import { ApiKey } from '../../entities/api-key.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import { StaffSession } from '../../entities/staff-session.ts';
import type { StaffActor } from '../platform/actor.ts';
import { sha256 } from '../platform/crypto.ts';
import type { Desk } from '../platform/work.ts';
import { KEY_MARK } from './api-keys.ts';
import { keyExpired, sessionExpired } from './errors.ts';
import { idleEnd } from './open-staff-session.ts';

/** Use is written down at most so often, so that reading does not write. */
const NOTE_AFTER_MS = 60_000;

/**
 * Who asks with this token: a session of a member of staff, or an API key.
 * @throws {AppError} staff.session_expired, staff.key_expired
 */
export async function findStaff(desk: Desk, token: string, requestId: string): Promise<StaffActor> {
  const found = token.startsWith(KEY_MARK) ? await findByKey(desk, token) : await findBySession(desk, token);
  const { id, roles, teamId } = found.member;
  return { kind: 'staff', id, roles, teamId, apiKey: found.apiKey, sessionId: found.sessionId, requestId };
}

async function findBySession(desk: Desk, token: string) {
  const session = await desk.db.findOneBy(StaffSession, { tokenHash: sha256(token), revokedAt: IsNull() });
  const member = session && session.expiresAt > desk.now() ? await findActive(desk, session.memberId) : null;
  if (!session || !member) throw sessionExpired();
  if (isWorthNoting(desk, session.lastSeenAt)) {
    // Of many requests at once one writes; a session revoked meanwhile stays so.
    const { id, lastSeenAt, endsAt } = session;
    const use = { lastSeenAt: desk.now(), expiresAt: idleEnd(desk, endsAt) };
    await desk.transaction((work) => work.db.update(StaffSession, { id, lastSeenAt, revokedAt: IsNull() }, use));
  }
  return { member, apiKey: null, sessionId: session.id };
}

async function findByKey(desk: Desk, token: string) {
  const key = await desk.db.findOneBy(ApiKey, { keyHash: sha256(token), revokedAt: IsNull() });
  const member = key && key.expiresAt > desk.now() ? await findActive(desk, key.memberId) : null;
  if (!key || !member) throw keyExpired();
  const { id, permissions, lastUsedAt } = key;
  if (!lastUsedAt || isWorthNoting(desk, lastUsedAt))
    await desk.transaction((work) => work.db.update(ApiKey, { id }, { lastUsedAt: work.now() }));
  return { member, apiKey: { id, permissions }, sessionId: null };
}

const findActive = (desk: Desk, id: string) => desk.db.findOneBy(StaffMember, { id, state: 'active' });

const isWorthNoting = (desk: Desk, lastAt: Date): boolean => desk.now().getTime() - lastAt.getTime() >= NOTE_AFTER_MS;
