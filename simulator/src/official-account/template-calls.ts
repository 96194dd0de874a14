import type { Person } from '../people.ts';
import { mountCall, type PlatformCall } from '../platform/platform-call.ts';
import type { PushContent } from '../platform/push-content.ts';
import type { SentMessage } from '../platform/messages.ts';
import * as refuse from '../platform/refusals.ts';
import { finishLater, rowsOf, templateOf } from '../platform/sending.ts';
import { textOf } from '../platform/token-routes.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { assertRight } from './rights.ts';

const CLIENT_MSG_ID_MS = 10 * 60_000;
export const FINISHED_WELL = 'success';
export const FINISHED_BLOCKED = 'failed:user block';

/** Template messages of a service account (official documentation, template messages). */
export function mountTemplateCalls(router: SimulatorRouter, world: World): void {
  const rules = { path: '/cgi-bin/message/template/send', method: 'POST', token: 'official-account' } as const;
  mountCall(router, world, rules, (call) => {
    const message = send(call);
    // JSON.stringify cannot write a number beyond 2^53, and WeChat writes it bare.
    return `{"errcode":0,"errmsg":"ok","msgid":${message.msgid}}`;
  });
}

function send({ world, app, body }: PlatformCall): SentMessage {
  assertRight(world, 'template-send');
  const openid = textOf(body.touser);
  const person = world.people.findByOpenid(app.appid, openid);
  if (!person) throw refuse.wrongOpenid();
  const template = templateOf(app, body.template_id);
  const rows = rowsOf(app, template, body.data);
  const miniprogram = miniprogramOf(world, body.miniprogram);
  if (!person.follows) throw refuse.mustFollow();
  refuseWhenBlocked(world, person);

  const clientMsgId = textOf(body.client_msg_id);
  const repeated = clientMsgId && findRepeated(world, openid, clientMsgId);
  if (repeated) return repeated;

  const url = textOf(body.url);
  const message = world.platform.messages.add({
    msgid: String(world.platform.messages.newMsgid()),
    appid: app.appid,
    kind: 'template',
    personId: person.id,
    openid,
    templateId: template.templateId,
    title: template.title,
    rows,
    ...(url ? { url } : {}),
    ...(miniprogram ? { miniprogram } : {}),
    ...(clientMsgId ? { clientMsgId } : {}),
    sentAt: world.clock.now(),
    result: person.blocks ? FINISHED_BLOCKED : FINISHED_WELL,
    isFinished: false,
  });
  finishLater(world, app, message, () => templateFinishEvent(message));
  return message;
}

/** One per sent message. The blank in `failed: system failed` is WeChat's own. */
export const templateFinishEvent = (message: SentMessage): PushContent => ({
  FromUserName: message.openid,
  MsgType: 'event',
  Event: 'TEMPLATESENDJOBFINISH',
  MsgID: BigInt(message.msgid),
  Status: message.result ?? FINISHED_WELL,
});

function refuseWhenBlocked(world: World, person: Person): void {
  const { blockedAnswer } = world.officialAccount.settings;
  if (!person.blocks || blockedAnswer === 'finish-event') return;
  if (blockedAnswer === '43101') throw refuse.refusesMessage();
  if (blockedAnswer === '48002') throw refuse.refusesAll();
  throw refuse.blacklisted();
}

function findRepeated(world: World, openid: string, clientMsgId: string): SentMessage | null {
  const { platform, clock, officialAccount } = world;
  const repeated = platform.messages.findRepeated(openid, clientMsgId, clock.now() - CLIENT_MSG_ID_MS);
  if (repeated && officialAccount.settings.repeatedClientMsgId === 'refused') throw refuse.messageIdExists();
  return repeated;
}

/** The documented name is `pagepath`; a `path` is not read. */
function miniprogramOf(world: World, given: unknown): SentMessage['miniprogram'] {
  if (typeof given !== 'object' || given === null) return undefined;
  const { appid, pagepath } = given as { appid?: unknown; pagepath?: unknown };
  if (appid !== world.miniProgram.appid) throw refuse.wrongAppid();
  return { appid, ...(typeof pagepath === 'string' ? { pagepath } : {}) };
}
