import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { sendFile } from '../platform/http/send-file.ts';
import {
  getGovernmentReceipt,
  presentGovernmentPayments,
  recordGovernmentPayment,
  showGovernmentFees,
  withdrawGovernmentPayment,
} from './government-payments.ts';
import {
  byOrder,
  byPayment,
  governmentFeesView,
  governmentPaymentBody,
  governmentPaymentView,
  governmentWithdrawalBody,
} from './government-schema.ts';

/** Fees that were collected for an authority, on their way to it. */
export const governmentRoutes = newRoutes();

governmentRoutes.get(
  '/orders/:number/government-payments',
  accept(
    {
      summary: 'What was collected of an order for authorities, what of it they have, and with which receipts',
      needs: 'read-books',
      params: byOrder,
      answers: { status: 200, data: governmentFeesView },
      refuses: ['order.not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await showGovernmentFees(ctx.state.desk, params.number) };
    },
  ),
);

governmentRoutes.post(
  '/orders/:number/government-payments',
  accept(
    {
      summary: 'Record that a collected fee is with the authority: it is booked, and never given back',
      needs: 'keep-books',
      params: byOrder,
      body: governmentPaymentBody,
      answers: { status: 201, data: governmentPaymentView },
      refuses: [
        'order.not_found',
        'government.more_than_collected',
        'government.receipt_known',
        'reconciliation.attachment_not_found',
        'period.closed',
      ],
    },
    async (ctx, { params: { number }, body }) => {
      const { desk, staff } = ctx.state;
      const payment = await desk.transaction((work) => recordGovernmentPayment(work, staff, number, body));
      ctx.status = 201;
      ctx.body = { data: (await presentGovernmentPayments(desk, number, [payment]))[0] };
    },
  ),
);

governmentRoutes.post(
  '/orders/:number/government-payments/:id/withdrawal',
  accept(
    {
      summary: 'Take a record back by a reversing entry of its own day, with the reason',
      needs: 'keep-books',
      params: byPayment,
      body: governmentWithdrawalBody,
      answers: { status: 200, data: governmentPaymentView },
      refuses: ['order.not_found', 'government.not_found', 'government.illegal_move', 'period.closed'],
    },
    async (ctx, { params: { number, id }, body }) => {
      const { desk, staff } = ctx.state;
      const payment = await desk.transaction((work) => withdrawGovernmentPayment(work, staff, number, id, body));
      ctx.body = { data: (await presentGovernmentPayments(desk, number, [payment]))[0] };
    },
  ),
);

governmentRoutes.get(
  '/orders/:number/government-payments/:id/attachment',
  accept(
    {
      summary: 'The receipt, as a file',
      needs: 'read-books',
      params: byPayment,
      answers: { status: 200, contentType: 'application/octet-stream' },
      refuses: ['order.not_found', 'government.not_found', 'reconciliation.attachment_not_found'],
    },
    async (ctx, { params: { number, id } }) => {
      const { desk } = ctx.state;
      const receipt = await getGovernmentReceipt(desk, number, id);
      sendFile(ctx, desk, receipt, receipt.name);
    },
  ),
);
