import { KeptFile } from '../../entities/kept-file.ts';
import type { Difference, ReconciliationDay } from '../../entities/reconciliation.ts';
import { keepFile } from '../platform/files/keep-file.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { readRawBody } from '../platform/http/raw-body.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { sendFile } from '../platform/http/send-file.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import type { Work } from '../platform/work.ts';
import { Readable } from 'node:stream';
import { decideResolution, getDifference, proposeResolution, withdrawResolution } from './decide.ts';
import { attachmentNotFound, billsMissing } from './errors.ts';
import { fetchNow } from './fetch-bills.ts';
import { exportDifferences, getDay, listDays, listDifferences, listRuns } from './list.ts';
import { matchDay } from './match-day.ts';
import { askToReopen, closePeriod, decideReopening, showPeriods } from './periods.ts';
import { presentDays, presentDifferences } from './presenter.ts';
import {
  attachmentQuery,
  attachmentView,
  byDay,
  byId,
  dayListQuery,
  dayView,
  decideBody,
  differenceExportQuery,
  differenceListQuery,
  differenceView,
  periodBody,
  periodQuery,
  periodView,
  proposeBody,
  reopenBody,
  reopenDecisionBody,
  runView,
} from './schema.ts';

const MOST_ATTACHMENT_BYTES = 5 * 1024 * 1024;

/** The days, what the three do not agree about, and the periods. */
export const reconciliationRoutes = newRoutes();

const oneDay = async (work: Work, row: ReconciliationDay) => (await presentDays(work, [row]))[0];
const one = async (work: Work, difference: Difference) => (await presentDifferences(work, [difference]))[0];

reconciliationRoutes.get(
  '/reconciliation/days',
  accept(
    {
      summary: 'Days with their bills, totals and differences, the latest first; by range and state',
      needs: 'read-books',
      query: dayListQuery,
      answers: { status: 200, data: dayView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk } = ctx.state;
      const views = (await presentDays(desk, await listDays(desk, query))).map((view) => ({ ...view, id: view.day }));
      ctx.body = page(views, query.limit, ({ id: _, ...view }) => view);
    },
  ),
);

reconciliationRoutes.get(
  '/reconciliation/days/:day',
  accept(
    {
      summary: 'One day',
      needs: 'read-books',
      params: byDay,
      answers: { status: 200, data: dayView },
      refuses: ['reconciliation.day_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      ctx.body = { data: await oneDay(desk, await getDay(desk, params.day)) };
    },
  ),
);

reconciliationRoutes.get(
  '/reconciliation/days/:day/runs',
  accept(
    {
      summary: 'Every comparison of a day, the newest first, and what each found that the one before did not',
      needs: 'read-books',
      params: byDay,
      answers: { status: 200, data: runView.array() },
      refuses: ['reconciliation.day_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const { day } = await getDay(desk, params.day);
      ctx.body = { data: await listRuns(desk, day) };
    },
  ),
);

reconciliationRoutes.post(
  '/reconciliation/days/:day/fetch',
  accept(
    {
      summary: 'Ask WeChat for the missing bills of a day now',
      needs: 'keep-books',
      params: byDay,
      answers: { status: 202, data: dayView },
      refuses: ['reconciliation.day_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      await getDay(desk, params.day);
      await desk.transaction((work) => fetchNow(work, params.day));
      ctx.status = 202;
      ctx.body = { data: await oneDay(desk, await getDay(desk, params.day)) };
    },
  ),
);

reconciliationRoutes.post(
  '/reconciliation/days/:day/runs',
  accept(
    {
      summary: 'Compare a day once more: a new version; decisions stay as they are',
      needs: 'keep-books',
      params: byDay,
      answers: { status: 201, data: dayView },
      refuses: ['reconciliation.day_not_found', 'reconciliation.bills_missing', 'period.closed'],
    },
    async (ctx, { params }) => {
      const { desk, staff } = ctx.state;
      const { trade, fundFlow } = await getDay(desk, params.day);
      if (trade === 'wanted' || fundFlow === 'wanted') throw billsMissing();
      await matchDay(desk, { day: params.day, startedBy: staff.id });
      ctx.status = 201;
      ctx.body = { data: await oneDay(desk, await getDay(desk, params.day)) };
    },
  ),
);

reconciliationRoutes.get(
  '/reconciliation/differences',
  accept(
    {
      summary: 'Differences, newest first; by day, state, kind and cause',
      needs: 'read-books',
      query: differenceListQuery,
      answers: { status: 200, data: differenceView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk } = ctx.state;
      const rows = await listDifferences(desk, query);
      ctx.body = page(await presentDifferences(desk, rows), query.limit, (view) => view);
    },
  ),
);

reconciliationRoutes.get(
  '/reconciliation/differences/export',
  accept(
    {
      summary: 'The same, whole, as a table',
      needs: 'read-books',
      query: differenceExportQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
    },
    (ctx, { query }) => {
      sendSheet(ctx, query.format, exportDifferences(ctx.state.desk, query));
      return Promise.resolve();
    },
  ),
);

reconciliationRoutes.get(
  '/reconciliation/differences/:id',
  accept(
    {
      summary: 'One difference',
      needs: 'read-books',
      params: byId,
      answers: { status: 200, data: differenceView },
      refuses: ['reconciliation.difference_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      ctx.body = { data: await one(desk, await getDifference(desk, params.id)) };
    },
  ),
);

reconciliationRoutes.post(
  '/reconciliation/differences/:id/proposal',
  accept(
    {
      summary: 'Say what becomes of a difference; another person decides',
      needs: 'keep-books',
      params: byId,
      body: proposeBody,
      answers: { status: 200, data: differenceView },
      refuses: [
        'reconciliation.difference_not_found',
        'reconciliation.nothing_to_book',
        'reconciliation.not_adoptable',
        'reconciliation.attachment_not_found',
        'reconciliation.illegal_move',
      ],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      ctx.body = {
        data: await one(desk, await desk.transaction((work) => proposeResolution(work, staff, params.id, body))),
      };
    },
  ),
);

reconciliationRoutes.post(
  '/reconciliation/differences/:id/withdrawal',
  accept(
    {
      summary: 'Take one’s own proposal back',
      needs: 'keep-books',
      params: byId,
      answers: { status: 200, data: differenceView },
      refuses: ['reconciliation.difference_not_found', 'reconciliation.illegal_move'],
    },
    async (ctx, { params }) => {
      const { desk, staff } = ctx.state;
      ctx.body = {
        data: await one(desk, await desk.transaction((work) => withdrawResolution(work, staff, params.id))),
      };
    },
  ),
);

reconciliationRoutes.post(
  '/reconciliation/differences/:id/decision',
  accept(
    {
      summary: 'Agree, as another person than who proposed it, or send it back',
      needs: 'confirm-books',
      params: byId,
      body: decideBody,
      answers: { status: 200, data: differenceView },
      refuses: [
        'reconciliation.difference_not_found',
        'reconciliation.own_proposal',
        'reconciliation.not_adoptable',
        'reconciliation.illegal_move',
      ],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      ctx.body = { data: await one(desk, await decideResolution(desk, staff, params.id, body)) };
    },
  ),
);

reconciliationRoutes.post(
  '/reconciliation/attachments',
  accept(
    {
      summary: 'Keep a voucher for a proposal, at most 5 MB',
      needs: 'keep-books',
      query: attachmentQuery,
      takes: { contentTypes: ['application/octet-stream'], about: 'The file itself' },
      answers: { status: 201, data: attachmentView },
    },
    async (ctx, { query }) => {
      const bytes = await readRawBody(ctx, MOST_ATTACHMENT_BYTES);
      const {
        id,
        name,
        bytes: size,
      } = await ctx.state.desk.transaction(async (work) => {
        const kept = await keepFile(
          work,
          { ...query, contentType: 'application/octet-stream' },
          Readable.from([bytes]),
        );
        work.audit({ deed: 'attachment-kept', subject: { kind: 'file', id: kept.id }, after: { sha256: kept.sha256 } });
        return kept;
      });
      ctx.status = 201;
      ctx.body = { data: { id, name, bytes: size } };
    },
  ),
);

reconciliationRoutes.get(
  '/reconciliation/differences/:id/attachment',
  accept(
    {
      summary: 'The voucher of a proposal, as a file',
      needs: 'read-books',
      params: byId,
      answers: { status: 200, contentType: 'application/octet-stream' },
      refuses: ['reconciliation.difference_not_found', 'reconciliation.attachment_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const { attachmentId } = await getDifference(desk, params.id);
      const file = attachmentId ? await desk.db.findOneBy(KeptFile, { id: attachmentId }) : null;
      if (!file) throw attachmentNotFound();
      sendFile(ctx, desk, file, file.name);
    },
  ),
);

reconciliationRoutes.get(
  '/periods',
  accept(
    {
      summary: 'How far the books are closed, what is in the way of the next day, and what happened to periods',
      needs: 'read-books',
      query: periodQuery,
      answers: { status: 200, data: periodView },
    },
    async (ctx, { query }) => {
      ctx.body = { data: await showPeriods(ctx.state.desk, query.month) };
    },
  ),
);

reconciliationRoutes.post(
  '/periods',
  accept(
    {
      summary: 'Close the next day, or a month with every day of it',
      needs: 'confirm-books',
      body: periodBody,
      answers: { status: 201, data: periodView },
      refuses: ['period.not_next', 'period.cannot_close'],
    },
    async (ctx, { body }) => {
      const { desk, staff } = ctx.state;
      await desk.transaction((work) => closePeriod(work, staff, body.period));
      ctx.status = 201;
      ctx.body = { data: await showPeriods(desk) };
    },
  ),
);

reconciliationRoutes.post(
  '/periods/reopening',
  accept(
    {
      summary: 'Ask for a closed day, and all after it, to be open again; another person decides',
      needs: 'confirm-books',
      body: reopenBody,
      answers: { status: 201, data: periodView },
      refuses: ['period.not_closed', 'period.reopening_asked'],
    },
    async (ctx, { body }) => {
      const { desk, staff } = ctx.state;
      await desk.transaction((work) => askToReopen(work, staff, body.day, body.note));
      ctx.status = 201;
      ctx.body = { data: await showPeriods(desk) };
    },
  ),
);

reconciliationRoutes.post(
  '/periods/reopening/decision',
  accept(
    {
      summary: 'Agree to a reopening, as another person than who asked, or refuse it',
      needs: 'confirm-books',
      body: reopenDecisionBody,
      answers: { status: 200, data: periodView },
      refuses: ['period.reopening_not_asked', 'period.own_reopening', 'period.not_closed'],
    },
    async (ctx, { body }) => {
      const { desk, staff } = ctx.state;
      await desk.transaction((work) => decideReopening(work, staff, body.agree));
      ctx.body = { data: await showPeriods(desk) };
    },
  ),
);
