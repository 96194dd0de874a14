import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { Settings, World } from '../world.ts';
import { changeSettings } from './change-settings.ts';
import { presentAccount } from './accounts.ts';
import { presentNotice } from './notices.ts';
import { presentOrder } from './pay.ts';

/** The kit, the whole state at one glance, the calls received, general settings, and a new start. */
export function overviewLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/kit', (ctx) => {
    ctx.body = world.kit;
  });

  // Each half of WeChat adds what it remembers.
  router.get('/state', (ctx) => {
    ctx.body = {
      addresses: world.addresses,
      clock: { now: world.clock.now(), frozen: world.clock.isFrozen, waiting: world.clock.waiting },
      settings: world.settings,
      people: world.people.all(),
      faults: world.faults.all(),
      calls: world.calls.all().length,
      pay: {
        settings: world.pay.settings,
        noticeSettings: world.pay.noticeSettings,
        orders: [...world.pay.orders.values()].map(presentOrder),
        notices: [...world.pay.notices.values()].map(presentNotice),
      },
      platform: { settings: world.platform.settings, messages: world.platform.messages.all() },
      officialAccount: presentAccount(world.officialAccount),
      miniProgram: presentAccount(world.miniProgram),
      openPlatform: { appid: world.openPlatform.appid, settings: world.openPlatform.settings },
    };
  });

  router.get('/calls', (ctx) => {
    ctx.body = world.calls.all(typeof ctx.query.path === 'string' ? ctx.query.path : '');
  });

  router.post('/settings', (ctx) => {
    ctx.body = changeSettings(world.settings, leverBody<Settings>(ctx));
  });

  router.post('/reset', async (ctx) => {
    await world.reset();
    ctx.body = { now: world.clock.now() };
  });

  return router;
}
