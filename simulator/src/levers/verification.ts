import { LeverError } from '../errors.ts';
import type { App } from '../platform/app.ts';
import { NOTES, type Note, STEPS, type Step, type StepOptions } from '../platform/verification.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { presentPush } from './pushes.ts';

/** The steps of the verification that its owner, WeChat's reviewers and time take. */
export function verificationLevers(world: World): SimulatorRouter {
  const router = newRouter();
  mountVerification(router, () => world.officialAccount);
  mountVerification(router, () => world.miniProgram);
  return router;
}

function mountVerification(router: SimulatorRouter, current: () => App): void {
  const path = `/${current().kind}/verification`;

  router.get(path, (ctx) => {
    ctx.body = current().verification.present();
  });

  router.post(path, (ctx) => {
    const { step, ...options } = leverBody<StepOptions & { step: Step }>(ctx);
    if (!step || !STEPS.includes(step)) throw new LeverError(400, `step is one of ${STEPS.join(', ')}`);
    assertOptions(options);
    const { verification } = current();
    const push = verification.take(step, options);
    ctx.body = { ...verification.present(), push: push && presentPush(push) };
  });

  router.post(`${path}/notes`, (ctx) => {
    const { event, reason } = leverBody<{ event: Note; reason: string }>(ctx);
    if (!event || !NOTES.includes(event)) throw new LeverError(400, `event is one of ${NOTES.join(', ')}`);
    assertOptions({ reason });
    const push = current().verification.note(event, reason);
    ctx.body = { push: push && presentPush(push) };
  });
}

function assertOptions({ reason, until }: { reason?: unknown; until?: unknown }): void {
  if (reason !== undefined && (typeof reason !== 'string' || reason === ''))
    throw new LeverError(400, 'reason is a text');
  if (until !== undefined && !Number.isFinite(until)) throw new LeverError(400, 'until is in Unix milliseconds');
}
