import type { Person } from '../people.ts';
import type { PushContent } from '../platform/push-content.ts';
import type { World } from '../world.ts';

export type DialogAnswer = 'accept' | 'reject';

/** What `wx.requestSubscribeMessage` gives to its caller: one word an id, or an error. */
export type DialogResult = { errMsg: string; errCode?: number } & Record<string, string | number>;

const MOST_IDS = 5;

/** The dialog of `wx.requestSubscribeMessage` with its client rules, and the push that tells the server what was tapped. */
export function showSubscribeDialog(
  world: World,
  person: Person,
  templateIds: readonly string[],
  answer: DialogAnswer | Record<string, DialogAnswer>,
): DialogResult {
  const { miniProgram } = world;
  const failure = findFailure(world, person, templateIds);
  if (failure) return failure;

  const result: DialogResult = { errMsg: 'requestSubscribeMessage:ok' };
  const shown = new Set<string>();
  const answers: [string, DialogAnswer][] = [];
  for (const templateId of new Set(templateIds)) {
    const { title } = templateOf(world, templateId)!;
    if (shown.has(title)) {
      result[templateId] = 'filter';
      continue;
    }
    shown.add(title);
    const given = typeof answer === 'string' ? answer : (answer[templateId] ?? 'reject');
    if (given === 'accept') miniProgram.consents.accept(person.id, templateId, isLongTerm(world, templateId));
    result[templateId] = given;
    answers.push([templateId, given]);
  }
  miniProgram.pushes.create(popupEvent(person.openids[miniProgram.appid]!, answers));
  return result;
}

const popupEvent = (openid: string, answers: [string, DialogAnswer][]): PushContent => ({
  FromUserName: openid,
  MsgType: 'event',
  Event: 'subscribe_msg_popup_event',
  SubscribeMsgPopupEvent: {
    List: answers.map(([TemplateId, SubscribeStatusString]) => ({ TemplateId, SubscribeStatusString, PopupScene: 0 })),
  },
});

/** The person opens the settings and turns a template off (or on again, which adds no consent to a one-time template). */
export function changeSubscription(world: World, person: Person, templateId: string, status: DialogAnswer): void {
  const { miniProgram } = world;
  if (status === 'reject') miniProgram.consents.withdraw(person.id, templateId);
  else if (isLongTerm(world, templateId)) miniProgram.consents.accept(person.id, templateId, true);
  miniProgram.pushes.create({
    FromUserName: person.openids[miniProgram.appid]!,
    MsgType: 'event',
    Event: 'subscribe_msg_change_event',
    SubscribeMsgChangeEvent: { List: [{ TemplateId: templateId, SubscribeStatusString: status }] },
  });
}

function findFailure(world: World, person: Person, templateIds: readonly string[]): DialogResult | null {
  if (templateIds.length === 0) return fail(10001, "TmplIds can't be empty");
  if (templateIds.length > MOST_IDS) return fail(20003, 'Templates count out of max bounds');
  if (templateIds.some((id) => !templateOf(world, id)))
    return fail(20001, 'No template data return, verify the template id exist');
  if (new Set(templateIds.map((id) => isLongTerm(world, id))).size > 1)
    return fail(20002, 'Templates type must be same');
  if (world.miniProgram.consents.isOff(person.id)) return fail(20004, 'The main switch is switched off');
  return null;
}

const fail = (errCode: number, text: string): DialogResult => ({
  errMsg: `requestSubscribeMessage:fail ${text}`,
  errCode,
});

const templateOf = (world: World, id: string) =>
  world.miniProgram.templates.find((template) => template.templateId === id) ?? null;
const isLongTerm = (world: World, id: string): boolean => templateOf(world, id)?.type === 3;
