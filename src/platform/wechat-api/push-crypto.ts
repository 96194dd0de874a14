import { createDecipheriv, createHash } from 'node:crypto';

/** 16 random bytes and the length of the message stand before it. */
const HEAD = 20;
const MAX_PADDING = 32;

/** SHA-1 of the parts, sorted as text and joined with nothing between. Source: official documentation, message push. */
export function pushSignature(...parts: readonly string[]): string {
  return createHash('sha1').update(parts.toSorted().join('')).digest('hex');
}

export interface Opened {
  message: string;
  /** Whom it was sealed for. */
  appid: string;
}

/**
 * Opens `Encrypt` (WXBizMsgCrypt): AES-256-CBC, the IV being the first half of the key, padded to blocks of 32. It proves
 * nothing by itself: check `msg_signature` first.
 * Null when it cannot be opened.
 * @param encodingAesKey 43 characters; the last holds two spare bits, so it is decoded leniently
 */
export function openSealed(sealed: string, encodingAesKey: string): Opened | null {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length === 0 || bytes.length % 16 !== 0) return null;

  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const plain = withoutPadding(Buffer.concat([decipher.update(bytes), decipher.final()]));
  if (plain.length < HEAD) return null;

  const end = HEAD + plain.readUInt32BE(16);
  if (end > plain.length) return null;
  const message = findText(plain.subarray(HEAD, end));
  return message === null ? null : { message, appid: plain.toString('utf8', end) };
}

/** Null when the bytes are not UTF-8. */
export function findText(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** 1 to 32 bytes, each of which says how many; anything else counts as no padding. */
function withoutPadding(padded: Buffer): Buffer {
  const count = padded.at(-1) ?? 0;
  return count >= 1 && count <= MAX_PADDING ? padded.subarray(0, Math.max(0, padded.length - count)) : padded;
}
