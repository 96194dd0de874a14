export { refundRoutes } from './app.routes.ts';
export { refundByItself } from './disputed.ts';
export { lookAtForgotten, lookAtRefund, sendRefund } from './send-refund.ts';
export { staffRefundRoutes } from './staff.routes.ts';
