export { invoiceRoutes } from './app.routes.ts';
export { followRefund } from './fit-to-receipts.ts';
export { askForFapiaoRegistration, registerFapiao } from './register-fapiao.ts';
export { lookAtFapiao, lookAtForgottenFapiao, sendFapiao, sendReverse } from './send-fapiao.ts';
export { publicInvoiceRoutes } from './public.routes.ts';
export { staffInvoiceRoutes } from './staff.routes.ts';
