import { PDF } from '../platform/files/pdf.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { readRawBody } from '../platform/http/raw-body.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import { sendFile } from '../platform/http/send-file.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import type { Transaction } from '../platform/work.ts';
import { exportInvoices, exportReceipts } from './export.ts';
import { getFile, getRedLetter, MOST_FILE_BYTES, putFile, putRedLetterFile } from './files.ts';
import { getInvoice } from './find-invoice.ts';
import { issueInvoice, refuseInvoice } from './issue-invoice.ts';
import { listInvoices, showInvoice, unmaskTitle } from './list-invoices.ts';
import { listCustomers, listOrders } from './receipts.ts';
import { writeRedLetter } from './red-letter.ts';
import {
  byId,
  byRedLetter,
  customerInvoicingView,
  invoiceExportQuery,
  invoiceListQuery,
  invoicingExportQuery,
  invoicingQuery,
  invoicingTotalsView,
  issueBody,
  orderReceiptsQuery,
  orderReceiptsView,
  redLetterBody,
  refuseBody,
  staffInvoiceView,
  wholeTitle,
} from './schema.ts';
import { sumAll } from './standing.ts';
import { applyAtWechat, reverseAtWechat } from './wechat-fapiao.ts';

/** The queue of finance: invoices are issued, refused and taken back, and compared with what was received. */
export const staffInvoiceRoutes = newRoutes();

const FILE = { contentTypes: ['application/octet-stream', PDF], about: 'The PDF itself, at most 5 MB' };

/** A number that another one takes at the same instant is found taken the second time. */
async function perform(ctx: Context, id: string, deed: (work: Transaction) => Promise<void>): Promise<void> {
  const { desk } = ctx.state;
  await desk.transaction(deed, { retryDuplicates: true });
  ctx.body = { data: await showInvoice(desk, id) };
}

staffInvoiceRoutes.get(
  '/invoices',
  accept(
    {
      summary: 'Invoices, newest first; by state, kind, customer, order, days, and whether a red letter is wanted',
      needs: 'read-invoices',
      query: invoiceListQuery,
      answers: { status: 200, data: staffInvoiceView, isPage: true },
      refuses: ['order.not_found'],
    },
    async (ctx, { query }) => {
      ctx.body = page(await listInvoices(ctx.state.desk, query), query.limit, (view) => view);
    },
  ),
);

staffInvoiceRoutes.get(
  '/invoices/export',
  accept(
    {
      summary: 'The list of invoices as a table',
      needs: 'read-invoices',
      query: invoiceExportQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
      refuses: ['order.not_found'],
    },
    async (ctx, { query: { format, ...query } }) => {
      sendSheet(ctx, format, exportInvoices(ctx.state.desk, query));
    },
  ),
);

staffInvoiceRoutes.get(
  '/invoices/reconciliation',
  accept(
    {
      summary: 'What every customer paid, and what of it is invoiced; all, or those with something left or too much',
      needs: 'read-invoices',
      query: invoicingQuery,
      answers: { status: 200, data: customerInvoicingView, isPage: true },
    },
    async (ctx, { query }) => {
      ctx.body = page(await listCustomers(ctx.state.desk, query), query.limit, ({ view }) => view);
    },
  ),
);

staffInvoiceRoutes.get(
  '/invoices/reconciliation/totals',
  accept(
    {
      summary: 'The same of all customers together',
      needs: 'read-invoices',
      answers: { status: 200, data: invoicingTotalsView },
    },
    async (ctx) => {
      ctx.body = { data: await sumAll(ctx.state.desk) };
    },
  ),
);

staffInvoiceRoutes.get(
  '/invoices/reconciliation/export',
  accept(
    {
      summary: 'The same as a table, a customer a row',
      needs: 'read-invoices',
      query: invoicingExportQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
    },
    async (ctx, { query: { format, show } }) => {
      sendSheet(ctx, format, exportReceipts(ctx.state.desk, show));
    },
  ),
);

staffInvoiceRoutes.get(
  '/invoices/reconciliation/orders',
  accept(
    {
      summary: 'The orders that a customer’s row is the sum of, newest first, each with its invoices',
      needs: 'read-invoices',
      query: orderReceiptsQuery,
      answers: { status: 200, data: orderReceiptsView, isPage: true },
    },
    async (ctx, { query }) => {
      ctx.body = page(await listOrders(ctx.state.desk, query), query.limit, ({ view }) => view);
    },
  ),
);

staffInvoiceRoutes.get(
  '/invoices/:id',
  accept(
    {
      summary: 'One invoice',
      needs: 'read-invoices',
      params: byId,
      answers: { status: 200, data: staffInvoiceView },
      refuses: ['invoice.not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await showInvoice(ctx.state.desk, params.id) };
    },
  ),
);

staffInvoiceRoutes.post(
  '/invoices/:id/title',
  accept(
    {
      summary: 'The title in full, to write the invoice; every look is recorded',
      needs: 'issue-invoices',
      params: byId,
      answers: { status: 200, data: wholeTitle },
      refuses: ['invoice.not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await ctx.state.desk.transaction((work) => unmaskTitle(work, params.id)) };
    },
  ),
);

staffInvoiceRoutes.put(
  '/invoices/:id/file',
  accept(
    {
      summary: 'Put the PDF of an invoice, before it is issued or instead of a wrong one',
      needs: 'issue-invoices',
      params: byId,
      takes: FILE,
      answers: { status: 200, data: staffInvoiceView },
      refuses: ['invoice.not_found', 'invoice.file_unfit', 'invoice.illegal_move'],
    },
    async (ctx, { params }) => {
      const bytes = await readRawBody(ctx, MOST_FILE_BYTES);
      await perform(ctx, params.id, (work) => putFile(work, params.id, bytes));
    },
  ),
);

staffInvoiceRoutes.get(
  '/invoices/:id/file',
  accept(
    {
      summary: 'The PDF of an invoice',
      needs: 'read-invoices',
      params: byId,
      answers: { status: 200, contentType: PDF },
      refuses: ['invoice.not_found', 'invoice.file_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const file = await getFile(desk, (await getInvoice(desk, params.id)).fileId);
      sendFile(ctx, desk, file, file.name);
    },
  ),
);

staffInvoiceRoutes.post(
  '/invoices/:id/issue',
  accept(
    {
      summary: 'Write down the number and the day of an invoice that was issued; the customer is told',
      needs: 'issue-invoices',
      params: byId,
      body: issueBody,
      answers: { status: 200, data: staffInvoiceView },
      refuses: [
        'invoice.not_found',
        'invoice.file_missing',
        'invoice.refund_under_way',
        'invoice.number_taken',
        'invoice.under_way_at_wechat',
        'invoice.illegal_move',
      ],
    },
    (ctx, { params, body }) => perform(ctx, params.id, (work) => issueInvoice(work, ctx.state.staff, params.id, body)),
  ),
);

staffInvoiceRoutes.post(
  '/invoices/:id/issue-at-wechat',
  accept(
    {
      summary: 'Let WeChat issue an invoice; its number and file come by themselves, and the customer is told then',
      needs: 'issue-invoices',
      params: byId,
      answers: { status: 202, data: staffInvoiceView },
      refuses: [
        'invoice.not_found',
        'invoice.wechat_off',
        'invoice.unfit_for_wechat',
        'invoice.refund_under_way',
        'invoice.illegal_move',
      ],
    },
    async (ctx, { params }) => {
      await perform(ctx, params.id, (work) => applyAtWechat(work, ctx.state.staff, params.id));
      ctx.status = 202;
    },
  ),
);

staffInvoiceRoutes.post(
  '/invoices/:id/reverse-at-wechat',
  accept(
    {
      summary: 'Let WeChat take back, as a whole, an invoice that it issued',
      needs: 'issue-invoices',
      params: byId,
      answers: { status: 202, data: staffInvoiceView },
      refuses: ['invoice.not_found', 'invoice.under_way_at_wechat', 'invoice.unfit_for_wechat', 'invoice.illegal_move'],
    },
    async (ctx, { params }) => {
      await perform(ctx, params.id, (work) => reverseAtWechat(work, ctx.state.staff, params.id));
      ctx.status = 202;
    },
  ),
);

staffInvoiceRoutes.post(
  '/invoices/:id/refusal',
  accept(
    {
      summary: 'Say why an invoice cannot be issued; the customer reads it',
      needs: 'issue-invoices',
      params: byId,
      body: refuseBody,
      answers: { status: 200, data: staffInvoiceView },
      refuses: ['invoice.not_found', 'invoice.under_way_at_wechat', 'invoice.illegal_move'],
    },
    (ctx, { params, body }) =>
      perform(ctx, params.id, (work) => refuseInvoice(work, ctx.state.staff, params.id, body.reason)),
  ),
);

staffInvoiceRoutes.post(
  '/invoices/:id/red-letters',
  accept(
    {
      summary: 'Write down a red letter: what is wanted, a part of it, or all that is left of the invoice',
      needs: 'issue-invoices',
      params: byId,
      body: redLetterBody,
      answers: { status: 201, data: staffInvoiceView },
      refuses: [
        'invoice.not_found',
        'invoice.red_more_than_wanted',
        'invoice.number_taken',
        'invoice.under_way_at_wechat',
        'invoice.illegal_move',
      ],
    },
    async (ctx, { params, body }) => {
      await perform(ctx, params.id, (work) => writeRedLetter(work, ctx.state.staff, params.id, body));
      ctx.status = 201;
    },
  ),
);

staffInvoiceRoutes.put(
  '/invoices/:id/red-letters/:redLetterId/file',
  accept(
    {
      summary: 'Put the PDF of a red letter',
      needs: 'issue-invoices',
      params: byRedLetter,
      takes: FILE,
      answers: { status: 200, data: staffInvoiceView },
      refuses: ['invoice.not_found', 'invoice.file_unfit'],
    },
    async (ctx, { params }) => {
      const bytes = await readRawBody(ctx, MOST_FILE_BYTES);
      await perform(ctx, params.id, (work) => putRedLetterFile(work, params, bytes));
    },
  ),
);

staffInvoiceRoutes.get(
  '/invoices/:id/red-letters/:redLetterId/file',
  accept(
    {
      summary: 'The PDF of a red letter',
      needs: 'read-invoices',
      params: byRedLetter,
      answers: { status: 200, contentType: PDF },
      refuses: ['invoice.not_found', 'invoice.file_not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const file = await getFile(desk, (await getRedLetter(desk, params.id, params.redLetterId)).fileId);
      sendFile(ctx, desk, file, file.name);
    },
  ),
);
