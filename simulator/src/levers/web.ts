import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import { checkPageConfig, type PageConfig } from '../web/page-config.ts';
import type { World } from '../world.ts';

/** What the JS-SDK asks from any page, and tickets that die early. */
export function webLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.options('/web/check-config', (ctx) => {
    ctx.set('Access-Control-Allow-Origin', '*');
    ctx.set('Access-Control-Allow-Headers', 'content-type');
    ctx.status = 204;
  });

  router.post('/web/check-config', (ctx) => {
    ctx.set('Access-Control-Allow-Origin', '*');
    ctx.body = checkPageConfig(world, leverBody<PageConfig>(ctx));
  });

  router.post('/web/forget-tickets', (ctx) => {
    world.officialAccount.tickets.forget();
    ctx.status = 204;
  });

  return router;
}
