export { refundRoutes } from './app.routes.ts';
export { refundByItself } from './disputed.ts';
export { adoptRefund } from './adopt-refund.ts';
export { presentProposals } from './list-refunds.ts';
export { proposeRefund } from './propose-refund.ts';
export { proposalView, proposeRefundBody } from './schema.ts';
export { lookAtForgotten, lookAtRefund, sendRefund } from './send-refund.ts';
export { settleRefund } from './settle-refund.ts';
export { staffRefundRoutes } from './staff.routes.ts';
