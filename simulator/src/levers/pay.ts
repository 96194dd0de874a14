import { LeverError } from '../errors.ts';
import { describeOrder, type Order } from '../pay/order.ts';
import { forcePaid, payByH5, payByParameters, payByScan, type Decision, type PayParameters } from '../pay/payer.ts';
import { PAY_CHOICES, type PaySettings } from '../pay/settings.ts';
import { leverBody, newRouter, type SimulatorContext, type SimulatorRouter } from '../routing.ts';
import { moveDoors, type World } from '../world.ts';
import { changeSettings } from './change-settings.ts';

/** What the merchant set up, what payers do, and orders seen from WeChat's side. */
export function payLevers(world: World): SimulatorRouter {
  const router = newRouter();
  const payer = (ctx: SimulatorContext) => world.people.get(ctx.params.id!);

  router.get('/pay/settings', (ctx) => {
    ctx.body = world.pay.settings;
  });

  router.post('/pay/settings', async (ctx) => {
    ctx.body = changeSettings(world.pay.settings, leverBody<PaySettings>(ctx), PAY_CHOICES);
    await moveDoors(world);
  });

  router.post('/people/:id/pay', (ctx) => {
    const { outcome, payerTotal, ...parameters } = leverBody<PayParameters & Decision>(ctx);
    ctx.body = payByParameters(world, payer(ctx), parameters as PayParameters, readDecision({ outcome, payerTotal }));
  });

  router.post('/people/:id/scan', (ctx) => {
    const { codeUrl, ...decision } = leverBody<{ codeUrl: string } & Decision>(ctx);
    if (typeof codeUrl !== 'string') throw new LeverError(400, 'codeUrl is missing');
    ctx.body = payByScan(world, payer(ctx), codeUrl, readDecision(decision));
  });

  router.post('/people/:id/open-h5', (ctx) => {
    const { h5Url, ...decision } = leverBody<{ h5Url: string } & Decision>(ctx);
    if (typeof h5Url !== 'string') throw new LeverError(400, 'h5Url is missing');
    ctx.body = payByH5(world, payer(ctx), h5Url, readDecision(decision));
  });

  router.get('/pay/orders', (ctx) => {
    ctx.body = [...world.pay.orders.values()].map(presentOrder);
  });

  router.get('/pay/orders/:number', (ctx) => {
    ctx.body = presentOrder(getOrder(world, ctx.params.number!));
  });

  router.post('/pay/orders/:number/force-paid', (ctx) => {
    const { personId, ...how } = leverBody<{ personId: string; total: number; payerTotal: number; notify: boolean }>(
      ctx,
    );
    const order = getOrder(world, ctx.params.number!);
    if (order.payment) throw new LeverError(409, 'the order is paid already');
    checkFen('total', how.total);
    checkFen('payerTotal', how.payerTotal);
    const transactionId = forcePaid(world, order, personId ? world.people.get(personId) : ownerOf(world, order), how);
    ctx.body = { transactionId };
  });

  return router;
}

/** An order with what only WeChat knows. */
export const presentOrder = (order: Order) => ({
  ...describeOrder(order),
  tradeType: order.tradeType,
  description: order.asked.description,
  totalFen: order.asked.amount.total,
  notifyUrl: order.asked.notify_url,
  createdAt: order.createdAt,
  expiresAt: order.expiresAt,
  prepays: order.prepays,
  paidBy: order.payment?.personId ?? null,
});

function getOrder({ pay }: World, number: string): Order {
  const order = pay.orders.get(number);
  if (!order) throw new LeverError(404, `there is no order ${number}`);
  return order;
}

/** Whose openid the order names; for a QR code or H5, the first person there is. */
function ownerOf({ people }: World, { asked }: Order) {
  const owner = asked.payer && people.findByOpenid(asked.appid, asked.payer.openid);
  return owner ?? people.all()[0]!;
}

function readDecision({
  outcome = 'pay',
  payerTotal,
}: {
  outcome?: Decision['outcome'] | undefined;
  payerTotal?: number | undefined;
}): Decision {
  if (!['pay', 'cancel', 'fail'].includes(outcome)) throw new LeverError(400, 'outcome is pay, cancel or fail');
  checkFen('payerTotal', payerTotal);
  return payerTotal === undefined ? { outcome } : { outcome, payerTotal };
}

function checkFen(name: string, amount: unknown): void {
  if (amount === undefined || (Number.isInteger(amount) && Number(amount) >= 0)) return;
  throw new LeverError(400, `${name} is an amount in whole fen`);
}
