import { In, IsNull, MoreThan } from 'typeorm';
import { CustomerSession } from '../../entities/customer-session.ts';
import { type AppKind, WechatIdentity } from '../../entities/wechat-identity.ts';
import type { Work } from '../platform/work.ts';

/** Nobody reads further; older ones end by themselves. */
const MAX_SHOWN = 50;

export interface Device {
  session: CustomerSession;
  appKind: AppKind;
}

/** Where a customer is signed in, last used first. */
export async function listDevices(work: Work, customerId: string): Promise<Device[]> {
  const sessions = await work.db.find(CustomerSession, {
    where: { customerId, revokedAt: IsNull(), expiresAt: MoreThan(work.now()) },
    order: { lastSeenAt: 'DESC', id: 'DESC' },
    take: MAX_SHOWN,
  });
  const identities = await work.db.findBy(WechatIdentity, { id: In(sessions.map((session) => session.identityId)) });
  const kinds = new Map(identities.map(({ id, appKind }) => [id, appKind]));
  return sessions.map((session) => ({ session, appKind: kinds.get(session.identityId) ?? 'mini-program' }));
}
