import type { RefundProposal } from '../../entities/refund.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import type { Transaction } from '../platform/work.ts';
import { approveRefund, rejectRefund, withdrawRefund } from './decide-refund.ts';
import { decideDisputed, listDisputed, presentDisputed } from './disputed.ts';
import { getProposal, listProposals, presentProposals } from './list-refunds.ts';
import { getOrder, proposeRefund } from './propose-refund.ts';
import { presentQuote, quoteOf } from './quote.ts';
import {
  byId,
  byOrder,
  disputedDecisionBody,
  disputedListQuery,
  disputedView,
  proposalListQuery,
  proposalView,
  proposeRefundBody,
  quoteView,
  rejectRefundBody,
} from './schema.ts';

/** Money back: one person proposes, another decides, WeChat is asked. */
export const staffRefundRoutes = newRoutes();

async function perform(ctx: Context, deed: (work: Transaction) => Promise<RefundProposal>): Promise<void> {
  const { desk } = ctx.state;
  const [view] = await presentProposals(desk, [await desk.transaction(deed)]);
  ctx.body = { data: view };
}

staffRefundRoutes.get(
  '/orders/:number/refund-quote',
  accept(
    {
      summary: 'What the service’s rule gives back of an order now, and the most that can be',
      needs: 'read-refunds',
      params: byOrder,
      answers: { status: 200, data: quoteView },
      refuses: ['order.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const order = await getOrder(desk, params.number);
      ctx.body = { data: presentQuote(order, await quoteOf(desk, order)) };
    },
  ),
);

staffRefundRoutes.post(
  '/orders/:number/refund-proposals',
  accept(
    {
      summary: 'Propose a refund; another person decides',
      needs: 'propose-refunds',
      params: byOrder,
      body: proposeRefundBody,
      answers: { status: 201, data: proposalView },
      refuses: ['order.not_found', 'refund.more_than_left', 'refund.nothing_to_refund'],
    },
    async (ctx, { params, body }) => {
      await perform(ctx, (work) => proposeRefund(work, ctx.state.staff, params.number, body));
      ctx.status = 201;
    },
  ),
);

staffRefundRoutes.get(
  '/refund-proposals',
  accept(
    {
      summary: 'Proposed and decided refunds, newest first; by state and order',
      needs: 'read-refunds',
      query: proposalListQuery,
      answers: { status: 200, data: proposalView, isPage: true },
      refuses: ['order.not_found'],
    },
    async (ctx, { query }) => {
      ctx.body = page(await listProposals(ctx.state.desk, query), query.limit, (view) => view);
    },
  ),
);

staffRefundRoutes.get(
  '/refund-proposals/:id',
  accept(
    {
      summary: 'One of them, with how its refunds stand',
      needs: 'read-refunds',
      params: byId,
      answers: { status: 200, data: proposalView },
      refuses: ['refund.proposal_not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await getProposal(ctx.state.desk, params.id) };
    },
  ),
);

staffRefundRoutes.post(
  '/refund-proposals/:id/approval',
  accept(
    {
      summary: 'Agree, as another person than who proposed it and within one’s limit: the money goes back',
      needs: 'approve-refunds',
      params: byId,
      answers: { status: 200, data: proposalView },
      refuses: [
        'refund.proposal_not_found',
        'refund.own_proposal',
        'refund.above_limit',
        'refund.more_than_left',
        'refund.illegal_move',
      ],
    },
    (ctx, { params }) => perform(ctx, (work) => approveRefund(work, ctx.state.staff, params.id)),
  ),
);

staffRefundRoutes.post(
  '/refund-proposals/:id/rejection',
  accept(
    {
      summary: 'Do not agree, and say why; the customer reads it',
      needs: 'approve-refunds',
      params: byId,
      body: rejectRefundBody,
      answers: { status: 200, data: proposalView },
      refuses: ['refund.proposal_not_found', 'refund.own_proposal', 'refund.illegal_move'],
    },
    (ctx, { params, body }) => perform(ctx, (work) => rejectRefund(work, ctx.state.staff, params.id, body.note)),
  ),
);

staffRefundRoutes.post(
  '/refund-proposals/:id/withdrawal',
  accept(
    {
      summary: 'Take one’s own proposal back',
      needs: 'propose-refunds',
      params: byId,
      answers: { status: 200, data: proposalView },
      refuses: ['refund.proposal_not_found', 'refund.illegal_move'],
    },
    (ctx, { params }) => perform(ctx, (work) => withdrawRefund(work, ctx.state.staff, params.id)),
  ),
);

staffRefundRoutes.get(
  '/disputed-money',
  accept(
    {
      summary: 'Money that arrived and is no sale, newest first; by state',
      needs: 'read-refunds',
      query: disputedListQuery,
      answers: { status: 200, data: disputedView, isPage: true },
    },
    async (ctx, { query }) => {
      ctx.body = page(await listDisputed(ctx.state.desk, query), query.limit, (view) => view);
    },
  ),
);

staffRefundRoutes.post(
  '/disputed-money/:id/decision',
  accept(
    {
      summary: 'Decide what becomes of it: back to who paid, to what is due of an order, or kept for a reason',
      needs: 'decide-disputed',
      params: byId,
      body: disputedDecisionBody,
      answers: { status: 200, data: disputedView },
      refuses: [
        'disputed.not_found',
        'disputed.not_refundable',
        'disputed.amount_differs',
        'disputed.illegal_move',
        'order.not_found',
        'order.not_payable',
        'refund.above_limit',
      ],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      const money = await desk.transaction((work) => decideDisputed(work, staff, params.id, body));
      ctx.body = { data: (await presentDisputed(desk, [money]))[0] };
    },
  ),
);
