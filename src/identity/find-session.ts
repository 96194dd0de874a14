import { IsNull } from 'typeorm';
import { CustomerSession } from '../../entities/customer-session.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import { sha256 } from '../platform/crypto.ts';
import type { SignedIn } from '../platform/http/routes.ts';
import type { Desk } from '../platform/work.ts';
import { sessionEnd } from './open-session.ts';
import { findSurvivor } from './survivor.ts';

/** A session's life is written anew at most so often, so that reading does not write. */
const EXTEND_AFTER_MS = 3600_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export interface FoundSession extends SignedIn {
  expiresAt: Date;
  /** Its end was moved just now: a cookie must learn it. */
  isExtended: boolean;
}

/** Whose token this is; null when it is nobody's, revoked or over. Using it moves its end. A merged customer's token is the survivor's. */
export async function findSession(desk: Desk, token: string): Promise<FoundSession | null> {
  if (!TOKEN.test(token)) return null;
  const session = await desk.db.findOneBy(CustomerSession, { tokenHash: sha256(token), revokedAt: IsNull() });
  if (!session || session.expiresAt <= desk.now()) return null;

  const identity = await desk.db.findOneBy(WechatIdentity, { id: session.identityId });
  const customer = await findSurvivor(desk.db, session.customerId);
  if (!identity || !customer) return null;

  const isExtended = desk.now().getTime() - session.lastSeenAt.getTime() >= EXTEND_AFTER_MS;
  return {
    customerId: customer.id,
    sessionId: session.id,
    identityId: identity.id,
    appKind: identity.appKind,
    expiresAt: isExtended ? await extend(desk, session) : session.expiresAt,
    isExtended,
  };
}

async function extend(desk: Desk, { id, lastSeenAt }: CustomerSession): Promise<Date> {
  return desk.transaction(async (work) => {
    const usedAt = work.now();
    const expiresAt = sessionEnd(work, usedAt);
    // Of many requests at once one writes; a session revoked meanwhile stays so.
    await work.db.update(CustomerSession, { id, lastSeenAt, revokedAt: IsNull() }, { lastSeenAt: usedAt, expiresAt });
    return expiresAt;
  });
}
