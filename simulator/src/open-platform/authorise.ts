import { randomBytes } from 'node:crypto';
import { LeverError } from '../errors.ts';
import type { World } from '../world.ts';
import { usualScopes, type CustomerAccount } from './account.ts';

export interface Grant {
  /** Ids of permission sets; absent: all that are asked for. */
  scopes?: number[];
  /** Of the link that the owner came by. */
  preAuthCode?: string;
}

/** What the owner's browser brings back. */
export interface GrantedCode {
  authCode: string;
  expiresIn: number;
}

const newRefreshToken = (): string => `refreshtoken@@@${randomBytes(32).toString('base64url')}`;

/** The owner grants; who has granted before changes what he granted. Told to the authorisation URL. */
export function authorise(world: World, account: CustomerAccount, grant: Grant = {}): GrantedCode {
  const { openPlatform, clock } = world;
  const isKnown = account.authorisation !== null;
  grantSilently(world, account, grant.scopes);
  const authCode = openPlatform.authCodes.issue({ appid: account.appid });
  const told =
    openPlatform.settings.codeInEvent === 'same' ? authCode : openPlatform.authCodes.issue({ appid: account.appid });
  const expiresIn = openPlatform.settings.authCodeSeconds;
  openPlatform.pushes.create({
    InfoType: isKnown ? 'updateauthorized' : 'authorized',
    AuthorizerAppid: account.appid,
    AuthorizationCode: told,
    AuthorizationCodeExpiredTime: clock.seconds() + expiresIn,
    PreAuthCode: grant.preAuthCode ?? '',
  });
  return { authCode, expiresIn };
}

/** The same without a word to anybody, as it was before the platform listened. A lost refresh token is replaced. */
export function grantSilently({ clock }: World, account: CustomerAccount, scopes?: number[]): void {
  const before = account.authorisation;
  account.authorisation = {
    scopes: scopes ?? usualScopes(account.verification.kind),
    authorisedAt: before?.authorisedAt ?? clock.now(),
    refreshToken: before?.refreshToken ?? newRefreshToken(),
    formerRefreshTokens: before?.formerRefreshTokens ?? new Set(),
  };
}

/** The owner takes it back in his console. @throws LeverError 409 when there is nothing to take back */
export function revoke({ openPlatform }: World, account: CustomerAccount): void {
  if (!account.authorisation) throw new LeverError(409, `${account.appid} is not authorised`);
  account.authorisation = null;
  openPlatform.authorizerTokens.expireAll(account.appid);
  openPlatform.pushes.create({ InfoType: 'unauthorized', AuthorizerAppid: account.appid });
}

/** Lever: whatever refresh token was given out is worth nothing any more. */
export function loseRefreshToken(account: CustomerAccount): void {
  if (!account.authorisation) throw new LeverError(409, `${account.appid} is not authorised`);
  account.authorisation.refreshToken = null;
  account.authorisation.formerRefreshTokens.clear();
}

/** The refresh token of an answer to a refresh: a new one, or the same. */
export function nextRefreshToken({ openPlatform }: World, account: CustomerAccount): string | null {
  const { authorisation } = account;
  if (!authorisation?.refreshToken || openPlatform.settings.refreshTokens === 'stay')
    return authorisation?.refreshToken ?? null;
  authorisation.formerRefreshTokens.add(authorisation.refreshToken);
  authorisation.refreshToken = newRefreshToken();
  return authorisation.refreshToken;
}
