import { LeverError } from '../errors.ts';
import type { Push } from '../platform/pushes.ts';
import type { World } from '../world.ts';
import { accountManagementOf, type CustomerAccount } from './account.ts';

/** What is pushed of a verification, and which instant each event carries (official documentation, 微信认证事件推送). */
const INSTANTS = {
  qualification_verify_success: 'ExpiredTime',
  qualification_verify_fail: 'FailTime',
  naming_verify_success: 'ExpiredTime',
  naming_verify_fail: 'FailTime',
  annual_renew: 'ExpiredTime',
  verify_expired: 'ExpiredTime',
} as const;

export interface VerificationEvent {
  event: keyof typeof INSTANTS;
  /** Of a failure. */
  reason: string;
  /** Unix seconds; absent: now. */
  createTime: number;
}

const SYSTEM_OPENID = 'oSimulatorSystem000000000001';

/** The owner granted account management. */
export const isToldOf = ({ authorisation, verification }: CustomerAccount): boolean =>
  authorisation?.scopes.includes(accountManagementOf(verification.kind)) ?? false;

/**
 * Tells of an account's verification as it is now: to the message URL, where the owner granted account management.
 * @throws LeverError 400 for an event that there is not, 409 where nobody would be told
 */
export function pushVerification(
  { clock, openPlatform }: Pick<World, 'clock' | 'openPlatform'>,
  account: CustomerAccount,
  { event, reason = '', createTime = clock.seconds() }: Partial<VerificationEvent>,
): Push {
  const instant = event && INSTANTS[event];
  if (!instant) throw new LeverError(400, `event is one of ${Object.keys(INSTANTS).join(', ')}`);
  if (!isToldOf(account)) throw new LeverError(409, `${account.appid} has not granted account management`);
  const { until } = account.verification;
  return openPlatform.messagesOf(account).create(
    {
      FromUserName: SYSTEM_OPENID,
      MsgType: 'event',
      Event: event,
      ...(instant === 'FailTime'
        ? { FailTime: createTime, FailReason: reason }
        : { ExpiredTime: Math.floor((until ?? clock.now()) / 1000) }),
    },
    createTime,
  );
}
