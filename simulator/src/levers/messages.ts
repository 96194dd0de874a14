import { LeverError } from '../errors.ts';
import { subscribeSentEvent } from '../mini-program/subscribe-calls.ts';
import { templateFinishEvent } from '../official-account/template-calls.ts';
import type { SentMessage } from '../platform/messages.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { presentPush } from './pushes.ts';

/** What people received, and the result events of it. */
export function messageLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/messages', (ctx) => {
    const { person } = ctx.query;
    ctx.body = world.platform.messages.all(typeof person === 'string' ? person : undefined);
  });

  router.post('/messages/:msgid/finish', (ctx) => {
    const message = world.platform.messages.find(ctx.params.msgid!);
    if (!message) throw new LeverError(404, `there is no message ${ctx.params.msgid}`);
    if (message.kind === 'reply') throw new LeverError(409, 'a reply has no result event');
    const { status, errorCode } = leverBody<{ status: string; errorCode: number }>(ctx);
    ctx.status = 201;
    ctx.body = presentPush(finish(world, message, status, errorCode));
  });

  return router;
}

/** May be pulled twice: the receiver then gets two events about one message. */
function finish(world: World, message: SentMessage, status: string | undefined, errorCode = 0) {
  message.result = status ?? message.result;
  message.isFinished = true;
  if (message.kind === 'template') return world.officialAccount.pushes.create(templateFinishEvent(message));
  return world.miniProgram.pushes.create(subscribeSentEvent(message, errorCode));
}
