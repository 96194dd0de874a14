import { createHmac } from 'node:crypto';

/** HMAC-SHA256 keyed with the session_key as received, not base64-decoded (official documentation, user session signature). */
export function signWithSession(sessionKey: string, message = ''): string {
  return createHmac('sha256', sessionKey).update(message).digest('hex');
}
