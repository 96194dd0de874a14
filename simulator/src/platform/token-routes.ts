import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import type { App } from './app.ts';
import { appsOf, mountCall, type PlatformCall } from './platform-call.ts';
import * as refuse from './refusals.ts';
import type { IssuedToken } from './tokens.ts';

/** Access tokens of every account (official documentation, interface call credentials). */
export function mountTokenCalls(router: SimulatorRouter, world: World): void {
  mountCall(router, world, { path: '/cgi-bin/token', method: 'GET', token: 'none' }, (call) => {
    const app = identify(call, (name) => call.query(name));
    if (call.query('grant_type') !== 'client_credential') throw refuse.wrongGrantType();
    return asAnswer(world.platform.tokens.issuePlain(admit(call, app).appid));
  });

  mountCall(router, world, { path: '/cgi-bin/stable_token', method: 'POST', token: 'none' }, (call) => {
    const app = identify(call, (name) => textOf(call.body[name]));
    if (call.body.grant_type !== 'client_credential') throw refuse.wrongGrantType();
    const { appid } = admit(call, app);
    if (call.body.force_refresh !== true) return asAnswer(world.platform.tokens.issueStable(appid));
    const forced = world.platform.tokens.forceStable(appid);
    if (forced === null) throw refuse.dayLimit();
    return asAnswer(forced);
  });
}

const asAnswer = ({ token, expiresIn }: IssuedToken) => ({ access_token: token, expires_in: expiresIn });
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * The account of an appid and its secret. The appid is looked at before everything else.
 * @throws PlatformError 41002, 40013, 41004, 40125, 40243
 */
export function identify(call: PlatformCall, field: (name: string) => string, secretName = 'secret'): App {
  const appid = field('appid');
  const secret = field(secretName);
  if (appid === '') throw refuse.appidMissing();
  const app = appsOf(call.world).find((candidate) => candidate.appid === appid);
  if (!app) throw refuse.wrongAppid();
  if (secret === '') throw refuse.secretMissing();
  if (secret !== app.secret) throw refuse.wrongSecret();
  if (app.settings.standing === 'secret-frozen') throw refuse.secretFrozen();
  return app;
}

/** The address list is looked at, and the quota counted, only where a token is given out for an AppSecret. */
function admit(call: PlatformCall, app: App): App {
  if (!app.settings.whitelistOk) throw refuse.callerNotListed(call.ip);
  if (app.settings.standing === 'token-forbidden') throw refuse.tokenForbidden();
  if (app.settings.standing === 'frozen') throw refuse.accountFrozen();
  call.count(app.appid);
  return app;
}
