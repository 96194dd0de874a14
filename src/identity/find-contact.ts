import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { Work } from '../platform/work.ts';
import { findSurvivor } from './survivor.ts';

/** Where WeChat can reach a customer: their identity in each app, last seen first. Somebody merged is reached as the survivor. */
export async function findWechatContacts(work: Work, customerId: string): Promise<WechatIdentity[]> {
  const customer = await findSurvivor(work.db, customerId);
  if (!customer) return [];
  return work.db.find(WechatIdentity, { where: { customerId: customer.id }, order: { seenAt: 'DESC', id: 'DESC' } });
}

/** @throws {Error} when there is none: ids of identities come from our own rows */
export const getIdentity = (work: Work, identityId: string): Promise<WechatIdentity> =>
  work.db.findOneByOrFail(WechatIdentity, { id: identityId });
