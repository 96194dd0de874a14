import {
  constants,
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  sign,
  verify,
} from 'node:crypto';

const TAG_LENGTH = 16;

/** The text under a request's signature: five lines, each ended (WeChat Pay documentation 4012365342). */
export const requestMessage = (
  method: string,
  pathAndQuery: string,
  timestamp: string,
  nonce: string,
  body: Buffer,
): Buffer =>
  Buffer.concat([Buffer.from(`${method}\n${pathAndQuery}\n${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);

/** The text under the signature of an answer or a notice: three lines (WeChat Pay documentation 4013053249). */
export const answerMessage = (timestamp: string, nonce: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);

/** The text under `paySign`. For JSAPI and mini-programs the last line is `prepay_id=…`, for apps the bare id. */
export const payMessage = (appId: string, timeStamp: string, nonceStr: string, lastLine: string): Buffer =>
  Buffer.from(`${appId}\n${timeStamp}\n${nonceStr}\n${lastLine}\n`);

/** SHA256 with RSA (PKCS #1 v1.5), in base64. */
export const signMessage = (privateKey: KeyObject, message: Buffer): string =>
  sign('sha256', message, privateKey).toString('base64');

/** False as well for a signature that is no base64 at all. */
export const isSignatureOf = (publicKey: KeyObject, message: Buffer, signature: string): boolean =>
  verify('sha256', message, publicKey, Buffer.from(signature, 'base64'));

/** AEAD_AES_256_GCM: ciphertext and tag together, in base64 (WeChat Pay documentation 4012071382). */
export function seal(apiV3Key: string, plaintext: string, nonce: string, associatedData: string): string {
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce);
  cipher.setAAD(Buffer.from(associatedData));
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** @throws when one bit of key, nonce, associated data, ciphertext or tag is wrong */
export function unseal(apiV3Key: string, ciphertext: string, nonce: string, associatedData: string): string {
  const sealed = Buffer.from(ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  decipher.setAAD(Buffer.from(associatedData));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_LENGTH)), decipher.final()]).toString('utf8');
}

/** How single fields are encrypted: RSA-OAEP with SHA-1 (WeChat Pay documentation, sensitive fields). */
const fieldPadding = (key: KeyObject) => ({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' });

/** What only the merchant can read. */
export const sealForMerchant = (text: string, merchantKey: KeyObject): string =>
  publicEncrypt(fieldPadding(merchantKey), Buffer.from(text)).toString('base64');

/** Null: encrypted with another key, or not at all. */
export function openFromMerchant(ciphertext: string, privateKey: KeyObject): string | null {
  try {
    return privateDecrypt(fieldPadding(privateKey), Buffer.from(ciphertext, 'base64')).toString('utf8');
  } catch {
    return null;
  }
}
