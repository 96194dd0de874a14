import { Customer } from '../../entities/customer.ts';
import { type AppKind, WechatIdentity } from '../../entities/wechat-identity.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction } from '../platform/work.ts';
import { findEldest, joinByUnionid, lockPerson } from './join-identities.ts';

/** A person as WeChat has just shown them to one of our apps. */
export interface SeenIdentity {
  appKind: AppKind;
  appid: string;
  openid: string;
  unionid?: string | undefined;
  /** Mini-program only. */
  sessionKey?: string;
}

/**
 * Keeps who was seen: a new identity, or what is new about a known one; whoever has the same unionid becomes one customer with
 * it. Two transactions may meet the same new person: run it with `retryDuplicates`.
 */
export async function recordIdentity(work: Transaction, seen: SeenIdentity): Promise<WechatIdentity> {
  if (seen.unionid) await lockPerson(work, seen.unionid);
  const known = await work.db.findOne(WechatIdentity, {
    where: { appid: seen.appid, openid: seen.openid },
    ...locked<WechatIdentity>(work.db),
  });
  const identity = known ?? (await createIdentity(work, seen));
  const news = {
    seenAt: work.now(),
    unionid: seen.unionid ?? identity.unionid,
    sessionKeySealed: seen.sessionKey ? sealSessionKey(work, identity.id, seen.sessionKey) : identity.sessionKeySealed,
  };
  await work.db.update(WechatIdentity, { id: identity.id }, news);
  if (seen.unionid) await joinByUnionid(work, seen.unionid);
  return work.db.findOneByOrFail(WechatIdentity, { id: identity.id });
}

async function createIdentity(work: Transaction, { appKind, appid, openid, unionid }: SeenIdentity) {
  const customer = (unionid ? await findEldest(work, unionid) : null) ?? (await createCustomer(work));
  const identity = Object.assign(new WechatIdentity(), {
    id: newId(),
    appKind,
    appid,
    openid,
    customerId: customer.id,
    createdAt: work.now(),
    seenAt: work.now(),
  });
  await work.db.insert(WechatIdentity, identity);
  return identity;
}

async function createCustomer(work: Transaction): Promise<Customer> {
  const customer = Object.assign(new Customer(), { id: newId(), createdAt: work.now() });
  await work.db.insert(Customer, customer);
  return customer;
}

const sealSessionKey = (work: Transaction, identityId: string, sessionKey: string): string =>
  work.vault.seal(sessionKey, `wechat_identity.session_key:${identityId}`);
