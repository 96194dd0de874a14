import { request } from 'undici';
import type { Site } from './site.ts';

/** What WeChat Pay says to a call without a signature: it refuses it, and tells its time and its key by that. */
export interface PlainAnswer {
  status: number;
  ms: number;
  /** WeChat's clock less ours, s; null when it did not say. */
  shiftSeconds: number | null;
  /** Of the key that it signs with now; null when it did not say. */
  serial: string | null;
}

/** @throws {Error} when WeChat Pay cannot be reached */
export async function askWechatPlainly(
  { config, desk }: Pick<Site, 'config' | 'desk'>,
  origin = config.WECHAT_PAY_ORIGIN,
): Promise<PlainAnswer> {
  const startedMs = performance.now();
  const { statusCode, headers, body } = await request(`${origin}/v3/certificates`, {
    headers: { accept: 'application/json', 'user-agent': 'tongban' },
    signal: AbortSignal.timeout(config.WECHAT_PAY_TIMEOUT_MS),
  });
  const now = desk.now();
  await body.dump();
  const signedAt = Number(headers['wechatpay-timestamp']) * 1000;
  const saidAt = Number.isFinite(signedAt) ? signedAt : Date.parse(String(headers.date));
  const { 'wechatpay-serial': serial } = headers;
  return {
    status: statusCode,
    ms: Math.round(performance.now() - startedMs),
    shiftSeconds: Number.isNaN(saidAt) ? null : Math.round((saidAt - now.getTime()) / 1000),
    serial: typeof serial === 'string' ? serial : null,
  };
}
