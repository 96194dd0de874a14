export type WebScope = 'snsapi_base' | 'snsapi_userinfo';

export interface AuthoriseRequest {
  /** An address of ours under the registered domain. */
  redirectUri: string;
  scope: WebScope;
  /** Letters and digits, at most 128; comes back unchanged. */
  state: string;
}

/**
 * WeChat compares the address strictly: this order, and the fragment last. Source: official documentation, web authorisation.
 * @throws {RangeError} when the state would not come back
 */
export function authoriseUrl(
  openOrigin: string,
  appid: string,
  { redirectUri, scope, state }: AuthoriseRequest,
): string {
  if (!/^[A-Za-z0-9]{1,128}$/.test(state)) throw new RangeError('state: letters and digits, at most 128');
  const query = `appid=${appid}&redirect_uri=${encodeURIComponent(redirectUri)}&response_type=code&scope=${scope}&state=${state}`;
  return `${openOrigin}/connect/oauth2/authorize?${query}#wechat_redirect`;
}
