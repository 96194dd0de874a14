import { createHash } from 'node:crypto';

export interface PageSignatureParts {
  ticket: string;
  nonceStr: string;
  /** Seconds, as the page wrote them: the digits must be the same in both places. */
  timestamp: string | number;
  url: string;
}

/** The signature of `wx.config`: keys in ASCII order, values not URL-encoded, no fragment (official documentation, JS-SDK appendix). */
export function signPage({ ticket, nonceStr, timestamp, url }: PageSignatureParts): string {
  const address = url.split('#', 1)[0];
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${address}`;
  return createHash('sha1').update(text).digest('hex');
}
