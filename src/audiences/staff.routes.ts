import { getTemplate } from '../messages/index.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { readRawBody } from '../platform/http/raw-body.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import { exportFaults, sampleList } from './export.ts';
import { getList, listFaults, listLists, removeList } from './lists.ts';
import { presentLists, presentSegments } from './presenter.ts';
import { countAudience } from './read-audience.ts';
import {
  byId,
  changeSegmentBody,
  exportQuery,
  faultQuery,
  faultView,
  listQuery,
  listView,
  pageQuery,
  sampleQuery,
  segmentBody,
  segmentPeopleView,
  segmentView,
  uploadQuery,
} from './schema.ts';
import { changeSegment, getSegment, listSegments, removeSegment, saveSegment } from './segments.ts';
import { uploadList } from './upload-list.ts';

const MOST_BYTES = 20 * 1024 * 1024;

/** Whom campaigns are for: saved segments and uploaded lists. */
export const audienceRoutes = newRoutes();

audienceRoutes.get(
  '/segments',
  accept(
    {
      summary: 'Saved segments, newest first',
      needs: 'read-messages',
      query: pageQuery,
      answers: { status: 200, data: segmentView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk } = ctx.state;
      const views = await presentSegments(desk, await listSegments(desk, query));
      ctx.body = page(views, query.limit, (view) => view);
    },
  ),
);

audienceRoutes.post(
  '/segments',
  accept(
    {
      summary: 'Save filters under a name',
      needs: 'prepare-campaigns',
      body: segmentBody,
      answers: { status: 201, data: segmentView },
      refuses: ['audience.segment_name_taken'],
    },
    async (ctx, { body }) => {
      const { desk, staff } = ctx.state;
      const segment = await desk.transaction((work) => saveSegment(work, staff, body));
      ctx.status = 201;
      ctx.body = { data: (await presentSegments(desk, [segment]))[0] };
    },
  ),
);

audienceRoutes.patch(
  '/segments/:id',
  accept(
    {
      summary: 'Change a segment; campaigns that were rehearsed with it stay as they were rehearsed',
      needs: 'prepare-campaigns',
      params: byId,
      body: changeSegmentBody,
      answers: { status: 200, data: segmentView },
      refuses: ['audience.segment_not_found', 'audience.segment_name_taken'],
    },
    async (ctx, { params, body }) => {
      const { desk } = ctx.state;
      const segment = await desk.transaction((work) => changeSegment(work, params.id, body));
      ctx.body = { data: (await presentSegments(desk, [segment]))[0] };
    },
  ),
);

audienceRoutes.delete(
  '/segments/:id',
  accept(
    {
      summary: 'Remove a segment',
      needs: 'prepare-campaigns',
      params: byId,
      answers: { status: 204 },
      refuses: ['audience.segment_not_found'],
    },
    async (ctx, { params }) => {
      await ctx.state.desk.transaction((work) => removeSegment(work, params.id));
      ctx.status = 204;
    },
  ),
);

audienceRoutes.get(
  '/segments/:id/people',
  accept(
    {
      summary: 'How many people a segment finds now',
      needs: 'read-messages',
      params: byId,
      answers: { status: 200, data: segmentPeopleView },
      refuses: ['audience.segment_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const { query } = await getSegment(desk, params.id);
      ctx.body = { data: { people: await countAudience(desk, query) } };
    },
  ),
);

audienceRoutes.get(
  '/audience-lists',
  accept(
    {
      summary: 'Uploaded lists, newest first; by message',
      needs: 'read-messages',
      query: listQuery,
      answers: { status: 200, data: listView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk } = ctx.state;
      ctx.body = page(await presentLists(desk, await listLists(desk, query)), query.limit, (view) => view);
    },
  ),
);

audienceRoutes.post(
  '/audience-lists',
  accept(
    {
      summary: 'Upload a list for one message: csv or xlsx, at most 100,000 rows and 20 MB',
      needs: 'prepare-campaigns',
      query: uploadQuery,
      takes: {
        contentTypes: ['text/csv', spreadsheetKinds.xlsx, 'application/octet-stream'],
        about: 'The file itself; its first row has the titles of the sample file',
      },
      answers: { status: 201, data: listView },
      refuses: [
        'message.not_found',
        'audience.list_unreadable',
        'audience.list_too_long',
        'audience.list_empty',
        'request.too_large',
      ],
    },
    async (ctx, { query }) => {
      const { desk, staff } = ctx.state;
      const list = await uploadList(desk, staff, { ...query, bytes: await readRawBody(ctx, MOST_BYTES) });
      ctx.status = 201;
      ctx.body = { data: (await presentLists(desk, [list]))[0] };
    },
  ),
);

audienceRoutes.get(
  '/audience-lists/sample',
  accept(
    {
      summary: 'An empty list to fill in, for one message',
      needs: 'read-messages',
      query: sampleQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
      refuses: ['message.not_found'],
    },
    async (ctx, { query: { message, format } }) => {
      sendSheet(ctx, format, sampleList(getTemplate(message)));
    },
  ),
);

audienceRoutes.get(
  '/audience-lists/:id',
  accept(
    {
      summary: 'One list',
      needs: 'read-messages',
      params: byId,
      answers: { status: 200, data: listView },
      refuses: ['audience.list_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      ctx.body = { data: (await presentLists(desk, [await getList(desk, params.id)]))[0] };
    },
  ),
);

audienceRoutes.get(
  '/audience-lists/:id/faults',
  accept(
    {
      summary: 'Rows that were not kept, with their line and why',
      needs: 'read-messages',
      params: byId,
      query: faultQuery,
      answers: { status: 200, data: faultView, isPage: true },
      refuses: ['audience.list_not_found'],
    },
    async (ctx, { params, query }) => {
      const { desk } = ctx.state;
      const { id } = await getList(desk, params.id);
      const rows = (await listFaults(desk, id, query)).map(({ line, words }) => ({ id: String(line), line, words }));
      ctx.body = page(rows, query.limit, ({ line, words }) => ({ line, words }));
    },
  ),
);

audienceRoutes.get(
  '/audience-lists/:id/faults/export',
  accept(
    {
      summary: 'The same as a table',
      needs: 'read-messages',
      params: byId,
      query: exportQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
      refuses: ['audience.list_not_found'],
    },
    async (ctx, { params, query: { format } }) => {
      const { desk } = ctx.state;
      sendSheet(ctx, format, exportFaults(desk, await getList(desk, params.id)));
    },
  ),
);

audienceRoutes.delete(
  '/audience-lists/:id',
  accept(
    {
      summary: 'Remove a list with everything in it',
      needs: 'prepare-campaigns',
      params: byId,
      answers: { status: 204 },
      refuses: ['audience.list_not_found', 'audience.list_in_use'],
    },
    async (ctx, { params }) => {
      await removeList(ctx.state.desk, ctx.state.staff, params.id);
      ctx.status = 204;
    },
  ),
);
