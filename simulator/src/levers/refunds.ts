import { LeverError } from '../errors.ts';
import { bookWithdrawal } from '../pay/account.ts';
import { refundByHand } from '../pay/place-refund.ts';
import { describeRefund, type Refund } from '../pay/refund.ts';
import { endRefund, reopenable, type RefundEnd } from '../pay/refund-life.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

const ENDS: readonly RefundEnd[] = ['SUCCESS', 'CLOSED', 'ABNORMAL'];

/** Refunds seen from WeChat's side, those made in the merchant's portal, and the merchant's money. */
export function refundLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/pay/refunds', (ctx) => {
    ctx.body = [...world.pay.refunds.values()].map(presentRefund);
  });

  router.post('/pay/refunds/:number/end', (ctx) => {
    const { status, notify = true } = leverBody<{ status: RefundEnd; notify: boolean }>(ctx);
    const refund = world.pay.refunds.get(ctx.params.number!);
    if (!refund) throw new LeverError(404, `there is no refund ${ctx.params.number}`);
    if (!status || !ENDS.includes(status)) throw new LeverError(400, `status is one of ${ENDS.join(', ')}`);
    if (!reopenable(refund)) throw new LeverError(409, 'the refund has ended');
    endRefund(world, refund, status, notify);
    ctx.body = presentRefund(refund);
  });

  router.post('/pay/orders/:number/refund-by-hand', (ctx) => {
    const order = world.pay.orders.get(ctx.params.number!);
    if (!order?.payment) throw new LeverError(404, `there is no paid order ${ctx.params.number}`);
    const { amount = order.payment.total } = leverBody<{ amount: number }>(ctx);
    ctx.body = presentRefund(refundByHand(world, order, amount));
  });

  router.get('/pay/movements', (ctx) => {
    ctx.body = world.pay.movements;
  });

  router.post('/pay/withdraw', (ctx) => {
    const { amount } = leverBody<{ amount: number }>(ctx);
    if (!Number.isInteger(amount)) throw new LeverError(400, 'amount is whole fen; negative: paid in');
    bookWithdrawal(world, amount!);
    ctx.body = world.pay.movements.at(-1);
  });

  return router;
}

const presentRefund = (refund: Refund) => ({
  ...describeRefund(refund),
  reason: refund.reason,
  fee: refund.fee,
  byHand: refund.byHand,
});
