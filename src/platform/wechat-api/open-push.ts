import { isSame } from '../crypto.ts';
import { findPush } from './push-content.ts';
import { findText, openSealed, pushSignature } from './push-crypto.ts';
import { type PushFields, readPushFields, textField } from './push-fields.ts';
import type { PushFault, PushQuery, PushResult } from './push.ts';

export interface PushSettings extends SealSettings {
  /** The account's own id in pushes, `gh_…`. */
  originalId: string;
}

/** How pushes are signed and sealed. */
export interface SealSettings {
  /** For whom they are sealed. */
  appid: string;
  token: string;
  /** EncodingAESKey, 43 characters. */
  encodingAesKey: string;
  /**
   * - `plain`: the message lies open
   * - `compatible`: open and sealed side by side, while an account changes; what is sealed is believed, and must then be right
   * - `safe`: sealed only; what lies open is never read
   */
  mode: 'plain' | 'compatible' | 'safe';
}

/** How old or how early a push may be. WeChat repeats one for 15 s at most. */
const MAX_AGE_SECONDS = 300;

class Refused extends Error {
  constructor(readonly fault: PushFault) {
    super(fault);
  }
}

/** Proves and opens what was posted to the push URL. Never throws, touches nothing. */
export function openPush(settings: PushSettings, query: PushQuery, rawBody: Buffer, now: Date): PushResult {
  const opened = openPushFields(settings, query, rawBody, now);
  if (!opened.ok) return opened;
  if (textField(opened.fields, 'ToUserName') !== settings.originalId) return { ok: false, reason: 'receiver' };
  const push = findPush(settings.appid, opened.fields);
  return push ? { ok: true, push } : { ok: false, reason: 'content' };
}

/** The same, without a look at whom and what it is about. */
export function openPushFields(
  settings: SealSettings,
  query: PushQuery,
  rawBody: Buffer,
  now: Date,
): { ok: true; fields: PushFields } | { ok: false; reason: PushFault } {
  try {
    const signed = checkedQuery(settings, query, now);
    const outer = readFields(findText(rawBody));
    const fields = settings.mode === 'plain' ? openFields(outer, query) : maybeSealed(settings, query, signed, outer);
    return { ok: true, fields };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.fault };
    throw error;
  }
}

/** The text to answer WeChat's check of the URL with, as text/plain and to the letter; null when the check is not WeChat's. */
export function verifyServerUrl(settings: SealSettings, query: PushQuery, now: Date): string | null {
  try {
    checkedQuery(settings, query, now);
    return one(query.echostr);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

interface SignedParts {
  timestamp: string;
  nonce: string;
}

function checkedQuery({ token }: SealSettings, query: PushQuery, now: Date): SignedParts {
  const [signature, timestamp, nonce] = [one(query.signature), one(query.timestamp), one(query.nonce)];
  if (!/^\d{1,11}$/.test(timestamp)) throw new Refused('query');
  if (!isSame(pushSignature(token, timestamp, nonce), signature)) throw new Refused('signature');
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > MAX_AGE_SECONDS) throw new Refused('timestamp');
  return { timestamp, nonce };
}

function maybeSealed(settings: SealSettings, query: PushQuery, signed: SignedParts, outer: PushFields): PushFields {
  const sealed = textField(outer, 'Encrypt');
  const isSealed = sealed !== '' || query.encrypt_type !== undefined || query.msg_signature !== undefined;
  if (!isSealed && settings.mode === 'compatible') return outer;
  if (sealed === '' || (query.encrypt_type ?? 'aes') !== 'aes') throw new Refused('mode');

  const signature = pushSignature(settings.token, signed.timestamp, signed.nonce, sealed);
  if (!isSame(signature, one(query.msg_signature))) throw new Refused('signature');
  const opened = openSealed(sealed, settings.encodingAesKey);
  if (!opened) throw new Refused('sealed');
  if (opened.appid !== settings.appid) throw new Refused('appid');
  return readFields(opened.message);
}

function openFields(outer: PushFields, query: PushQuery): PushFields {
  if (query.encrypt_type === 'aes' && textField(outer, 'MsgType') === '') throw new Refused('mode');
  return outer;
}

function readFields(text: string | null): PushFields {
  const fields = text === null ? 'body' : readPushFields(text);
  if (typeof fields === 'string') throw new Refused(fields);
  return fields;
}

/** A parameter that is given exactly once and says something. */
function one(value: string | string[] | undefined): string {
  if (typeof value !== 'string' || value === '') throw new Refused('query');
  return value;
}
