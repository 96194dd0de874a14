import { accept } from '../platform/http/accept.ts';
import { answerOnce } from '../platform/http/once.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { getOwnOrder, listOrders, readWholeOrder } from './find-order.ts';
import { placeOrder } from './place-order.ts';
import { presentOrder, presentSummary } from './presenter.ts';
import { byNumber, orderListQuery, placeOrderBody } from './schema.ts';
import { orderSummaryView, orderView } from './views.ts';

export const orderRoutes = newRoutes();

orderRoutes.post(
  '/orders',
  accept(
    {
      summary: 'Order a package of a service',
      body: placeOrderBody,
      answers: { status: 201, data: orderView },
      headers: { 'Idempotency-Key': { about: 'random; the same for every repeat of one order', required: true } },
      refuses: [
        'request.idempotency_key_missing',
        'request.idempotency_key_reused',
        'catalogue.service_not_found',
        'catalogue.version_changed',
        'catalogue.package_not_on_sale',
        'order.pre_check_failed',
        'order.account_not_verified',
      ],
    },
    async (ctx, { body }) => {
      const { customerId } = ctx.state.customer;
      await answerOnce(ctx, async (work) => {
        const order = await placeOrder(work, customerId, body);
        return { status: 201, body: { data: presentOrder(work, await readWholeOrder(work, order)) } };
      });
    },
  ),
);

orderRoutes.get(
  '/orders',
  accept(
    {
      summary: 'The customer’s orders, newest first',
      query: orderListQuery,
      answers: { status: 200, data: orderSummaryView, isPage: true },
    },
    async (ctx, { query }) => {
      const { rows, dueFen } = await listOrders(ctx.state.desk, {
        ...query,
        customerId: ctx.state.customer.customerId,
      });
      ctx.body = page(rows, query.limit, (order) => presentSummary(order, dueFen.get(order.id) ?? 0));
    },
  ),
);

orderRoutes.get(
  '/orders/:number',
  accept(
    { summary: 'One order', params: byNumber, answers: { status: 200, data: orderView }, refuses: ['order.not_found'] },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      const order = await getOwnOrder(desk, customer.customerId, params.number);
      ctx.body = { data: presentOrder(desk, await readWholeOrder(desk, order)) };
    },
  ),
);
