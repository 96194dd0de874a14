import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import { sheetOfLines, sheetOfReport } from './files.ts';
import { periodOf } from './period.ts';
import { assertFigure, readLines } from './read-lines.ts';
import { readReport } from './read-report.ts';
import {
  byBooksReport,
  byReport,
  linesFileQuery,
  linesQuery,
  reportFileQuery,
  reportLineView,
  reportQuery,
  reportView,
} from './schema.ts';

/** What finance reads every day and every month. */
export const reportRoutes = newRoutes();

reportRoutes.get(
  '/reports/:name',
  accept(
    {
      summary: 'A report of a day, a month or a range of days; every figure names where its lines are',
      needs: 'read-books',
      params: byReport,
      query: reportQuery,
      answers: { status: 200, data: reportView },
    },
    async (ctx, { params: { name }, query }) => {
      const { desk } = ctx.state;
      ctx.body = { data: await readReport(desk, name, periodOf(query, desk.now())) };
    },
  ),
);

reportRoutes.get(
  '/reports/:name/file',
  accept(
    {
      summary: 'The same as a file',
      needs: 'read-books',
      params: byReport,
      query: reportFileQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
    },
    async (ctx, { params: { name }, query: { format, ...query } }) => {
      const { desk } = ctx.state;
      sendSheet(ctx, format, sheetOfReport(desk, await readReport(desk, name, periodOf(query, desk.now()))));
    },
  ),
);

reportRoutes.get(
  '/reports/:name/lines',
  accept(
    {
      summary: 'What a figure was added up from: lines of the books, or orders',
      needs: 'read-books',
      params: byBooksReport,
      query: linesQuery,
      answers: { status: 200, data: reportLineView, isPage: true },
    },
    async (ctx, { params: { name }, query: { figure, key, after, limit, ...query } }) => {
      const { desk } = ctx.state;
      const asked = { figure, key, after, limit, period: periodOf(query, desk.now()) };
      ctx.body = page(await readLines(desk, name, asked), limit, (line) => line);
    },
  ),
);

reportRoutes.get(
  '/reports/:name/lines/file',
  accept(
    {
      summary: 'The same, whole, as a file',
      needs: 'read-books',
      params: byBooksReport,
      query: linesFileQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
    },
    (ctx, { params: { name }, query: { format, figure, key, ...query } }) => {
      const { desk } = ctx.state;
      assertFigure(name, figure);
      sendSheet(ctx, format, sheetOfLines(desk, name, periodOf(query, desk.now()), { figure, key }));
      return Promise.resolve();
    },
  ),
);
