import { mountCall, type PlatformCall } from '../platform/platform-call.ts';
import * as refuse from '../platform/refusals.ts';
import { textOf } from '../platform/token-routes.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { nextRefreshToken } from './authorise.ts';
import {
  assertComponent,
  assertListed,
  authorisedAccountOf,
  type AuthorisedAccount,
  mountComponentCall,
} from './component-call.ts';
import type { OpenPlatform } from './state.ts';
import { TOKEN_SECONDS } from './tokens.ts';

/** Tickets, tokens and codes of the third-party platform (official documentation, 第三方平台凭证). */
export function mountComponentTokenCalls(router: SimulatorRouter, world: World): void {
  const openly = (path: string, handle: (call: PlatformCall) => object) =>
    mountCall(router, world, { path: `/cgi-bin/component/${path}`, method: 'POST', token: 'none' }, handle);

  openly('api_start_push_ticket', (call) => {
    const { settings, tickets } = admit(call, 'component_secret');
    settings.tickets = 'auto';
    tickets.start();
    return { errcode: 0, errmsg: 'ok' };
  });

  openly('api_component_token', (call) => {
    const { componentTokens, appid } = admit(call, 'component_appsecret');
    assertTicket(call);
    return { component_access_token: componentTokens.issue(appid), expires_in: TOKEN_SECONDS };
  });

  mountComponentCall(router, world, 'api_create_preauthcode', ({ world: { openPlatform } }) => ({
    pre_auth_code: openPlatform.preAuthCodes.issue({ appid: openPlatform.appid }),
    expires_in: openPlatform.settings.preAuthCodeSeconds,
  }));

  mountComponentCall(router, world, 'api_query_auth', queryAuth);
  mountComponentCall(router, world, 'api_authorizer_token', refresh);

  openly('clear_quota/v2', (call) => {
    const { appid } = admit(call, 'appsecret');
    const wanted = textOf(call.body.appid);
    const cleared = wanted === appid ? appid : authorisedAccountOf(call, wanted).appid;
    if (!call.world.platform.quotas.clear(cleared)) throw refuse.noResetLeft();
    return { errcode: 0, errmsg: 'ok' };
  });
}

/**
 * A call that proves itself by the platform's secret.
 * @param secretName each call spells it in its own way
 */
function admit(call: PlatformCall, secretName: 'component_secret' | 'component_appsecret' | 'appsecret'): OpenPlatform {
  const { openPlatform } = call.world;
  assertListed(call);
  assertComponent(call);
  if (textOf(call.body[secretName]) !== openPlatform.secret) throw refuse.wrongComponentCredential();
  call.count(openPlatform.appid);
  return openPlatform;
}

function assertTicket({ world, body }: PlatformCall): void {
  const { tickets, settings } = world.openPlatform;
  const state = tickets.check(textOf(body.component_verify_ticket));
  if (state === 'expired') throw refuse.ticketExpired();
  if (state === 'unknown') throw settings.wrongTicketCode === 40091 ? refuse.wrongTicket() : refuse.ticketInvalid();
}

function queryAuth(call: PlatformCall): object {
  const { openPlatform } = call.world;
  const { state, meaning } = openPlatform.authCodes.take(textOf(call.body.authorization_code));
  if (state === 'used')
    throw openPlatform.settings.usedCodeAnswer === 61010 ? refuse.authCodeExpired() : refuse.authCodeInvalid();
  if (state === 'expired') throw refuse.authCodeExpired();
  if (!meaning) throw refuse.authCodeInvalid();
  const account = authorisedAccountOf(call, meaning.appid);
  return { authorization_info: { ...tokensOf(call, account), func_info: funcInfoOf(account) } };
}

function refresh(call: PlatformCall): object {
  const account = authorisedAccountOf(call, call.body.authorizer_appid);
  const { refreshToken, formerRefreshTokens } = account.authorisation;
  const given = textOf(call.body.authorizer_refresh_token);
  const isFormer = formerRefreshTokens.has(given) && call.world.openPlatform.settings.formerRefreshToken === 'works';
  if (given === '' || (given !== refreshToken && !isFormer)) throw refuse.refreshTokenInvalid();
  nextRefreshToken(call.world, account);
  const { authorizer_appid: _, ...tokens } = tokensOf(call, account);
  return tokens;
}

const tokensOf = ({ world }: PlatformCall, { appid, authorisation }: AuthorisedAccount) => ({
  authorizer_appid: appid,
  authorizer_access_token: world.openPlatform.authorizerTokens.issue(appid),
  expires_in: TOKEN_SECONDS,
  authorizer_refresh_token: authorisation.refreshToken ?? '',
});

export const funcInfoOf = ({ authorisation }: AuthorisedAccount) =>
  authorisation.scopes.map((id) => ({ funcscope_category: { id } }));
