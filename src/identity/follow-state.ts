import { In } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import { locked } from '../platform/database/index.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { findWechatContacts } from './find-contact.ts';
import { learnUnionid } from './join-identities.ts';
import { recordIdentity } from './record-identity.ts';
import { lockSurvivor, membersOf } from './survivor.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** Follows a sign-in or a follow of somebody whose follow state or unionid is not known. */
    'identity.learn_follower': { identityId: string };
  }
}

export interface FollowChange {
  /** The service account's. */
  appid: string;
  openid: string;
  follows: boolean;
  /** When WeChat says it happened. */
  at: Date;
}

/**
 * What a subscribe or unsubscribe push means for us; bears a repeat, and an older push after a newer one.
 * A follower whom we have never seen becomes a customer, so that their mini-program login, which may come any day, joins them;
 * two pushes may meet the same one: run it with `retryDuplicates`.
 */
export async function followChanged(work: Transaction, { appid, openid, follows, at }: FollowChange): Promise<void> {
  const known = await lockIdentity(work, { appid, openid });
  if (!known && !follows) return;
  const identity = known ?? (await recordIdentity(work, { appKind: 'official-account', appid, openid }));
  if (identity.followChangedAt && identity.followChangedAt > at) return;
  await setFollow(work, identity, follows, at);
  if (follows) await askAboutFollower(work, { ...identity, follow: 'following' });
  else await forgetProfile(work, identity);
}

/** WeChat refused a message because the person does not follow the account: the push that said so was lost. */
export async function notFollowing(desk: Desk, appid: string, openid: string): Promise<void> {
  await desk.transaction(async (work) => {
    const identity = await lockIdentity(work, { appid, openid });
    if (!identity || identity.follow === 'not_following') return;
    await setFollow(work, identity, false, identity.followChangedAt);
    if (identity.follow === 'following') await forgetProfile(work, identity);
  });
}

/** Has the job `identity.learn_follower` done, unless there is nothing to learn. */
export async function askAboutFollower(work: Transaction, identity: WechatIdentity): Promise<void> {
  const { id: identityId, appKind, follow, unionid } = identity;
  if (appKind !== 'official-account' || (follow !== null && unionid !== null)) return;
  await enqueue(work, 'identity.learn_follower', { identityId }, { key: `identity.learn_follower:${identityId}` });
}

/** The job `identity.learn_follower`: asks WeChat whether the person follows the account, and for the unionid. */
export async function learnFollower(desk: Desk, { identityId }: { identityId: string }): Promise<void> {
  const asked = await desk.db.findOneBy(WechatIdentity, { id: identityId, appKind: 'official-account' });
  if (!asked) return;
  const { appid, openid } = asked;
  const { follows, followedAt, unionid } = await desk.officialAccount.follower(openid);
  await desk.transaction(async (work) => {
    if (unionid) await learnUnionid(work, identityId, unionid);
    const identity = await lockIdentity(work, { appid, openid });
    // A push that came while we asked is newer than the answer.
    if (!identity || identity.followChangedAt?.getTime() !== asked.followChangedAt?.getTime()) return;
    await setFollow(work, identity, follows, (follows && followedAt) || identity.followChangedAt);
    if (!follows && identity.follow === 'following') await forgetProfile(work, identity);
  });
}

/** Asks at once about a customer of whom it is not known whether they follow the account. */
export async function learnFollowers(desk: Desk, customerId: string): Promise<void> {
  const contacts = await findWechatContacts(desk, customerId);
  for (const { id, appKind, follow } of contacts) {
    if (appKind === 'official-account' && follow === null) await learnFollower(desk, { identityId: id });
  }
}

/**
 * The person withdrew, in WeChat, what they had allowed one of our apps to know (official documentation, event
 * "user_authorization_revoke"): what it told us is deleted; the service account told the nickname, the mini-program the number.
 */
export async function personalDataRevoked(work: Transaction, app: { appid: string; openid: string }): Promise<void> {
  const identity = await lockIdentity(work, app);
  if (!identity) return;
  await forget(work, identity, identity.appKind === 'official-account' ? { nickname: null } : { phoneSealed: null });
}

const lockIdentity = (work: Transaction, where: { appid: string; openid: string }): Promise<WechatIdentity | null> =>
  work.db.findOne(WechatIdentity, { where, ...locked<WechatIdentity>(work.db) });

async function setFollow(work: Transaction, { id }: WechatIdentity, follows: boolean, at: Date | null): Promise<void> {
  const follow = follows ? 'following' : 'not_following';
  await work.db.update(WechatIdentity, { id }, { follow, followChangedAt: at });
}

/**
 * WeChat's rule: whoever unfollows has their data deleted (official documentation, event "unsubscribe"). What the account told
 * us about the person is the nickname. We keep the openid, because the customer's login hangs on it; that they do not follow,
 * because otherwise we would write to them; and what belongs to a contract: orders, payments, messages about them.
 */
const forgetProfile = (work: Transaction, identity: WechatIdentity): Promise<void> =>
  forget(work, identity, { nickname: null });

/** Of the survivor and of all who were merged into them: an undone merge brings nothing back. */
async function forget(
  work: Transaction,
  { customerId }: WechatIdentity,
  what: { nickname: null } | { phoneSealed: null },
): Promise<void> {
  const customer = await lockSurvivor(work, customerId);
  await work.db.update(Customer, { id: In(await membersOf(work.db, customer.id)) }, what);
}
