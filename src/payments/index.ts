export { paymentRoutes } from './app.routes.ts';
export { chasePayment } from './chase-payment.ts';
export { chaseForgotten } from './chase-forgotten.ts';
export { closeRival } from './close-rival.ts';
export { expireOrder } from './close-unpaid-order.ts';
export { expireForgotten } from './expire-forgotten.ts';
export { createNoticeSettler } from './settle-notices.ts';
export { noticeRoutes } from './wechat.routes.ts';
