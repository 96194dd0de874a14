import { MessageDelivery } from '../../entities/message-delivery.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { messageNotFound } from '../messages/index.ts';
import { decideUnknown } from './decide-unknown.ts';
import { listDeliveries, presentDeliveries } from './list.ts';
import { byId, deliveryView, messageListQuery, staffMessageBody, unknownDecisionBody } from './schema.ts';
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

staffMessageRoutes.post(
  '/messages/:id/decision',
  accept(
    {
      summary: 'Decide about a message of which nobody knows whether it arrived: say it once more, call, or leave it',
      needs: 'send-messages',
      params: byId,
      body: unknownDecisionBody,
      answers: { status: 200, data: deliveryView },
      refuses: ['message.not_found', 'message.nothing_to_decide'],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      const delivery = await desk.transaction((work) => decideUnknown(work, staff, params.id, body));
      const [view] = await presentDeliveries(desk, [delivery]);
      ctx.body = { data: view };
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
      if (!delivery) throw messageNotFound();
      const [view] = await presentDeliveries(desk, [delivery]);
      ctx.body = { data: view };
    },
  ),
);
