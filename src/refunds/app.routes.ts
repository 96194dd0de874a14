import { z } from 'zod';
import { getOwnOrder } from '../orders/index.ts';
import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { listOwn } from './list-refunds.ts';
import { quoteOwn } from './own-quote.ts';
import { askRefund } from './propose-refund.ts';
import { askRefundBody, byOrder, ownQuoteView, ownRefundView } from './schema.ts';

/** Customers ask for their money back and see how it goes. */
export const refundRoutes = newRoutes();

refundRoutes.get(
  '/orders/:number/refund-quote',
  accept(
    {
      summary: 'What the service’s rule gives back of one of the own orders now, or why nothing can be asked for',
      params: byOrder,
      answers: { status: 200, data: ownQuoteView },
      refuses: ['order.not_found'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      const order = await getOwnOrder(desk, customer.customerId, params.number);
      ctx.body = { data: await quoteOwn(desk, order) };
    },
  ),
);

refundRoutes.get(
  '/orders/:number/refunds',
  accept(
    {
      summary: 'Refunds of one of the own orders, newest first',
      params: byOrder,
      answers: { status: 200, data: z.array(ownRefundView) },
      refuses: ['order.not_found'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      const { id } = await getOwnOrder(desk, customer.customerId, params.number);
      ctx.body = { data: await listOwn(desk, id) };
    },
  ),
);

refundRoutes.post(
  '/orders/:number/refunds',
  accept(
    {
      summary: 'Ask for the money back that the service’s rule gives now; staff decide',
      params: byOrder,
      body: askRefundBody,
      answers: { status: 201, data: ownRefundView },
      refuses: ['order.not_found', 'refund.nothing_to_refund', 'refund.already_asked', 'refund.amount_changed'],
    },
    async (ctx, { params, body }) => {
      const { desk, customer } = ctx.state;
      const { orderId } = await desk.transaction((work) => askRefund(work, customer.customerId, params.number, body));
      ctx.status = 201;
      ctx.body = { data: (await listOwn(desk, orderId))[0] };
    },
  ),
);
