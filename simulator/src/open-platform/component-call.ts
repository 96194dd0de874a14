import { mountCall, type Answer, type PlatformCall } from '../platform/platform-call.ts';
import * as refuse from '../platform/refusals.ts';
import { textOf } from '../platform/token-routes.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import type { Authorisation, CustomerAccount } from './account.ts';

/** An account that is authorised now. */
export type AuthorisedAccount = CustomerAccount & { authorisation: Authorisation };

/** Mounts a call of the platform's own, under its token. */
export function mountComponentCall(
  router: SimulatorRouter,
  world: World,
  path: string,
  handle: (call: PlatformCall) => Answer,
): void {
  mountCall(router, world, { path: `/cgi-bin/component/${path}`, method: 'POST', token: 'none' }, (call) => {
    assertListed(call);
    assertComponentToken(call);
    assertComponent(call);
    call.count(world.openPlatform.appid);
    if (!world.openPlatform.settings.published) throw refuse.componentNotPublished();
    return handle(call);
  });
}

/** Every call of the platform is looked up in its address list, whatever token it has. @throws PlatformError 61004 */
export function assertListed({ world, ip }: PlatformCall): void {
  if (!world.openPlatform.settings.whitelistOk) throw refuse.componentCallerNotListed(ip);
}

/** @throws PlatformError 61011 */
export function assertComponent({ world, body }: PlatformCall): void {
  if (textOf(body.component_appid) !== world.openPlatform.appid) throw refuse.wrongComponent();
}

/** The older spelling of the parameter, and the newer one. */
const tokenOf = ({ query }: PlatformCall): string => query('component_access_token') || query('access_token');

function assertComponentToken(call: PlatformCall): void {
  const { openPlatform, platform } = call.world;
  const token = tokenOf(call);
  if (token === '') throw refuse.tokenMissing();
  const found = openPlatform.componentTokens.find(token);
  if (found?.state === 'valid') return;
  if (found?.state === 'expired') throw refuse.componentTokenExpired();
  if (found) throw refuse.credentialNotLatest();
  if (openPlatform.authorizerTokens.find(token)) throw refuse.needsComponentToken();
  const own = platform.tokens.check(token).state;
  if (own === 'malformed') throw refuse.malformedToken();
  throw own === 'unknown' ? refuse.credentialNotLatest() : refuse.needsComponentToken();
}

/** The account that a call is about. @throws PlatformError 61003 */
export function authorisedAccountOf({ world }: PlatformCall, appid: unknown): AuthorisedAccount {
  const account = world.openPlatform.find(textOf(appid));
  if (!account?.authorisation) throw refuse.notAuthorisedToComponent();
  return account as AuthorisedAccount;
}

/**
 * The account of an authorizer_access_token, for a call that needs a permission set; null when it is no such token.
 * @throws PlatformError 42001, 40001, 61003, 61007, 61015
 */
export function findAuthorizer(
  call: PlatformCall,
  scopeOf: (account: CustomerAccount) => number,
): CustomerAccount | null {
  const { openPlatform } = call.world;
  const token = tokenOf(call);
  if (openPlatform.componentTokens.find(token)) throw refuse.needsAuthorizerToken();
  const found = openPlatform.authorizerTokens.find(token);
  if (!found) return null;
  assertListed(call);
  const account = authorisedAccountOf(call, found.owner);
  if (found.state === 'expired') throw refuse.tokenExpired();
  if (found.state === 'superseded') throw refuse.credentialNotLatest();
  if (!account.authorisation.scopes.includes(scopeOf(account))) throw refuse.notGrantedToComponent();
  call.count(account.appid);
  return account;
}
