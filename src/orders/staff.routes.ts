import { Customer } from '../../entities/customer.ts';
import { Order } from '../../entities/order.ts';
import { Milestone } from '../../entities/order-parts.ts';
import { canServe } from '../identity/index.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { orderNotFound } from './errors.ts';
import { listOrders, readWholeOrder } from './find-order.ts';
import { presentOrder, presentSummary } from './presenter.ts';
import { reachMilestone } from './reach-milestone.ts';
import { byNumber, reachMilestoneBody, staffOrderListQuery } from './schema.ts';
import { staffOrderRowView, staffOrderView } from './views.ts';

/** Staff see orders, and say how far the work is. */
export const staffOrderRoutes = newRoutes();

const present = async (work: Work, order: Order) => ({
  ...presentOrder(work, await readWholeOrder(work, order)),
  customerId: order.customerId,
});

async function getOrder({ db }: Work, number: string): Promise<Order> {
  const order = await db.findOneBy(Order, { number });
  if (!order) throw orderNotFound();
  return order;
}

async function reachByStaff(work: Transaction, who: StaffActor, number: string, code: string): Promise<Order> {
  const { id, customerId } = await getOrder(work, number);
  if (!canServe(who, await work.db.findOneByOrFail(Customer, { id: customerId }))) throw notAllowed();
  const before = await work.db.findOneBy(Milestone, { orderId: id, code });
  const order = await reachMilestone(work, id, code);
  if (before?.reachedAt) work.unchanged();
  else work.audit({ deed: 'milestone-reached', subject: { kind: 'order', id }, after: { orderNumber: number, code } });
  return order;
}

staffOrderRoutes.get(
  '/orders',
  accept(
    {
      summary: 'Orders, newest first; by state, customer, service and the day they were placed on',
      needs: 'read-orders',
      query: staffOrderListQuery,
      answers: { status: 200, data: staffOrderRowView, isPage: true },
    },
    async (ctx, { query }) => {
      const { rows, dueFen } = await listOrders(ctx.state.desk, query);
      ctx.body = page(rows, query.limit, (order) => ({
        ...presentSummary(order, dueFen.get(order.id) ?? 0),
        customerId: order.customerId,
      }));
    },
  ),
);

staffOrderRoutes.get(
  '/orders/:number',
  accept(
    {
      summary: 'One order',
      needs: 'read-orders',
      params: byNumber,
      answers: { status: 200, data: staffOrderView },
      refuses: ['order.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      ctx.body = { data: await present(desk, await getOrder(desk, params.number)) };
    },
  ),
);

staffOrderRoutes.post(
  '/orders/:number/milestones',
  accept(
    {
      summary:
        'Say that a milestone is reached: instalments become due, revenue is earned, WeChat is told of the delivery. It stays reached',
      needs: 'work-orders',
      params: byNumber,
      body: reachMilestoneBody,
      answers: { status: 200, data: staffOrderView },
      refuses: ['order.not_found', 'order.milestone_not_found', 'order.illegal_move'],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      const order = await desk.transaction((work) => reachByStaff(work, staff, params.number, body.code));
      ctx.body = { data: await present(desk, order) };
    },
  ),
);
