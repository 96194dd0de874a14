import { createHash, randomBytes } from 'node:crypto';

export interface JsSdkParameters {
  appId: string;
  /** Unix seconds. */
  timestamp: number;
  nonceStr: string;
  signature: string;
}

/** SHA-1 over the parts in this order, values as they are. Source: official documentation, JS-SDK, appendix on signatures. */
export function jsSdkSignature(ticket: string, nonceStr: string, timestamp: number, url: string): string {
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${withoutFragment(url)}`;
  return createHash('sha1').update(text).digest('hex');
}

export function jsSdkParameters(appId: string, ticket: string, url: string, now: Date): JsSdkParameters {
  const nonceStr = randomBytes(16).toString('hex');
  const timestamp = Math.floor(now.getTime() / 1000);
  return { appId, timestamp, nonceStr, signature: jsSdkSignature(ticket, nonceStr, timestamp, url) };
}

const withoutFragment = (url: string): string => url.split('#', 1)[0] ?? '';
