import type { AppWorld } from '../wechat-api/app-api.ts';
import { askBasicInfo } from '../wechat-api/basic-info.ts';
import { Authorisations } from './authorisations.ts';
import { AuthorizerApi } from './authorizer-api.ts';
import { ComponentApi } from './component-api.ts';
import { openAccountPush, openComponentPush } from './component-push.ts';
import { linksFor } from './links.ts';
import type { OpenPlatform } from './open-platform.ts';
import { findOpenPlatformSettings, type OpenPlatformConfig, type OpenPlatformSettings } from './settings.ts';
import { authorisedAnswer, listAnswer, preAuthCodeAnswer } from './shapes.ts';

const LISTED_AT_ONCE = 500;

/** Null where no third-party platform is configured. */
export function createOpenPlatform({
  config,
  ...world
}: AppWorld & { config: OpenPlatformConfig }): OpenPlatform | null {
  const settings = findOpenPlatformSettings(config);
  return settings && openPlatformWith(settings, world);
}

function openPlatformWith(settings: OpenPlatformSettings, world: AppWorld): OpenPlatform {
  const component = new ComponentApi(settings, world);
  const authorisations = new Authorisations(world.database, world.vault);
  const authorizers = new AuthorizerApi(settings, world, component, authorisations);

  return {
    appid: settings.appid,
    openPush: (query, rawBody) => openComponentPush(settings.push, query, rawBody, world.now()),
    openAccountPush: (account, query, rawBody) => openAccountPush(settings.push, account, query, rawBody, world.now()),
    keepTicket: (ticket, at) => component.keepTicket(ticket, at),

    async authorisationLinks(want) {
      const askedAt = world.now().getTime();
      const { code, lifeSeconds } = await component.call('api_create_preauthcode', {}, preAuthCodeAnswer);
      return { ...linksFor(settings, code, want), expiresAt: new Date(askedAt + lifeSeconds * 1000) };
    },

    async queryAuth(code) {
      const authorisedAt = world.now();
      const granted = await component.call('api_query_auth', { authorization_code: code }, authorisedAnswer, false);
      const { appid, funcScopes, refreshToken } = granted;
      await authorisations.keep({ appid, refreshToken, funcScopes, authorisedAt });
      await authorizers.keepToken(appid, { value: granted.accessToken, lifeSeconds: granted.lifeSeconds });
      return { appid, funcScopes, authorisedAt };
    },

    async authorizerInfo(appid) {
      const { info, refreshToken } = await authorizers.facts(appid);
      const { originalId, funcScopes } = info;
      await authorisations.adopt({ appid, refreshToken, funcScopes, authorisedAt: world.now() });
      await authorisations.learn(appid, { originalId, funcScopes });
      return info;
    },

    listAuthorizers(offset) {
      return component.call('api_get_authorizer_list', { offset, count: LISTED_AT_ONCE }, listAnswer);
    },

    adoptAuthorizer: (listed) => authorisations.adopt({ ...listed, funcScopes: null }),

    basicInfo(appid) {
      return askBasicInfo({ call: (call, shape) => authorizers.call(appid, call, shape) }, appid);
    },

    stop: () => component.exchange.close(),
  };
}
