import { XMLParser } from 'fast-xml-parser';
import { signSorted, unseal } from './message-crypto.ts';
import type { PushSender, PushSettings } from './push-sender.ts';

/** What the receiver made of a push. */
export type Verdict = 'acknowledged' | 'replied' | 'bad-status' | 'bad-reply';

export interface JudgedReply {
  verdict: Verdict;
  /** Why it is bad. */
  reason?: string;
  /** The passive reply, opened and read. */
  reply?: Record<string, unknown>;
}

const parser = new XMLParser({ parseTagValue: false, processEntities: false });
const REPLY_TYPES = ['text', 'image', 'voice', 'video', 'music', 'news', 'transfer_customer_service'];

/** Empty or `success` acknowledges; XML (or JSON) is a passive reply; anything else counts as a bad reply. */
export function judgeReply(app: PushSender, settings: PushSettings, status: number, text: string): JudgedReply {
  if (status !== 200) return { verdict: 'bad-status', reason: `HTTP ${status}` };
  if (text === '' || text === 'success') return { verdict: 'acknowledged' };
  try {
    const reply = openReply(app, settings, text);
    if (!REPLY_TYPES.includes(String(reply.MsgType))) return bad(`MsgType ${String(reply.MsgType)}`);
    if (reply.FromUserName !== app.originalId) return bad('FromUserName is not the account');
    return { verdict: 'replied', reply };
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
}

const bad = (reason: string): JudgedReply => ({ verdict: 'bad-reply', reason });

function openReply(app: PushSender, settings: PushSettings, text: string): Record<string, unknown> {
  const outer = read(text);
  if (settings.mode === 'plain') return outer;
  if (outer.Encrypt === undefined) {
    // Compatible mode takes plain replies too.
    if (settings.mode === 'compatible') return outer;
    throw new Error('a reply in safe mode must be sealed');
  }
  const sealed = String(outer.Encrypt);
  const signature = signSorted(settings.token, String(outer.TimeStamp), String(outer.Nonce), sealed);
  if (outer.MsgSignature !== signature) throw new Error('MsgSignature is wrong');
  const opened = unseal(sealed, settings.encodingAesKey);
  if (opened.appid !== app.appid) throw new Error('the reply is sealed for another appid');
  return read(opened.text);
}

function read(text: string): Record<string, unknown> {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return JSON.parse(trimmed) as Record<string, unknown>;
  if (!trimmed.startsWith('<xml>')) throw new Error('neither empty, nor success, nor a message');
  const { xml } = parser.parse(trimmed, true) as { xml: Record<string, unknown> };
  return xml;
}
