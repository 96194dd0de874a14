import { createHash } from 'node:crypto';
import type { Push, PushContent } from './push.ts';
import { objectFields, type PushFields, textField } from './push-fields.ts';

const EVENT_MS = 1000;
/** `dedupeKey`, `kind` and `openid` end up in columns. */
const MAX_KIND = 64;
const OPENID = /^[\w-]{1,64}$/;

/** Null when a field without which nothing can be done is absent or strange. */
export function findPush(appid: string, fields: PushFields): Push | null {
  const isEvent = textField(fields, 'MsgType') === 'event';
  const kind = textField(fields, isEvent ? 'Event' : 'MsgType');
  const openid = textField(fields, 'FromUserName') || textField(fields, 'OpenID');
  const createdAt = textField(fields, 'CreateTime');
  if (!kind || kind.length > MAX_KIND || !OPENID.test(openid) || !/^\d{1,11}$/.test(createdAt)) return null;
  return {
    appid,
    dedupeKey: `${appid}:${dedupeMark(fields)}`,
    kind,
    openid,
    createdAt: new Date(Number(createdAt) * EVENT_MS),
    content: isEvent ? eventContent(kind, fields) : messageContent(kind, fields),
  };
}

/**
 * Messages have an id of their own. Events are told apart by who, when and what; a list event by what is in its list, because
 * several messages to one user can be reported in the same second.
 * Source: official documentation, message push (repeats are known by MsgId, or by FromUserName and CreateTime).
 */
function dedupeMark(fields: PushFields): string {
  const msgid = textField(fields, 'MsgId');
  if (/^\d{1,20}$/.test(msgid)) return `msgid:${msgid}`;
  const names = ['FromUserName', 'OpenID', 'CreateTime', 'MsgType', 'Event', 'EventKey', 'MsgID'];
  const facts = [...names.map((name) => textField(fields, name)), ...listOf(fields).map((item) => Object.values(item))];
  return `event:${createHash('sha256').update(JSON.stringify(facts)).digest('hex')}`;
}

function eventContent(event: string, fields: PushFields): PushContent {
  switch (event) {
    case 'subscribe':
      return { type: 'subscribe', scene: sceneOf(textField(fields, 'EventKey')) };
    case 'unsubscribe':
      return { type: 'unsubscribe' };
    case 'TEMPLATESENDJOBFINISH':
      return templateFinished(fields);
    case 'subscribe_msg_popup_event':
      return { type: 'consents_answered', answers: consentAnswers(fields) };
    case 'subscribe_msg_change_event':
      return { type: 'consents_changed', answers: consentAnswers(fields) };
    case 'subscribe_msg_sent_event':
      return { type: 'subscribe_messages_sent', results: subscribeResults(fields) };
    case 'user_authorization_revoke':
      return { type: 'authorisation_revoked', revoked: textField(fields, 'RevokeInfo') };
    default:
      return { type: 'other', fields };
  }
}

function messageContent(kind: string, fields: PushFields): PushContent {
  return { type: 'message', messageKind: kind, text: kind === 'text' ? textField(fields, 'Content') : null };
}

const sceneOf = (eventKey: string): string | null =>
  eventKey.startsWith('qrscene_') ? eventKey.slice('qrscene_'.length) || null : null;

/** Documented with and without a blank behind the colon: `failed:user block`, `failed: system failed`. */
function templateFinished(fields: PushFields): PushContent {
  const msgid = textField(fields, 'MsgID');
  const status = textField(fields, 'Status');
  if (!/^\d{1,20}$/.test(msgid)) return { type: 'other', fields };
  const plain = status.replace(/\s/g, '').toLowerCase();
  const outcome = plain === 'success' ? 'delivered' : plain === 'failed:userblock' ? 'blocked_by_user' : 'failed';
  return { type: 'template_finished', msgid, outcome, status };
}

const consentAnswers = (fields: PushFields) =>
  listOf(fields)
    .map((item) => ({
      templateId: textField(item, 'TemplateId'),
      isAccepted: textField(item, 'SubscribeStatusString') === 'accept',
    }))
    .filter(({ templateId }) => templateId !== '');

const subscribeResults = (fields: PushFields) =>
  listOf(fields)
    .map((item) => ({
      templateId: textField(item, 'TemplateId'),
      msgid: textField(item, 'MsgID'),
      isDelivered: textField(item, 'ErrorCode') === '0',
      errorCode: Number(textField(item, 'ErrorCode')),
      errorStatus: textField(item, 'ErrorStatus'),
    }))
    .filter(({ templateId, errorCode }) => templateId !== '' && Number.isInteger(errorCode));

/** JSON has the list at the top; XML has it in an element named after the event. */
function listOf(fields: PushFields): PushFields[] {
  const wrappers = ['SubscribeMsgPopupEvent', 'SubscribeMsgChangeEvent', 'SubscribeMsgSentEvent'];
  return [fields, ...wrappers.flatMap((name) => objectFields(fields, name))].flatMap((place) =>
    objectFields(place, 'List'),
  );
}
