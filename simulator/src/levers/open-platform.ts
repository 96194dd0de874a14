import { LeverError } from '../errors.ts';
import { OPEN_PLATFORM_CHOICES, type OpenPlatformSettings } from '../open-platform/settings.ts';
import { APPID_PLACE } from '../open-platform/state.ts';
import type { Limits } from '../platform/quotas.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { changeSettings } from './change-settings.ts';
import { presentPush } from './pushes.ts';

/** The third-party platform: its console, tickets, tokens and quotas. */
export function openPlatformLevers(world: World): SimulatorRouter {
  const router = newRouter('/open-platform');

  router.get('/settings', (ctx) => {
    ctx.body = world.openPlatform.settings;
  });

  router.post('/settings', (ctx) => {
    ctx.body = configure(world, leverBody<OpenPlatformSettings>(ctx));
  });

  router.post('/ticket', (ctx) => {
    ctx.status = 201;
    ctx.body = presentPush(world.openPlatform.tickets.push());
  });

  router.get('/pushes', (ctx) => {
    ctx.body = world.openPlatform.allPushes().map(presentPush);
  });

  router.post('/tokens/expire', (ctx) => {
    world.openPlatform.componentTokens.expireAll();
    world.openPlatform.authorizerTokens.expireAll();
    ctx.status = 204;
  });

  router.post('/quotas', (ctx) => {
    const { appid, path = '', ...change } = leverBody<Limits & { appid: string; path: string; used: number }>(ctx);
    const counted = appid === undefined ? world.openPlatform.appid : world.openPlatform.get(appid).appid;
    world.platform.quotas.adjust(counted, path, change);
    ctx.body = { path, ...world.platform.quotas.limitsOf(counted, path) };
  });

  return router;
}

/** Tickets begin, or begin anew, with the address that they go to. */
function configure({ openPlatform }: World, wanted: Partial<OpenPlatformSettings>): OpenPlatformSettings {
  const { settings, tickets } = openPlatform;
  const { authorisationUrl, messageUrl, tickets: wish } = wanted;
  for (const [name, url] of Object.entries({ authorisationUrl, messageUrl }))
    if (url && !URL.canParse(url)) throw new LeverError(400, `${name} is no address`);
  if (messageUrl && !messageUrl.includes(APPID_PLACE)) throw new LeverError(400, `messageUrl has no ${APPID_PLACE}`);
  changeSettings(settings, wanted, OPEN_PLATFORM_CHOICES);
  if (authorisationUrl !== undefined || wish !== undefined) tickets.start();
  return settings;
}
