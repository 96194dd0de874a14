import { Readable } from 'node:stream';
import type { Campaign } from '../../entities/campaign.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { pauseCampaign, resumeCampaign, stopCampaign } from './course.ts';
import { changeCampaign, draftCampaign, getCampaign } from './draft.ts';
import { exportDeliveries } from './export.ts';
import { listCampaigns, listDeliveries, presentCampaigns } from './list.ts';
import { progressOf } from './progress.ts';
import { rehearse } from './rehearse.ts';
import { releaseCampaign, submitCampaign } from './release.ts';
import {
  byId,
  campaignBody,
  campaignListQuery,
  campaignView,
  changeCampaignBody,
  deliveryListQuery,
  deliveryView,
  exportQuery,
  progressView,
} from './schema.ts';
import { watchCampaign } from './watch.ts';

/** Messages to many: drafted, rehearsed, released by a second person, watched, paused, stopped. */
export const campaignRoutes = newRoutes();

async function show(ctx: Context, campaign: Campaign): Promise<void> {
  const [view] = await presentCampaigns(ctx.state.desk, [campaign]);
  ctx.body = { data: view };
}

campaignRoutes.get(
  '/campaigns',
  accept(
    {
      summary: 'Campaigns, newest first',
      needs: 'read-messages',
      query: campaignListQuery,
      answers: { status: 200, data: campaignView, isPage: true },
    },
    async (ctx, { query }) => {
      ctx.body = page(await listCampaigns(ctx.state.desk, query), query.limit, (view) => view);
    },
  ),
);

campaignRoutes.post(
  '/campaigns',
  accept(
    {
      summary: 'Draft a campaign; nothing is sent',
      needs: 'prepare-campaigns',
      body: campaignBody,
      answers: { status: 201, data: campaignView },
      refuses: [
        'message.marketing_refused',
        'campaign.starts_in_past',
        'staff.member_not_found',
        'audience.segment_not_found',
        'audience.list_not_found',
      ],
    },
    async (ctx, { body }) => {
      const { desk, staff } = ctx.state;
      const campaign = await desk.transaction((work) => draftCampaign(work, staff, body));
      ctx.status = 201;
      await show(ctx, campaign);
    },
  ),
);

campaignRoutes.get(
  '/campaigns/:id',
  accept(
    {
      summary: 'One campaign',
      needs: 'read-messages',
      params: byId,
      answers: { status: 200, data: campaignView },
      refuses: ['campaign.not_found'],
    },
    async (ctx, { params }) => show(ctx, await getCampaign(ctx.state.desk, params.id)),
  ),
);

campaignRoutes.patch(
  '/campaigns/:id',
  accept(
    {
      summary: 'Change a draft; what was rehearsed is forgotten',
      needs: 'prepare-campaigns',
      params: byId,
      body: changeCampaignBody,
      answers: { status: 200, data: campaignView },
      refuses: [
        'campaign.not_found',
        'campaign.not_editable',
        'message.marketing_refused',
        'campaign.starts_in_past',
        'campaign.rights_lapse',
        'campaign.illegal_move',
        'staff.member_not_found',
        'audience.segment_not_found',
        'audience.list_not_found',
      ],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      await show(ctx, await desk.transaction((work) => changeCampaign(work, staff, params.id, body)));
    },
  ),
);

campaignRoutes.post(
  '/campaigns/:id/rehearsal',
  accept(
    {
      summary: 'Try it out without sending: who is reached, how, who not and why, what it takes, three samples',
      needs: 'prepare-campaigns',
      params: byId,
      answers: { status: 200, data: campaignView },
      refuses: [
        'campaign.not_found',
        'campaign.not_editable',
        'campaign.nobody_to_reach',
        'audience.segment_not_found',
        'audience.list_not_found',
      ],
    },
    async (ctx, { params }) => show(ctx, await rehearse(ctx.state.desk, ctx.state.staff, params.id)),
  ),
);

campaignRoutes.post(
  '/campaigns/:id/submission',
  accept(
    {
      summary: 'Ask a second person to release it',
      needs: 'prepare-campaigns',
      params: byId,
      answers: { status: 200, data: campaignView },
      refuses: [
        'campaign.not_found',
        'campaign.rehearse_first',
        'campaign.nobody_to_reach',
        'campaign.rights_lapse',
        'campaign.illegal_move',
      ],
    },
    async (ctx, { params }) => {
      const { desk, staff } = ctx.state;
      await show(ctx, await desk.transaction((work) => submitCampaign(work, staff, params.id)));
    },
  ),
);

campaignRoutes.post(
  '/campaigns/:id/release',
  accept(
    {
      summary: 'Let it go; above the configured size, by somebody who did not draft it',
      needs: 'prepare-campaigns',
      params: byId,
      answers: { status: 200, data: campaignView },
      refuses: [
        'campaign.not_found',
        'campaign.rehearse_first',
        'campaign.nobody_to_reach',
        'campaign.second_person_needed',
        'campaign.starts_in_past',
        'campaign.illegal_move',
      ],
    },
    async (ctx, { params }) => {
      const { desk, staff } = ctx.state;
      await show(ctx, await desk.transaction((work) => releaseCampaign(work, staff, params.id)));
    },
  ),
);

for (const [name, summary, deed] of [
  ['pause', 'Send nothing more for now', pauseCampaign],
  ['resume', 'Go on', resumeCampaign],
  ['stop', 'End it: whoever was not written to yet never is', stopCampaign],
] as const) {
  campaignRoutes.post(
    `/campaigns/:id/${name}`,
    accept(
      {
        summary,
        needs: 'prepare-campaigns',
        params: byId,
        answers: { status: 200, data: campaignView },
        refuses: [
          'campaign.not_found',
          'campaign.illegal_move',
          ...(name === 'resume' ? (['campaign.rights_lapse'] as const) : []),
        ],
      },
      async (ctx, { params }) => {
        const { desk, staff } = ctx.state;
        await show(ctx, await desk.transaction((work) => deed(work, staff, params.id)));
      },
    ),
  );
}

campaignRoutes.get(
  '/campaigns/:id/progress',
  accept(
    {
      summary: 'Counts by outcome, speed and time left',
      needs: 'read-messages',
      params: byId,
      answers: { status: 200, data: progressView },
      refuses: ['campaign.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      ctx.body = { data: await progressOf(desk, await getCampaign(desk, params.id)) };
    },
  ),
);

campaignRoutes.get(
  '/campaigns/:id/deliveries',
  accept(
    {
      summary: 'Every person of a campaign and how it ended for them; by state and reason',
      needs: 'read-messages',
      params: byId,
      query: deliveryListQuery,
      answers: { status: 200, data: deliveryView, isPage: true },
      refuses: ['campaign.not_found'],
    },
    async (ctx, { params, query }) => {
      const { desk } = ctx.state;
      const { id: campaignId } = await getCampaign(desk, params.id);
      ctx.body = page(await listDeliveries(desk, { ...query, campaignId }), query.limit, (view) => view);
    },
  ),
);

campaignRoutes.get(
  '/campaigns/:id/events',
  accept(
    {
      summary: 'How it goes, live: server-sent events named `progress`, until it has ended',
      needs: 'read-messages',
      params: byId,
      answers: { status: 200, contentType: 'text/event-stream' },
      refuses: ['campaign.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      await getCampaign(desk, params.id);
      ctx.type = 'text/event-stream';
      // A proxy that gathers would keep the news.
      ctx.set('X-Accel-Buffering', 'no');
      ctx.body = Readable.from(watchCampaign(desk, params.id));
    },
  ),
);

campaignRoutes.get(
  '/campaigns/:id/export',
  accept(
    {
      summary: 'Every person of a campaign and how it ended for them, as a table',
      needs: 'read-messages',
      params: byId,
      query: exportQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
      refuses: ['campaign.not_found'],
    },
    async (ctx, { params, query: { format, state } }) => {
      const { desk } = ctx.state;
      sendSheet(ctx, format, exportDeliveries(desk, await getCampaign(desk, params.id), state));
    },
  ),
);
