export { orderRoutes } from './app.routes.ts';
export { cancelOrder } from './cancel-order.ts';
export { orderNotCancellable } from './errors.ts';
export { getOwnOrder, lockOrder, readWholeOrder } from './find-order.ts';
export { canCancel, findDueInstalment, takesMoney } from './policy.ts';
export { presentOrder, presentPayment } from './presenter.ts';
export { reachMilestone } from './reach-milestone.ts';
export { byNumber } from './schema.ts';
export { orderView, paymentView } from './views.ts';
