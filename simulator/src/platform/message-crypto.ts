import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * Sealing and signing of pushes (WXBizMsgCrypt), as described in the official documentation, message encryption.
 * The simulator keeps its own copy of this cryptography, so that two independent ends prove the protocol.
 */

const PAD_BLOCK = 32;
const RANDOM_LENGTH = 16;
const LENGTH_BYTES = 4;

/** The 32-byte key behind a 43-character EncodingAESKey; its last character has two spare bits, so decoding is lenient. */
export function aesKeyOf(encodingAesKey: string): Buffer {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  if (encodingAesKey.length !== 43 || key.length !== 32) throw new Error('An EncodingAESKey has 43 characters.');
  return key;
}

/** Pads to 32 bytes, not to AES's own 16. */
function padded(bytes: Buffer): Buffer {
  const missing = PAD_BLOCK - (bytes.length % PAD_BLOCK);
  return Buffer.concat([bytes, Buffer.alloc(missing, missing)]);
}

function unpadded(bytes: Buffer): Buffer {
  const pad = bytes.at(-1) ?? 0;
  return pad >= 1 && pad <= PAD_BLOCK ? bytes.subarray(0, bytes.length - pad) : bytes;
}

/** Encrypts a message for an account. `random` is given only by tests that check a known vector. */
export function seal(text: string, encodingAesKey: string, appid: string, random = randomBytes(RANDOM_LENGTH)): string {
  const key = aesKeyOf(encodingAesKey);
  const message = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(message.length);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const plain = padded(Buffer.concat([random, length, message, Buffer.from(appid, 'utf8')]));
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
}

/** Opens what `seal` closed. Throws when the text is not whole blocks or its length makes no sense. */
export function unseal(sealed: string, encodingAesKey: string): { text: string; appid: string } {
  const key = aesKeyOf(encodingAesKey);
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const plain = unpadded(Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()]));
  const start = RANDOM_LENGTH + LENGTH_BYTES;
  if (plain.length < start) throw new Error('The sealed text is too short.');
  const end = start + plain.readUInt32BE(RANDOM_LENGTH);
  if (end > plain.length) throw new Error('The sealed text says that it is longer than it is.');
  return { text: plain.subarray(start, end).toString('utf8'), appid: plain.subarray(end).toString('utf8') };
}

/**
 * SHA-1 over the parts sorted as text and joined with nothing between.
 * With (token, timestamp, nonce) it is `signature`; with the sealed text as a fourth part it is `msg_signature`.
 */
export function signSorted(...parts: string[]): string {
  // Code-unit order, as every published implementation sorts; a locale's order would differ.
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex');
}
