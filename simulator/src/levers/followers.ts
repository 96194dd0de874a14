import { LeverError } from '../errors.ts';
import type { Person } from '../people.ts';
import type { PushContent } from '../platform/push-content.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import { ENDINGS, type Ended } from '../web/state.ts';
import type { World } from '../world.ts';
import { presentPush } from './pushes.ts';

/** What a person does with the official account; pushes follow by themselves. */
export function followerLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.post('/people/:id/follow', (ctx) => {
    const { scene } = leverBody<{ scene: string }>(ctx);
    ctx.body = follow(world, world.people.get(ctx.params.id!), scene);
  });

  router.post('/people/:id/unfollow', (ctx) => {
    const person = world.people.get(ctx.params.id!);
    if (person.follows) {
      person.follows = false;
      tell(world, person, { Event: 'unsubscribe', EventKey: '' });
    }
    ctx.body = person;
  });

  router.post('/people/:id/block', (ctx) => {
    const { blocked = true } = leverBody<{ blocked: boolean }>(ctx);
    const person = world.people.get(ctx.params.id!);
    person.blocks = blocked;
    ctx.body = person;
  });

  router.post('/people/:id/text', (ctx) => {
    const { content, msgId } = leverBody<{ content: string; msgId: string }>(ctx);
    if (!content) throw new LeverError(400, 'a text needs content');
    if (msgId !== undefined && !/^\d+$/.test(msgId)) throw new LeverError(400, 'msgId is digits in a text');
    const push = world.officialAccount.pushes.create({
      FromUserName: openidOf(world, world.people.get(ctx.params.id!)),
      MsgType: 'text',
      Content: content,
      MsgId: msgId === undefined ? world.platform.messages.newMsgid() : BigInt(msgId),
    });
    ctx.status = 201;
    ctx.body = presentPush(push);
  });

  router.post('/people/:id/end-grants', (ctx) => {
    const { why = 'password-changed' } = leverBody<{ why: Ended }>(ctx);
    if (!ENDINGS.includes(why)) throw new LeverError(400, `why is one of ${ENDINGS.join(', ')}`);
    const person = world.people.get(ctx.params.id!);
    world.web.end(person.id, why);
    if (why === 'authorisation-withdrawn') tell(world, person, revokeEvent(world, person));
    ctx.status = 204;
  });

  return router;
}

/** A scan by somebody who follows already is a SCAN event; otherwise the scene comes with the subscribe event alone. */
function follow(world: World, person: Person, scene: string | undefined): Person {
  const ticket: PushContent = scene === undefined ? {} : { Ticket: `gQ${Buffer.from(scene).toString('base64url')}` };
  if (person.follows) {
    if (scene !== undefined) tell(world, person, { Event: 'SCAN', EventKey: scene, ...ticket });
    return person;
  }
  person.follows = true;
  world.officialAccount.followedAt.set(person.id, world.clock.now());
  tell(world, person, { Event: 'subscribe', EventKey: scene === undefined ? '' : `qrscene_${scene}`, ...ticket });
  return person;
}

const revokeEvent = (world: World, person: Person): PushContent => ({
  Event: 'user_authorization_revoke',
  OpenID: openidOf(world, person),
  AppID: world.officialAccount.appid,
  RevokeInfo: '1',
});

const openidOf = ({ officialAccount }: World, person: Person): string => person.openids[officialAccount.appid]!;

function tell(world: World, person: Person, event: PushContent): void {
  world.officialAccount.pushes.create({ FromUserName: openidOf(world, person), MsgType: 'event', ...event });
}
