import { createHash } from 'node:crypto';
import type { Push, PushContent, VerificationNote, VerificationPush } from './push.ts';
import { objectFields, type PushFields, textField } from './push-fields.ts';

const EVENT_MS = 1000;
/** `dedupeKey`, `kind` and `openid` end up in columns. */
const MAX_KIND = 64;
const OPENID = /^[\w-]{1,64}$/;

/** Source: official documentation, push of verification events (微信认证事件推送). */
const VERIFICATION_STEPS: ReadonlyMap<string, VerificationPush['step']> = new Map([
  ['qualification_verify_success', 'qualification_passed'],
  ['qualification_verify_fail', 'qualification_failed'],
  ['naming_verify_success', 'naming_passed'],
  ['naming_verify_fail', 'naming_failed'],
  ['annual_renew', 'review_due'],
  ['verify_expired', 'expired'],
]);

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
  const facts = [
    ...names.map((name) => textField(fields, name)),
    ...listOf(fields).map((item) => Object.values(item)),
    // Events of several orders of one user, and the two of one order, can come in the same second.
    ...['transaction_id', 'estimated_settlement_time'].map((name) => textField(fields, name)).filter(Boolean),
    // Nobody but WeChat itself causes the events of a verification: only their own times tell two of one second apart.
    ...['ExpiredTime', 'FailTime', 'RefillTime'].map((name) => textField(fields, name)).filter(Boolean),
  ];
  return `event:${createHash('sha256').update(JSON.stringify(facts)).digest('hex')}`;
}

function eventContent(event: string, fields: PushFields): PushContent {
  const step = VERIFICATION_STEPS.get(event);
  if (step) return verificationStep(step, fields);
  if (event.startsWith('wx_verify_')) return verificationNote(event, fields);
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
    case 'trade_manage_order_settlement':
      return tradeSettled(fields);
    case 'trade_manage_remind_shipping':
      return { type: 'trade_reminded', transactionId: transactionIdOf(fields) };
    case 'trade_manage_remind_access_api':
    case 'wxa_trade_controlled':
      return { type: 'trade_reminded', transactionId: null };
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

/** Source: guide «小程序发货信息管理服务»; users report that the fields of the settlement can be empty. */
function tradeSettled(fields: PushFields): PushContent {
  const transactionId = transactionIdOf(fields);
  if (!transactionId) return { type: 'other', fields };
  return {
    type: 'trade_settlement',
    transactionId,
    shippedAt: instantField(fields, 'shipped_time'),
    estimatedSettlementAt: instantField(fields, 'estimated_settlement_time'),
    receivedAt: instantField(fields, 'confirm_receive_time'),
    settledAt: instantField(fields, 'settlement_time'),
  };
}

function transactionIdOf(fields: PushFields): string | null {
  const id = textField(fields, 'transaction_id');
  return /^\d{1,32}$/.test(id) ? id : null;
}

const verificationStep = (step: VerificationPush['step'], fields: PushFields): VerificationPush => ({
  type: 'verification',
  step,
  until: instantField(fields, 'ExpiredTime'),
  failedAt: instantField(fields, 'FailTime'),
  reason: textField(fields, 'FailReason') || null,
});

const verificationNote = (event: string, fields: PushFields): VerificationNote => ({
  type: 'verification_note',
  event,
  at: instantField(fields, 'RefillTime') ?? instantField(fields, 'FailTime'),
  reason: textField(fields, 'RefillReason') || textField(fields, 'FailReason') || null,
});

/** Unix seconds, as text or number; anything else, and nought, is nothing. */
function instantField(fields: PushFields, name: string): string | null {
  const seconds = textField(fields, name);
  return /^[1-9]\d{0,10}$/.test(seconds) ? new Date(Number(seconds) * EVENT_MS).toISOString() : null;
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
