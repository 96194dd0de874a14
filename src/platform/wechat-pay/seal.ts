import { constants, createDecipheriv, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { z } from 'zod';

/** Sealed content, as notices and certificates carry it. */
export const sealedShape = z.object({
  algorithm: z.string(),
  ciphertext: z.string().min(1),
  nonce: z.string().min(1),
  /** May be empty or absent. */
  associated_data: z.string().nullish(),
});

export type Sealed = z.output<typeof sealedShape>;

/** The content was changed on its way, or sealed with another APIv3 key. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

const ALGORITHM = 'AEAD_AES_256_GCM';
const TAG_BYTES = 16;

/**
 * Opens sealed content. `final()` is what checks the tag: without it a changed byte would pass.
 * Source: WeChat Pay documentation 4012071382.
 * @throws SealBroken
 */
export function openSeal(sealed: Sealed, sealKey: Buffer): string {
  if (sealed.algorithm !== ALGORITHM) throw new SealBroken('sealed with an algorithm that is not known');
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  if (bytes.length < TAG_BYTES) throw new SealBroken('sealed content is shorter than its tag');

  try {
    const decipher = createDecipheriv('aes-256-gcm', sealKey, Buffer.from(sealed.nonce, 'utf8'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    if (sealed.associated_data) decipher.setAAD(Buffer.from(sealed.associated_data, 'utf8'));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new SealBroken('the seal is broken', { cause });
  }
}

/**
 * Opens a field that WeChat encrypted for the merchant alone: RSA-OAEP with SHA-1, by the merchant's private key.
 * Source: WeChat Pay documentation, sensitive fields.
 * @throws SealBroken when it was encrypted for another key: an earlier merchant certificate, most likely
 */
export function openField(ciphertext: string, merchantKey: KeyObject): string {
  try {
    return privateDecrypt(fieldPadding(merchantKey), Buffer.from(ciphertext, 'base64')).toString('utf8');
  } catch (cause) {
    throw new SealBroken('the field is encrypted for another key', { cause });
  }
}

/** Closes fields of requests; `serial` names the key and goes into the header of the same request. */
export interface FieldSeal {
  serial: string;
  /** @param text at most 214 bytes */
  close(text: string): string;
}

export const fieldSealOf = (serial: string, wechatKey: KeyObject): FieldSeal => ({
  serial,
  close: (text) => publicEncrypt(fieldPadding(wechatKey), Buffer.from(text, 'utf8')).toString('base64'),
});

const fieldPadding = (key: KeyObject) => ({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' });
