export { messageRoutes } from './app.routes.ts';
export { adoptBindings, isBlocked, type TemplateBlocked } from './bindings.ts';
export { getTemplate } from './bind-template.ts';
export { assertFacts, cardOf, faultsOfFacts } from './card.ts';
export type { Way } from './choose-channel.ts';
export { dayBudget } from './day-budget.ts';
export { deliver, deliverMessage, send } from './deliver-message.ts';
export { messageNotFound } from './errors.ts';
export { handlePush, type VerificationTold } from './handle-push.ts';
export { marketingIn } from './marketing.ts';
export { markExhausted, type Meter, openMeter } from './meter.ts';
export { end, lockDelivery, writeManyAccepted } from './outcomes.ts';
export {
  findLapse,
  followOwnRights,
  isHeldForRights,
  isHeldNow,
  isLapse,
  type Lapse,
  RIGHTS_LAPSED,
} from './rights.ts';
export { receivePush } from './receive-push.ts';
export { say } from './say.ts';
export { leaseEnd } from './sending-lease.ts';
export { askForSync, syncTemplates } from './sync-templates.ts';
export { cardView, messageTemplateRoutes } from './template.routes.ts';
export { pushRoutes } from './wechat.routes.ts';
