import { randomInt } from 'node:crypto';
import { LeverError } from '../errors.ts';
import { seal, signSorted } from './message-crypto.ts';
import { toJson, toXml, type PushContent } from './push-content.ts';
import type { PushSender, PushSettings } from './push-sender.ts';

/** Ways to falsify a push. Each leaves everything else right, so that a test sees which check refused it. */
export const TAMPERINGS = [
  'unsigned',
  'signature',
  'msg-signature',
  'old-timestamp',
  'sealed-text',
  'key',
  'appid',
  'to-user',
  'entities',
  'sealed-entities',
] as const;
export type Tampering = (typeof TAMPERINGS)[number];

/** The body stays the same over all tries of a push. */
export interface PushBody {
  text: string;
  contentType: string;
  /** The text in `Encrypt`, when the mode has one. */
  sealed: string | null;
}

const FOREIGN_APPID = 'wx00000000000000ff';
const FOREIGN_ACCOUNT = 'gh_0000000000ff';
const FOREIGN_KEY = 'anotherEncodingAesKey0123456789abcdefghijkA';
const AN_HOUR = 3600;

export function writeBody(sender: PushSender, settings: PushSettings, content: PushContent, how?: Tampering): PushBody {
  const write = (fields: PushContent) => (settings.pushFormat === 'json' ? toJson(fields, settings) : toXml(fields));
  const contentType = settings.pushFormat === 'json' ? 'application/json' : 'text/xml';
  assertPossible(settings, how);

  const [receiver, foreign] = sender.originalId === null ? ['AppId', FOREIGN_APPID] : ['ToUserName', FOREIGN_ACCOUNT];
  const told = how === 'to-user' ? { ...content, [receiver]: foreign } : content;
  if (settings.mode === 'plain') return { text: withBomb(write(told), how === 'entities'), contentType, sealed: null };

  const inner = withBomb(write(told), how === 'sealed-entities');
  const key = how === 'key' ? FOREIGN_KEY : settings.encodingAesKey;
  const sealed = broken(seal(inner, key, how === 'appid' ? FOREIGN_APPID : sender.appid), how === 'sealed-text');
  const open =
    settings.mode === 'compatible' ? told : { [receiver]: told[receiver] ?? sender.originalId ?? sender.appid };
  return { text: withBomb(write({ ...open, Encrypt: sealed }), how === 'entities'), contentType, sealed };
}

/** The query of one try: the signatures are made anew each time (official documentation, message push). */
export function signQuery(
  settings: PushSettings,
  { sealed, openid, seconds }: { sealed: string | null; openid: string; seconds: number },
  how?: Tampering,
): URLSearchParams {
  if (how === 'unsigned') return new URLSearchParams();
  const timestamp = String(how === 'old-timestamp' ? seconds - AN_HOUR : seconds);
  const nonce = String(randomInt(100_000_000, 2_000_000_000));
  const query = new URLSearchParams({
    signature: falsified(signSorted(settings.token, timestamp, nonce), how === 'signature'),
    timestamp,
    nonce,
    openid,
  });
  if (sealed === null) return query;
  query.set('encrypt_type', 'aes');
  query.set(
    'msg_signature',
    falsified(signSorted(settings.token, timestamp, nonce, sealed), how === 'signature' || how === 'msg-signature'),
  );
  return query;
}

function assertPossible(settings: PushSettings, how: Tampering | undefined): void {
  if (how === undefined) return;
  if (!TAMPERINGS.includes(how)) throw new LeverError(400, `tamper is one of ${TAMPERINGS.join(', ')}`);
  const needsSeal = ['msg-signature', 'sealed-text', 'key', 'appid', 'sealed-entities'].includes(how);
  if (needsSeal && settings.mode === 'plain') throw new LeverError(400, `${how} needs a sealed push`);
  if (how.endsWith('entities') && settings.pushFormat === 'json') throw new LeverError(400, `${how} needs XML`);
}

const falsified = (signature: string, wanted: boolean): string =>
  wanted ? (signature.startsWith('0') ? '1' : '0') + signature.slice(1) : signature;

/** The first byte flipped: in CBC this flips the first byte of the second block, which is the length of the message. */
function broken(sealed: string, wanted: boolean): string {
  if (!wanted) return sealed;
  const bytes = Buffer.from(sealed, 'base64');
  bytes[0]! ^= 0xff;
  return bytes.toString('base64');
}

/** Entities that unfold to a hundred million words, for parsers that let them. */
function withBomb(xml: string, wanted: boolean): string {
  if (!wanted) return xml;
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const entities = names.map((name, index) => {
    const text = index === 0 ? 'boom' : `&${names[index - 1]};`.repeat(10);
    return `<!ENTITY ${name} "${text}">`;
  });
  return `<!DOCTYPE xml [${entities.join('')}]>${xml.replace('<xml>', '<xml><Remark>&i;</Remark>')}`;
}
