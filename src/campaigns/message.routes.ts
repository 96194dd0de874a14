import { MessageDelivery } from '../../entities/message-delivery.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { AppError } from '../platform/errors.ts';
import { listDeliveries, presentDeliveries } from './list.ts';
import { byId, deliveryView, messageListQuery, staffMessageBody } from './schema.ts';
import { sayByStaff } from './staff-message.ts';

/** Messages one by one. */
export const staffMessageRoutes = newRoutes();

staffMessageRoutes.post(
  '/messages',
  accept(
    {
      summary: 'Say one thing to a customer, or about an order; the same on one day is said once',
      needs: 'send-messages',
      body: staffMessageBody,
      answers: { status: 202, data: deliveryView },
      refuses: ['message.not_found', 'customer.not_found', 'order.not_found', 'message.marketing_refused'],
    },
    async (ctx, { body }) => {
      const { desk, staff } = ctx.state;
      const delivery = await desk.transaction((work) => sayByStaff(work, staff, body), { retryDuplicates: true });
      const [view] = await presentDeliveries(desk, [delivery]);
      ctx.status = 202;
      ctx.body = { data: view };
    },
  ),
);

staffMessageRoutes.get(
  '/messages',
  accept(
    {
      summary: 'Messages, newest first; by customer, state and reason',
      needs: 'read-messages',
      query: messageListQuery,
      answers: { status: 200, data: deliveryView, isPage: true },
    },
    async (ctx, { query }) => {
      ctx.body = page(await listDeliveries(ctx.state.desk, query), query.limit, (view) => view);
    },
  ),
);

staffMessageRoutes.get(
  '/messages/:id',
  accept(
    {
      summary: 'One message, and how it ended',
      needs: 'read-messages',
      params: byId,
      answers: { status: 200, data: deliveryView },
      refuses: ['message.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const delivery = await desk.db.findOneBy(MessageDelivery, params);
      if (!delivery) throw new AppError(404, 'message.not_found');
      const [view] = await presentDeliveries(desk, [delivery]);
      ctx.body = { data: view };
    },
  ),
);
