import { mountBindPages } from '../open-platform/bind-pages.ts';
import { newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { mountAuthorizePages } from './authorize.ts';
import { jweixinScript } from './jweixin.ts';

/** open.weixin.qq.com and the script of res.wx.qq.com. */
export function webRouter(world: World): SimulatorRouter {
  const router = newRouter();
  mountAuthorizePages(router, world);
  mountBindPages(router, world);
  router.get('/open/js/jweixin-1.6.0.js', (ctx) => {
    ctx.set('Access-Control-Allow-Origin', '*');
    ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
    ctx.type = 'text/javascript';
    ctx.body = jweixinScript;
  });
  return router;
}
