import { LeverError } from '../errors.ts';
import { appsOf } from '../platform/platform-call.ts';
import type { Push, Pushes, SendOrder } from '../platform/pushes.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

const MOST_AT_ONCE = 100;

/** Pushes of both accounts and of the third-party platform: what was sent, and sending again, out of order, in parallel or falsified. */
export function pushLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/pushes', (ctx) => {
    const all = appsOf(world).flatMap((app) => app.pushes.all());
    ctx.body = all.toSorted((one, other) => one.createdAt - other.createdAt).map(presentPush);
  });

  router.post('/pushes/settled', async (ctx) => {
    await Promise.all(everyPushes(world).map((pushes) => pushes.settled()));
    ctx.status = 204;
  });

  router.post('/pushes/:id/send', async (ctx) => {
    const order = leverBody<SendOrder>(ctx);
    if ((order.times ?? 1) > MOST_AT_ONCE) throw new LeverError(400, `at most ${MOST_AT_ONCE} times`);
    const pushes = everyPushes(world).find((candidate) => candidate.find(ctx.params.id!));
    const push = pushes?.find(ctx.params.id!);
    if (!pushes || !push) throw new LeverError(404, `there is no push ${ctx.params.id}`);
    ctx.body = await pushes.send(push, order);
  });

  return router;
}

const everyPushes = (world: World): Pushes[] => [
  ...appsOf(world).map((app) => app.pushes),
  ...world.openPlatform.everyPushes(),
];

/** A push with its ids as text: JSON has no number for them. */
export const presentPush = (push: Push): object =>
  JSON.parse(
    JSON.stringify(push, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ) as object;
