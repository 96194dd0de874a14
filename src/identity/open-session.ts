import { CustomerSession } from '../../entities/customer-session.ts';
import type { WechatIdentity } from '../../entities/wechat-identity.ts';
import { newToken, sha256 } from '../platform/crypto.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';

const DAY_MS = 86_400_000;

export interface OpenedSession {
  /** Given to the device once; only its hash is kept. */
  token: string;
  session: CustomerSession;
}

/** Signs a device in. @param device what the person will recognise it by */
export async function openSession(work: Transaction, identity: WechatIdentity, device: string): Promise<OpenedSession> {
  const token = newToken();
  const now = work.now();
  const session = Object.assign(new CustomerSession(), {
    id: newId(),
    tokenHash: sha256(token),
    customerId: identity.customerId,
    identityId: identity.id,
    device,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: sessionEnd(work, now),
  });
  await work.db.insert(CustomerSession, session);
  return { token, session };
}

/** When a session that is used now ends, if it is not used again. */
export const sessionEnd = ({ config }: Work, usedAt: Date): Date =>
  new Date(usedAt.getTime() + config.SESSION_DAYS * DAY_MS);
