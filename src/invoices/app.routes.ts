import { z } from 'zod';
import { getOwnOrder } from '../orders/index.ts';
import { PDF } from '../platform/files/pdf.ts';
import { accept } from '../platform/http/accept.ts';
import { answerOnce } from '../platform/http/once.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { sendFile } from '../platform/http/send-file.ts';
import type { Work } from '../platform/work.ts';
import { askInvoice, withdrawInvoice } from './ask-invoice.ts';
import { linkToFile } from './file-link.ts';
import { fileNameOf, getIssuedFile } from './files.ts';
import { getOwnInvoice } from './find-invoice.ts';
import { presentInvoicing } from './invoicing.ts';
import { listOwn, presentOwn } from './list-invoices.ts';
import {
  askInvoiceBody,
  byId,
  byOrder,
  fileLinkView,
  invoiceView,
  orderInvoicingView,
  ownListQuery,
  titleBody,
  titleView,
} from './schema.ts';
import { listInvoiceable, standingsOf } from './standing.ts';
import { changeTitle, listTitles, removeTitle, saveTitle } from './titles.ts';

/** Customers keep titles, see what can be invoiced, ask for invoices and get them. */
export const invoiceRoutes = newRoutes();

const titleOf = async (work: Work, customerId: string, wanted: string) =>
  (await listTitles(work, customerId)).find(({ id }) => id === wanted);
const invoiceOf = async (work: Work, customerId: string, id: string) =>
  (await presentOwn(work, [await getOwnInvoice(work, customerId, id)]))[0];

invoiceRoutes.get(
  '/invoice-titles',
  accept(
    {
      summary: 'The customer’s titles, the default first, then the newest first',
      answers: { status: 200, data: z.array(titleView) },
    },
    async (ctx) => {
      ctx.body = { data: await listTitles(ctx.state.desk, ctx.state.customer.customerId) };
    },
  ),
);

invoiceRoutes.post(
  '/invoice-titles',
  accept(
    {
      summary: 'Keep a title of a company, with its tax number, or of a person',
      body: titleBody,
      answers: { status: 201, data: titleView },
      refuses: ['invoice.too_many_titles'],
    },
    async (ctx, { body }) => {
      const { desk, customer } = ctx.state;
      const id = await desk.transaction((work) => saveTitle(work, customer.customerId, body));
      ctx.status = 201;
      ctx.body = { data: await titleOf(desk, customer.customerId, id) };
    },
  ),
);

invoiceRoutes.put(
  '/invoice-titles/:id',
  accept(
    {
      // WeChat’s `wx.request` knows no PATCH.
      summary: 'Write a title anew; what was asked for keeps the old one',
      params: byId,
      body: titleBody,
      answers: { status: 200, data: titleView },
      refuses: ['invoice.title_not_found'],
    },
    async (ctx, { params, body }) => {
      const { desk, customer } = ctx.state;
      await desk.transaction((work) => changeTitle(work, customer.customerId, params.id, body));
      ctx.body = { data: await titleOf(desk, customer.customerId, params.id) };
    },
  ),
);

invoiceRoutes.delete(
  '/invoice-titles/:id',
  accept(
    {
      summary: 'Remove a title',
      params: byId,
      answers: { status: 204 },
      refuses: ['invoice.title_not_found'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      await desk.transaction((work) => removeTitle(work, customer.customerId, params.id));
      ctx.status = 204;
    },
  ),
);

invoiceRoutes.get(
  '/orders/:number/invoicing',
  accept(
    {
      summary: 'What of an order can be invoiced now, or why nothing can',
      params: byOrder,
      answers: { status: 200, data: orderInvoicingView },
      refuses: ['order.not_found'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      const { id } = await getOwnOrder(desk, customer.customerId, params.number);
      const [standing] = await standingsOf(desk, [id]);
      ctx.body = { data: presentInvoicing(standing!) };
    },
  ),
);

invoiceRoutes.get(
  '/invoiceable-orders',
  accept(
    {
      summary: 'The customer’s orders of which something can be invoiced, newest first',
      query: ownListQuery,
      answers: { status: 200, data: orderInvoicingView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk, customer } = ctx.state;
      ctx.body = page(await listInvoiceable(desk, customer.customerId, query), query.limit, presentInvoicing);
    },
  ),
);

invoiceRoutes.post(
  '/invoices',
  accept(
    {
      summary: 'Ask for one invoice of one or several orders; the amounts are what can be invoiced of them now',
      body: askInvoiceBody,
      answers: { status: 201, data: invoiceView },
      headers: { 'Idempotency-Key': { about: 'random; the same for every repeat of one request', required: true } },
      refuses: [
        'request.idempotency_key_missing',
        'request.idempotency_key_reused',
        'order.not_found',
        'invoice.title_not_found',
        'invoice.title_unfit',
        'invoice.nothing_to_invoice',
      ],
    },
    async (ctx, { body }) => {
      const { customerId } = ctx.state.customer;
      await answerOnce(ctx, async (work) => {
        const { id } = await askInvoice(work, customerId, body);
        return { status: 201, body: { data: await invoiceOf(work, customerId, id) } };
      });
    },
  ),
);

invoiceRoutes.get(
  '/invoices',
  accept(
    {
      summary: 'The customer’s invoices, newest first',
      query: ownListQuery,
      answers: { status: 200, data: invoiceView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk, customer } = ctx.state;
      ctx.body = page(await listOwn(desk, customer.customerId, query), query.limit, (view) => view);
    },
  ),
);

invoiceRoutes.get(
  '/invoices/:id',
  accept(
    {
      summary: 'One invoice',
      params: byId,
      answers: { status: 200, data: invoiceView },
      refuses: ['invoice.not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await invoiceOf(ctx.state.desk, ctx.state.customer.customerId, params.id) };
    },
  ),
);

invoiceRoutes.post(
  '/invoices/:id/withdrawal',
  accept(
    {
      summary: 'Take a request back while it waits',
      params: byId,
      answers: { status: 200, data: invoiceView },
      refuses: ['invoice.not_found', 'invoice.under_way_at_wechat', 'invoice.illegal_move'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      await desk.transaction((work) => withdrawInvoice(work, customer.customerId, params.id));
      ctx.body = { data: await invoiceOf(desk, customer.customerId, params.id) };
    },
  ),
);

invoiceRoutes.get(
  '/invoices/:id/file',
  accept(
    {
      summary: 'The PDF of an issued invoice',
      params: byId,
      answers: { status: 200, contentType: PDF },
      refuses: ['invoice.not_found', 'invoice.file_not_found'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      const invoice = await getOwnInvoice(desk, customer.customerId, params.id);
      sendFile(ctx, desk, await getIssuedFile(desk, invoice), fileNameOf(invoice));
    },
  ),
);

invoiceRoutes.post(
  '/invoices/:id/file-link',
  accept(
    {
      summary: 'An address of the PDF that needs no session, for ten minutes',
      params: byId,
      answers: { status: 200, data: fileLinkView },
      refuses: ['invoice.not_found', 'invoice.file_not_found'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      ctx.body = { data: await linkToFile(desk, await getOwnInvoice(desk, customer.customerId, params.id)) };
    },
  ),
);
