import { LeverError } from '../errors.ts';
import type { NewPerson } from '../people.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

export function peopleLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/people', (ctx) => {
    ctx.body = world.people.all();
  });

  router.post('/people', (ctx) => {
    const { nickname, ...more } = leverBody<NewPerson>(ctx);
    if (typeof nickname !== 'string' || nickname === '') throw new LeverError(400, 'a person needs a nickname');
    ctx.status = 201;
    ctx.body = world.people.add({ nickname, ...more });
  });

  return router;
}
