import {
  byNumber,
  getOwnOrder,
  orderView,
  paymentView,
  presentOrder,
  presentPayment,
  readWholeOrder,
} from '../orders/index.ts';
import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { closeUnpaidOrder } from './close-unpaid-order.ts';
import { lookAtPayment } from './look-at-payment.ts';
import { presentStarted } from './presenter.ts';
import { byPaymentNumber, startedPaymentView, startPaymentBody } from './schema.ts';
import { startPayment } from './start-payment.ts';

export const paymentRoutes = newRoutes();

paymentRoutes.post(
  '/orders/:number/payments',
  accept(
    {
      summary: 'Open a way to pay what is due; repeating it is safe',
      params: byNumber,
      body: startPaymentBody,
      answers: { status: 201, data: startedPaymentView },
      refuses: [
        'order.not_found',
        'order.not_payable',
        'payment.already_paid',
        'payment.wrong_place',
        'payment.pending',
        'upstream.unavailable',
        'upstream.refused',
      ],
    },
    async (ctx, { params, body }) => {
      const { desk, customer } = ctx.state;
      const payment = await startPayment(desk, customer, params.number, { way: body.way, payerIp: ctx.ip });
      ctx.status = 201;
      ctx.body = { data: presentStarted(desk, payment) };
    },
  ),
);

paymentRoutes.post(
  '/payments/:number/look',
  accept(
    {
      summary: 'Ask WeChat now what became of a payment',
      params: byPaymentNumber,
      answers: { status: 200, data: paymentView },
      refuses: ['payment.not_found', 'upstream.unavailable'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      ctx.body = { data: presentPayment(await lookAtPayment(desk, customer.customerId, params.number)) };
    },
  ),
);

paymentRoutes.post(
  '/orders/:number/cancel',
  accept(
    {
      summary: 'Cancel an unpaid order; closed at WeChat first',
      params: byNumber,
      answers: { status: 200, data: orderView },
      refuses: ['order.not_found', 'order.not_cancellable', 'payment.already_paid', 'upstream.unavailable'],
    },
    async (ctx, { params }) => {
      const { desk, customer } = ctx.state;
      const order = await getOwnOrder(desk, customer.customerId, params.number);
      const closed = await closeUnpaidOrder(desk, order.id, 'customer');
      ctx.body = { data: presentOrder(desk, await readWholeOrder(desk, closed)) };
    },
  ),
);
