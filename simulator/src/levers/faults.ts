import { LeverError } from '../errors.ts';
import type { NewFaultRule } from '../faults.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

export function faultLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/faults', (ctx) => {
    ctx.body = world.faults.all();
  });

  router.post('/faults', (ctx) => {
    const { kind, ...more } = leverBody<NewFaultRule>(ctx);
    if (!kind) throw new LeverError(400, 'a fault needs a kind');
    ctx.status = 201;
    ctx.body = world.faults.add({ kind, ...more });
  });

  router.delete('/faults', (ctx) => {
    world.faults.clear();
    ctx.status = 204;
  });

  router.delete('/faults/:id', (ctx) => {
    world.faults.remove(ctx.params.id!);
    ctx.status = 204;
  });

  return router;
}
