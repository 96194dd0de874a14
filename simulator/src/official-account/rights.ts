import { assertInStanding } from '../platform/platform-call.ts';
import * as refuse from '../platform/refusals.ts';
import type { World } from '../world.ts';

/**
 * Rights of a verified service account (微信公众号接口权限说明). That template messages, web authorisation and user info go with
 * the verification is what users report; a complete list is not published.
 */
export const RIGHTS = ['template-send', 'template-list', 'web-oauth', 'user-info', 'js-sdk'] as const;
export type Right = (typeof RIGHTS)[number];

/** Before the qualification passed, and after the verification lapsed. */
export const lacksRight = ({ officialAccount }: World, right: Right): boolean =>
  !officialAccount.verification.isQualified && officialAccount.settings.withdrawnRights.includes(right);

/** @throws PlatformError 48001, 48004 */
export function assertRight(world: World, right: Right): void {
  assertInStanding(world.officialAccount);
  if (lacksRight(world, right)) throw refuse.notAuthorised();
}
