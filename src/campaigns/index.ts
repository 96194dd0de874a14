export { callInstead, callUnreachable } from './call-instead.ts';
export { wakeCampaign, wakeForgotten } from './course.ts';
export { haltLapsed, resumeLapsed } from './lapse.ts';
export { staffMessageRoutes } from './message.routes.ts';
export { prepareCampaign } from './prepare.ts';
export { sendCampaign } from './send.ts';
export { campaignRoutes } from './staff.routes.ts';
