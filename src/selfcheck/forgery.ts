import { createCipheriv, generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto';

/**
 * Notices that WeChat Pay did not send, each wrong in one way. `foreign_key`: right in all but that a stranger signed it.
 * Source: WeChat Pay documentation 4013053249, 4013053420, 4012071382; probes: 4013059017.
 */
export const forgeries = [
  'foreign_key',
  'changed_body',
  'unsigned',
  'sign_probe',
  'stale',
  'foreign_serial',
  'broken_seal',
] as const;
export type Forgery = (typeof forgeries)[number];

export interface ForgedNotice {
  /** Its id, if it were taken for genuine. */
  id: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** A key that nobody knows, for this run. */
export interface StrangerKey {
  privateKey: KeyObject;
  publicPem: string;
}

export function newStrangerKey(): StrangerKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

const STALE_SECONDS = 301;
/** Of no kind that WeChat has: a server that believed it would have nothing to book. */
const EVENT_TYPE = 'TONGBAN.SELFCHECK';

export interface ForgeryOptions {
  /** What the headers say the key is. */
  serial: string;
  apiV3Key: string;
  privateKey: KeyObject;
  now: Date;
}

export function forge(forgery: Forgery, { serial, apiV3Key, privateKey, now }: ForgeryOptions): ForgedNotice {
  const id = `SELFCHECK-${randomUUID()}`;
  const body = envelope(id, seal(apiV3Key, forgery === 'broken_seal'));
  if (forgery === 'unsigned') return { id, headers: {}, body };
  const seconds = Math.floor(now.getTime() / 1000) - (forgery === 'stale' ? STALE_SECONDS : 0);
  const nonce = randomBytes(16).toString('hex');
  const message = Buffer.concat([Buffer.from(`${seconds}\n${nonce}\n`), body, Buffer.from('\n')]);
  const signature = sign('RSA-SHA256', message, privateKey).toString('base64');
  return {
    id,
    headers: {
      'wechatpay-timestamp': String(seconds),
      'wechatpay-nonce': nonce,
      'wechatpay-signature': forgery === 'sign_probe' ? probeOf(signature) : signature,
      'wechatpay-serial': forgery === 'foreign_serial' ? randomBytes(20).toString('hex').toUpperCase() : serial,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    },
    body: forgery === 'changed_body' ? Buffer.concat([body, Buffer.from(' ')]) : body,
  };
}

const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/';
const probeOf = (signature: string): string => PROBE_PREFIX + signature.slice(PROBE_PREFIX.length);

/** Sealed with the key of the installation, so that nothing but the signature is wrong. */
function seal(apiV3Key: string, isBroken: boolean) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from('transaction'));
  const sealed = Buffer.concat([cipher.update('{"selfcheck":true}'), cipher.final(), cipher.getAuthTag()]);
  if (isBroken) sealed[sealed.length - 1]! ^= 1;
  return {
    original_type: 'transaction',
    algorithm: 'AEAD_AES_256_GCM',
    associated_data: 'transaction',
    ciphertext: sealed.toString('base64'),
    nonce,
  };
}

const envelope = (id: string, resource: object): Buffer =>
  Buffer.from(
    JSON.stringify({
      id,
      create_time: '2020-01-01T00:00:00+08:00',
      event_type: EVENT_TYPE,
      resource_type: 'encrypt-resource',
      summary: '自检',
      resource,
    }),
  );
