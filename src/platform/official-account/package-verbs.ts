import API, { type RequestOptions } from 'co-wechat-api';
import type { AppApi } from '../wechat-api/app-api.ts';
import type { Call } from '../wechat-api/exchange.ts';

/** Stands where the package writes its token; the true one is put in by {@link AppApi} and never passes the package. */
const NO_TOKEN = '-';

/**
 * co-wechat-api with our own way out: it says which path and body a verb has; tokens, timeouts, repeats, and the reading of
 * answers are {@link AppApi}'s. Why: docs/decisions, "What is used of co-wechat-api".
 */
export class PackageVerbs extends API {
  constructor(private readonly app: AppApi) {
    // The secret stays here: the package would put it into addresses, and those into error messages.
    super(app.settings.appid, '');
    this.prefix = `${app.settings.origin}/cgi-bin/`;
  }

  override ensureAccessToken(): Promise<{ accessToken: string }> {
    return Promise.resolve({ accessToken: NO_TOKEN });
  }

  /** @throws {UpstreamError} */
  override request(url: string, options: RequestOptions = {}): Promise<unknown> {
    return this.app.callUnread(callOf(url, options));
  }
}

function callOf(url: string, { method = 'GET', data }: RequestOptions): Call {
  const { pathname: path, searchParams } = new URL(url);
  searchParams.delete('access_token');
  const query = Object.fromEntries(searchParams);
  if (method === 'GET') return { method, path, query, isHarmless: true };
  if (method !== 'POST' || typeof data !== 'string') throw new Error('the package is used for JSON only');
  return { method, path, query, body: data, isHarmless: false };
}
