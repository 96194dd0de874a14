export { invoiceRoutes } from './app.routes.ts';
export { followRefund } from './fit-to-receipts.ts';
export { publicInvoiceRoutes } from './public.routes.ts';
export { staffInvoiceRoutes } from './staff.routes.ts';
