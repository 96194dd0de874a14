import { createHmac } from 'node:crypto';
import { isSame } from '../crypto.ts';

/** HMAC-SHA256 under the session key as it was received, not decoded. Source: official documentation, login state check. */
export const sessionSignature = (sessionKey: string, message: string): string =>
  createHmac('sha256', sessionKey).update(message).digest('hex');

/** Whether what the phone sent was signed by WeChat for this session; some clients write the hex in capitals. */
export const isSignedBySession = (sessionKey: string, message: string, signature: string): boolean =>
  isSame(sessionSignature(sessionKey, message), signature.toLowerCase());
