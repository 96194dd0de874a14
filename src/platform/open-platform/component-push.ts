import { findPush } from '../wechat-api/push-content.ts';
import { type PushFields, textField } from '../wechat-api/push-fields.ts';
import { openPushFields, type SealSettings } from '../wechat-api/open-push.ts';
import type { PushFault, PushQuery, PushResult } from '../wechat-api/push.ts';

/** What WeChat posts to the authorisation URL. `at`: when it was made. */
export type ComponentPush =
  | { infoType: 'component_verify_ticket'; /** A secret. */ ticket: string; at: Date }
  | {
      infoType: 'authorized' | 'updateauthorized';
      appid: string;
      /** Works once. */
      code: string;
      codeExpiresAt: Date;
      preAuthCode: string | null;
      at: Date;
    }
  | { infoType: 'unauthorized'; appid: string; at: Date }
  | { infoType: 'other'; name: string; at: Date };

export type ComponentPushResult = { ok: true; push: ComponentPush } | { ok: false; reason: PushFault };

const APPID = /^wx[0-9A-Za-z]{16}$/;
const SECONDS = /^\d{1,11}$/;
const MAX_NAME = 64;

export function openComponentPush(
  settings: SealSettings,
  query: PushQuery,
  rawBody: Buffer,
  now: Date,
): ComponentPushResult {
  const opened = openPushFields(settings, query, rawBody, now);
  if (!opened.ok) return opened;
  if (textField(opened.fields, 'AppId') !== settings.appid) return { ok: false, reason: 'appid' };
  const push = findComponentPush(opened.fields);
  return push ? { ok: true, push } : { ok: false, reason: 'content' };
}

export function openAccountPush(
  settings: SealSettings,
  { appid, originalId }: { appid: string; originalId: string | null },
  query: PushQuery,
  rawBody: Buffer,
  now: Date,
): PushResult {
  const opened = openPushFields(settings, query, rawBody, now);
  if (!opened.ok) return opened;
  const receiver = textField(opened.fields, 'ToUserName');
  if (originalId !== null && receiver !== originalId) return { ok: false, reason: 'receiver' };
  const push = findPush(appid, opened.fields);
  return push ? { ok: true, push } : { ok: false, reason: 'content' };
}

/** Null when a field without which nothing can be done is absent or strange. */
function findComponentPush(fields: PushFields): ComponentPush | null {
  const infoType = textField(fields, 'InfoType');
  const at = findInstant(fields, 'CreateTime');
  if (!at || infoType === '' || infoType.length > MAX_NAME) return null;
  const appid = textField(fields, 'AuthorizerAppid');
  switch (infoType) {
    case 'component_verify_ticket': {
      const ticket = textField(fields, 'ComponentVerifyTicket');
      return ticket === '' ? null : { infoType, ticket, at };
    }
    case 'authorized':
    case 'updateauthorized': {
      const code = textField(fields, 'AuthorizationCode');
      const codeExpiresAt = findInstant(fields, 'AuthorizationCodeExpiredTime');
      if (!APPID.test(appid) || code === '' || !codeExpiresAt) return null;
      return { infoType, appid, code, codeExpiresAt, preAuthCode: textField(fields, 'PreAuthCode') || null, at };
    }
    case 'unauthorized':
      return APPID.test(appid) ? { infoType, appid, at } : null;
    default:
      return { infoType: 'other', name: infoType, at };
  }
}

function findInstant(fields: PushFields, name: string): Date | null {
  const seconds = textField(fields, name);
  return SECONDS.test(seconds) ? new Date(Number(seconds) * 1000) : null;
}
