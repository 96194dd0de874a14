import type { RefundRerouting } from '../../entities/refund-rerouting.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import type { Transaction } from '../platform/work.ts';
import { getRerouting, listReroutings, presentReroutings } from './list-reroutings.ts';
import { approveRerouting, proposeRerouting, rejectRerouting, withdrawRerouting } from './reroute.ts';
import { byId, byRefund, proposeReroutingBody, rejectRefundBody, reroutingListQuery, reroutingView } from './schema.ts';

/** Abnormal refunds go to the payer's debit card: one person has it, another decides. */
export const reroutingRoutes = newRoutes();

async function perform(ctx: Context, deed: (work: Transaction) => Promise<RefundRerouting>): Promise<void> {
  const { desk } = ctx.state;
  const [view] = await presentReroutings(desk, [await desk.transaction(deed)]);
  ctx.body = { data: view };
}

reroutingRoutes.post(
  '/refunds/:number/reroutings',
  accept(
    {
      summary: 'Name the payer’s debit card for a refund that WeChat could not give back; another person decides',
      needs: 'propose-refunds',
      params: byRefund,
      body: proposeReroutingBody,
      answers: { status: 201, data: reroutingView },
      refuses: ['refund.not_found', 'refund.not_abnormal', 'refund.rerouting_open'],
    },
    async (ctx, { params, body }) => {
      await perform(ctx, (work) => proposeRerouting(work, ctx.state.staff, params.number, body));
      ctx.status = 201;
    },
  ),
);

reroutingRoutes.get(
  '/refund-reroutings',
  accept(
    {
      summary: 'Cards named for abnormal refunds, newest first; by state and refund',
      needs: 'read-refunds',
      query: reroutingListQuery,
      answers: { status: 200, data: reroutingView, isPage: true },
      refuses: ['refund.not_found'],
    },
    async (ctx, { query }) => {
      ctx.body = page(await listReroutings(ctx.state.desk, query), query.limit, (view) => view);
    },
  ),
);

reroutingRoutes.get(
  '/refund-reroutings/:id',
  accept(
    {
      summary: 'One of them',
      needs: 'read-refunds',
      params: byId,
      answers: { status: 200, data: reroutingView },
      refuses: ['refund.rerouting_not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await getRerouting(ctx.state.desk, params.id) };
    },
  ),
);

reroutingRoutes.post(
  '/refund-reroutings/:id/approval',
  accept(
    {
      summary: 'Agree, as another person than who named the card and within one’s limit: WeChat pays to it',
      needs: 'approve-refunds',
      params: byId,
      answers: { status: 200, data: reroutingView },
      refuses: [
        'refund.rerouting_not_found',
        'refund.own_rerouting',
        'refund.above_limit',
        'refund.not_abnormal',
        'refund.rerouting_illegal_move',
      ],
    },
    (ctx, { params }) => perform(ctx, (work) => approveRerouting(work, ctx.state.staff, params.id)),
  ),
);

reroutingRoutes.post(
  '/refund-reroutings/:id/rejection',
  accept(
    {
      summary: 'Do not agree, and say why',
      needs: 'approve-refunds',
      params: byId,
      body: rejectRefundBody,
      answers: { status: 200, data: reroutingView },
      refuses: ['refund.rerouting_not_found', 'refund.own_rerouting', 'refund.rerouting_illegal_move'],
    },
    (ctx, { params, body }) => perform(ctx, (work) => rejectRerouting(work, ctx.state.staff, params.id, body.note)),
  ),
);

reroutingRoutes.post(
  '/refund-reroutings/:id/withdrawal',
  accept(
    {
      summary: 'Take back a card that one named oneself',
      needs: 'propose-refunds',
      params: byId,
      answers: { status: 200, data: reroutingView },
      refuses: ['refund.rerouting_not_found', 'refund.rerouting_illegal_move'],
    },
    (ctx, { params }) => perform(ctx, (work) => withdrawRerouting(work, ctx.state.staff, params.id)),
  ),
);
