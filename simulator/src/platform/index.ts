import { mountLoginCalls } from '../mini-program/login-calls.ts';
import { mountShippingCalls } from '../mini-program/shipping-calls.ts';
import { mountSubscribeCalls } from '../mini-program/subscribe-calls.ts';
import { mountTemplateCalls } from '../official-account/template-calls.ts';
import { mountTemplateListCalls } from '../official-account/template-list-calls.ts';
import { mountTicketCalls } from '../official-account/ticket-calls.ts';
import { mountUserCalls } from '../official-account/user-calls.ts';
import { mountAccountCalls } from '../open-platform/account-calls.ts';
import { mountComponentTokenCalls } from '../open-platform/token-calls.ts';
import { newRouter, type SimulatorRouter } from '../routing.ts';
import { mountSnsCalls } from '../web/sns-calls.ts';
import type { World } from '../world.ts';
import { mountBasicInfoCalls } from './basic-info-calls.ts';
import { mountQuotaCalls } from './quota-routes.ts';
import { mountTokenCalls } from './token-routes.ts';

/** api.weixin.qq.com */
export function platformRouter(world: World): SimulatorRouter {
  const router = newRouter();
  mountTokenCalls(router, world);
  mountQuotaCalls(router, world);
  mountBasicInfoCalls(router, world);
  mountUserCalls(router, world);
  mountTicketCalls(router, world);
  mountTemplateCalls(router, world);
  mountTemplateListCalls(router, world);
  mountLoginCalls(router, world);
  mountSubscribeCalls(router, world);
  mountShippingCalls(router, world);
  mountComponentTokenCalls(router, world);
  mountAccountCalls(router, world);
  mountSnsCalls(router, world);
  return router;
}
