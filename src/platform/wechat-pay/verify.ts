import { verify, type KeyObject } from 'node:crypto';
import type { MessageHeaders } from '../wire.ts';

/** Why a message is not taken for WeChat Pay's. `probe`: wrong on purpose, to see whether merchants check. */
export type SignatureFault = 'missing-header' | 'stale' | 'unknown-serial' | 'wrong-type' | 'probe' | 'bad-signature';

/** The WeChat Pay key of a `Wechatpay-Serial`: a certificate's serial number or a public-key id. */
export type FindKey = (serial: string) => KeyObject | null;

const SIGNATURE_TYPE = 'WECHATPAY2-SHA256-RSA2048';
const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/';
const MAX_AGE_SECONDS = 300;

/**
 * Checks the signature of an answer or a notice over the bytes as they were received; null when it is WeChat Pay's.
 * An empty body is signed too. Never throws, whatever the message holds.
 * Source: WeChat Pay documentation 4013053249, 4013053420; probes: 4013059017.
 */
export function findSignatureFault(
  headers: MessageHeaders,
  rawBody: Buffer,
  findKey: FindKey,
  now: Date,
): SignatureFault | null {
  const timestamp = textOf(headers['wechatpay-timestamp']);
  const nonce = textOf(headers['wechatpay-nonce']);
  const signature = textOf(headers['wechatpay-signature']);
  const serial = textOf(headers['wechatpay-serial']);
  if (!timestamp || !nonce || !signature || !serial) return 'missing-header';

  if (!isFresh(timestamp, now)) return 'stale';

  const key = findKey(serial);
  if (!key) return 'unknown-serial';

  const type = headers['wechatpay-signature-type'];
  if (type !== undefined && type !== SIGNATURE_TYPE) return 'wrong-type';

  if (signature.startsWith(PROBE_PREFIX)) return 'probe';
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), rawBody, Buffer.from('\n')]);
  return isSigned(message, signature, key) ? null : 'bad-signature';
}

const textOf = (header: string | string[] | undefined): string | null =>
  typeof header === 'string' && header !== '' ? header : null;

const isFresh = (timestamp: string, now: Date): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) < MAX_AGE_SECONDS;

function isSigned(message: Buffer, signature: string, key: KeyObject): boolean {
  try {
    return verify('RSA-SHA256', message, key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
