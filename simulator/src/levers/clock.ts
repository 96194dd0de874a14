import { LeverError } from '../errors.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

export function clockLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.post('/clock', async (ctx) => {
    const { advanceMs = 0, frozen } = leverBody<{ advanceMs: number; frozen: boolean }>(ctx);
    if (!Number.isFinite(advanceMs) || advanceMs < 0) throw new LeverError(400, 'advanceMs must be zero or more');
    if (frozen !== undefined) world.clock.setFrozen(frozen);
    await world.clock.advance(advanceMs);
    ctx.body = { now: world.clock.now(), frozen: world.clock.isFrozen };
  });

  return router;
}
