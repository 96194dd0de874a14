import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import { findAccount, presentAccount } from './account.ts';
import { correctShipment } from './correct-shipment.ts';
import { exportShipments } from './export.ts';
import { getShipment, listShipments, orderIdOf } from './list-shipments.ts';
import {
  byId,
  correctShipmentBody,
  shipmentExportQuery,
  shipmentListQuery,
  shipmentView,
  shippingAccountView,
} from './schema.ts';
import { uploadNow } from './upload-shipment.ts';

/** What WeChat is told of deliveries, so that no money stays frozen. */
export const shipmentRoutes = newRoutes();

shipmentRoutes.get(
  '/shipping-account',
  accept(
    {
      summary: 'Whether the money of the mini-program waits for deliveries, as WeChat last said',
      needs: 'read-shipments',
      answers: { status: 200, data: shippingAccountView },
    },
    async (ctx) => {
      ctx.body = { data: presentAccount(await findAccount(ctx.state.desk)) };
    },
  ),
);

shipmentRoutes.get(
  '/shipments',
  accept(
    {
      summary: 'Deliveries of payments, newest first; by state and order; only what is late',
      needs: 'read-shipments',
      query: shipmentListQuery,
      answers: { status: 200, data: shipmentView, isPage: true },
      refuses: ['order.not_found'],
    },
    async (ctx, { query }) => {
      ctx.body = page(await listShipments(ctx.state.desk, query), query.limit, (view) => view);
    },
  ),
);

shipmentRoutes.get(
  '/shipments/export',
  accept(
    {
      summary: 'The list as a table',
      needs: 'read-shipments',
      query: shipmentExportQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
      refuses: ['order.not_found'],
    },
    async (ctx, { query: { format, ...query } }) => {
      const { desk } = ctx.state;
      // Once a table is begun, nothing can be refused any more.
      if (query.orderNumber) await orderIdOf(desk, query.orderNumber);
      sendSheet(ctx, format, exportShipments(desk, query));
    },
  ),
);

shipmentRoutes.get(
  '/shipments/:id',
  accept(
    {
      summary: 'One of them',
      needs: 'read-shipments',
      params: byId,
      answers: { status: 200, data: shipmentView },
      refuses: ['shipment.not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await getShipment(ctx.state.desk, params.id) };
    },
  ),
);

shipmentRoutes.post(
  '/shipments/:id/upload',
  accept(
    {
      summary: 'It was delivered, or is to be tried again: tell WeChat now',
      needs: 'work-shipments',
      params: byId,
      answers: { status: 200, data: shipmentView },
      refuses: ['shipment.not_found', 'shipment.not_at_wechat', 'shipment.illegal_move'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      await uploadNow(desk, params.id);
      ctx.body = { data: await getShipment(desk, params.id) };
    },
  ),
);

shipmentRoutes.post(
  '/shipments/:id/correction',
  accept(
    {
      summary: 'Correct what was uploaded, for a reason; WeChat takes one correction of a payment',
      needs: 'work-shipments',
      params: byId,
      body: correctShipmentBody,
      answers: { status: 200, data: shipmentView },
      refuses: [
        'shipment.not_found',
        'shipment.not_uploaded',
        'shipment.correction_used',
        'shipment.received_already',
        'shipment.nothing_changed',
      ],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      await desk.transaction((work) => correctShipment(work, staff, params.id, body));
      ctx.body = { data: await getShipment(desk, params.id) };
    },
  ),
);
