import { assertRight, lacksRight } from '../official-account/rights.ts';
import { mountCall, type PlatformCall } from '../platform/platform-call.ts';
import * as refuse from '../platform/refusals.ts';
import { identify } from '../platform/token-routes.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { ACCESS_SECONDS, type Grant, type GrantState } from './state.ts';

/** The server's half of web authorisation (official documentation, web authorisation). */
export function mountSnsCalls(router: SimulatorRouter, world: World): void {
  const rules = { method: 'GET', token: 'none' } as const;
  mountCall(router, world, { path: '/sns/oauth2/access_token', ...rules }, exchangeCode);
  mountCall(router, world, { path: '/sns/oauth2/refresh_token', ...rules }, refresh);
  mountCall(router, world, { path: '/sns/userinfo', ...rules }, tellProfile);
  mountCall(router, world, { path: '/sns/auth', ...rules }, (call) => {
    grantOf(call);
    return { errcode: 0, errmsg: 'ok' };
  });
}

function exchangeCode(call: PlatformCall): object {
  const { world, query } = call;
  const app = identify(call, query);
  if (app !== world.officialAccount) throw refuse.wrongAppid();
  assertRight(world, 'web-oauth');
  if (query('grant_type') !== 'authorization_code') throw refuse.wrongGrantType();
  const code = query('code');
  if (code === '') throw refuse.codeMissing();
  call.count(app.appid);

  const { state, meaning } = world.web.codes.take(code);
  if (state === 'used') throw refuse.codeUsed();
  if (state === 'expired') {
    throw world.officialAccount.settings.expiredCode === 42003 ? refuse.codeExpired() : refuse.wrongCode();
  }
  if (!meaning) throw refuse.wrongCode();
  return { ...tokensOf(world, meaning, world.web.openRefresh(meaning)), ...unionidOf(world, meaning) };
}

function tokensOf({ web, officialAccount }: World, grant: Grant, refreshToken: string): object {
  const isTold = grant.isSnapshot && !officialAccount.settings.snapshotFlagMissing;
  return {
    access_token: web.openAccess(grant),
    expires_in: ACCESS_SECONDS,
    refresh_token: refreshToken,
    openid: grant.openid,
    scope: grant.scope,
    ...(isTold ? { is_snapshotuser: 1 } : {}),
  };
}

const unionidOf = ({ platform }: World, { scope, unionid }: Grant): { unionid?: string } =>
  scope === 'snsapi_userinfo' && platform.settings.openPlatformBound ? { unionid } : {};

/** The same fields without unionid. */
function refresh(call: PlatformCall): object {
  const { world, query } = call;
  if (query('appid') === '') throw refuse.appidMissing();
  if (query('appid') !== world.officialAccount.appid) throw refuse.wrongAppid();
  if (query('grant_type') !== 'refresh_token') throw refuse.wrongGrantType();
  const token = query('refresh_token');
  const { state, grant } = world.web.lookAtRefresh(token);
  if (state === 'expired') throw refuse.refreshTokenExpired();
  assertNotEnded(state);
  if (!grant) throw refuse.wrongRefreshToken();
  return tokensOf(world, grant, token);
}

/** @throws PlatformError 41001, 40001, 42001, 42007, 50001, 41009, 40003 */
function grantOf({ world, query }: PlatformCall): Grant {
  if (query('access_token') === '') throw refuse.tokenMissing();
  const { state, grant } = world.web.lookAtAccess(query('access_token'));
  if (state === 'expired') throw refuse.tokenExpired();
  assertNotEnded(state);
  if (!grant) throw refuse.credentialNotLatest();
  if (query('openid') === '') throw refuse.openidMissing();
  if (query('openid') !== grant.openid) throw refuse.wrongOpenid();
  return grant;
}

function assertNotEnded(state: GrantState): void {
  if (state === 'password-changed') throw refuse.passwordChanged();
  if (state === 'authorisation-withdrawn') throw refuse.userDidNotAuthorise();
}

function tellProfile(call: PlatformCall): object {
  const { world } = call;
  const grant = grantOf(call);
  const isRefused = grant.isSnapshot && world.officialAccount.settings.snapshotUserinfo === 'refused';
  if (grant.scope !== 'snsapi_userinfo' || isRefused || lacksRight(world, 'web-oauth')) throw refuse.notAuthorised();
  return {
    openid: grant.openid,
    nickname: grant.nickname,
    // Since 2021 the server tells neither sex nor region.
    sex: 0,
    province: '',
    city: '',
    country: '',
    headimgurl: `${world.addresses.origin}/mmopen/${grant.personId}/132`,
    privilege: [],
    ...unionidOf(world, grant),
  };
}
