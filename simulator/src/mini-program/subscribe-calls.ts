import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../people.ts';
import type { SentMessage } from '../platform/messages.ts';
import { assertInStanding, mountCall, type PlatformCall } from '../platform/platform-call.ts';
import type { PushContent } from '../platform/push-content.ts';
import * as refuse from '../platform/refusals.ts';
import { finishLater, rowsOf, templateOf } from '../platform/sending.ts';
import { exampleOf, type Template } from '../platform/template-fields.ts';
import { textOf } from '../platform/token-routes.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

const token = 'mini-program' as const;
const STATES = ['developer', 'trial', 'formal'];
const LANGUAGES = ['zh_CN', 'en_US', 'zh_HK', 'zh_TW'];

/** Subscribe messages of a mini-program (official documentation, subscribe messages). */
export function mountSubscribeCalls(router: SimulatorRouter, world: World): void {
  mountCall(router, world, { path: '/cgi-bin/message/subscribe/send', method: 'POST', token }, async (call) => {
    const message = await send(call);
    return world.miniProgram.settings.answersMsgid
      ? `{"errcode":0,"errmsg":"ok","msgid":${message.msgid}}`
      : { errcode: 0, errmsg: 'ok' };
  });

  mountCall(router, world, { path: '/wxaapi/newtmpl/gettemplate', method: 'GET', token }, ({ app }) => {
    assertInStanding(app);
    return { errcode: 0, errmsg: 'ok', data: app.templates.map(present) };
  });
}

async function send(call: PlatformCall): Promise<SentMessage> {
  const { world, app, body } = call;
  const { busyOpenids, settings } = world.miniProgram;
  assertInStanding(app);
  const openid = textOf(body.touser);
  const person = world.people.findByOpenid(app.appid, openid);
  if (!person) throw refuse.wrongOpenid();
  const template = templateOf(app, body.template_id);
  assertPage(world, body.page);
  assertOneOf('miniprogram_state', body.miniprogram_state, STATES);
  assertOneOf('lang', body.lang, LANGUAGES);
  const rows = rowsOf(app, template, body.data);

  if (busyOpenids.has(openid)) throw refuse.parallelSends();
  busyOpenids.add(openid);
  try {
    await pause(settings.sendTakesMs);
    if (!world.miniProgram.consents.use(person.id, template.templateId)) throw refuse.refusesMessage();
    return deliver(call, person, template, rows);
  } finally {
    busyOpenids.delete(openid);
  }
}

function deliver({ world, app, body }: PlatformCall, person: Person, template: Template, rows: SentMessage['rows']) {
  const page = textOf(body.page);
  const message = world.platform.messages.add({
    msgid: String(world.platform.messages.newMsgid()),
    appid: app.appid,
    kind: 'subscribe',
    personId: person.id,
    openid: person.openids[app.appid]!,
    templateId: template.templateId,
    title: template.title,
    rows,
    ...(page ? { page } : {}),
    miniprogramState: textOf(body.miniprogram_state) || 'formal',
    sentAt: world.clock.now(),
    result: 'success',
    isFinished: false,
  });
  finishLater(world, app, message, () => subscribeSentEvent(message));
  return message;
}

/** The result event. `ErrorCode` 0 is a delivered message. */
export const subscribeSentEvent = (message: SentMessage, errorCode = 0): PushContent => ({
  FromUserName: message.openid,
  MsgType: 'event',
  Event: 'subscribe_msg_sent_event',
  SubscribeMsgSentEvent: {
    List: [
      {
        TemplateId: message.templateId ?? '',
        MsgID: BigInt(message.msgid),
        ErrorCode: errorCode,
        ErrorStatus: message.result ?? 'success',
      },
    ],
  },
});

function assertPage(world: World, page: unknown): void {
  const { pages } = world.miniProgram.settings;
  if (pages.length === 0 || page === undefined || page === '') return;
  const path = textOf(page).split('?', 1)[0]!.replace(/^\//, '');
  if (!pages.includes(path)) throw refuse.pageNotReleased();
}

function assertOneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(textOf(value))) throw refuse.badField(name);
}

const present = (template: Template) => ({
  priTmplId: template.templateId,
  title: template.title,
  content: template.content,
  example: exampleOf(template),
  type: template.type ?? 2,
  ...(template.enumValues
    ? {
        keywordEnumValueList: Object.entries(template.enumValues).map(([key, enumValueList]) => ({
          keywordCode: `${key}.DATA`,
          enumValueList,
        })),
      }
    : {}),
});
