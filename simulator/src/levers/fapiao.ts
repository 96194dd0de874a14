import { LeverError } from '../errors.ts';
import type { Buyer, Fapiao, FapiaoApplication } from '../pay/fapiao/fapiao.ts';
import { endIssue, endReverse, type Ending, insertCard } from '../pay/fapiao/life.ts';
import { fillTitle, linkOnBill, sampleTitle } from '../pay/fapiao/titles.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

/** Ends the issuing and reversing of fapiao by hand, and fills in titles as users do. */
export function fapiaoLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/pay/fapiao', (ctx) => {
    ctx.body = [...world.pay.fapiao.applications.values()].flatMap((application) =>
      application.fapiaos.map((fapiao) => present(application, fapiao)),
    );
  });

  router.post('/pay/fapiao/:id/issue', (ctx) => {
    const [application, fapiao] = get(world, ctx.params.id!);
    const { outcome = 'ISSUED', ...ending } = leverBody<Ending & { outcome: 'ISSUED' | 'FAILED' }>(ctx);
    if (!['ISSUED', 'FAILED'].includes(outcome)) throw new LeverError(400, 'outcome is ISSUED or FAILED');
    endIssue(world, application, fapiao, outcome, ending);
    ctx.body = present(application, fapiao);
  });

  router.post('/pay/fapiao/:id/reverse', (ctx) => {
    const [application, fapiao] = get(world, ctx.params.id!);
    const { outcome = 'REVERSED', ...ending } = leverBody<Ending & { outcome: 'REVERSED' | 'FAILED' }>(ctx);
    if (!['REVERSED', 'FAILED'].includes(outcome)) throw new LeverError(400, 'outcome is REVERSED or FAILED');
    endReverse(world, application, fapiao, outcome, ending);
    ctx.body = present(application, fapiao);
  });

  router.post('/pay/fapiao/:id/insert-card', (ctx) => {
    const [application, fapiao] = get(world, ctx.params.id!);
    insertCard(world, application, fapiao, leverBody<Ending>(ctx).notify);
    ctx.body = present(application, fapiao);
  });

  router.post('/pay/fapiao-titles/:applyId', (ctx) => {
    const link = world.pay.fapiao.titles.get(ctx.params.applyId!);
    if (!link) throw new LeverError(404, `nobody was asked for a title under ${ctx.params.applyId}`);
    const { notify = true, ...title } = leverBody<Buyer & { notify: boolean }>(ctx);
    fillTitle(world, link, { ...sampleTitle(), ...title }, notify);
    ctx.body = link.filled;
  });

  router.post('/pay/orders/:number/fapiao-title', (ctx) => {
    const order = world.pay.orders.get(ctx.params.number!);
    if (!order?.payment) throw new LeverError(404, `there is no paid order ${ctx.params.number}`);
    const { notify = true, ...title } = leverBody<Buyer & { notify: boolean }>(ctx);
    const link = linkOnBill(world, order);
    fillTitle(world, link, { ...sampleTitle(), ...title }, notify);
    ctx.body = link.filled;
  });

  return router;
}

function get({ pay }: World, id: string): [FapiaoApplication, Fapiao] {
  for (const application of pay.fapiao.applications.values()) {
    const fapiao = application.fapiaos.find((one) => one.id === id);
    if (fapiao) return [application, fapiao];
  }
  throw new LeverError(404, `there is no fapiao ${id}`);
}

/** Timers are of no use to anybody. */
const present = ({ applyId, order }: FapiaoApplication, fapiao: Fapiao) => ({
  applyId,
  outTradeNo: order?.outTradeNo ?? null,
  ...fapiao,
  timer: null,
  card: fapiao.card && { ...fapiao.card, timer: null },
});
