import { lacksRight } from '../official-account/rights.ts';
import type { World } from '../world.ts';
import { isRegistered, readAddress } from './domains.ts';
import type { Scope } from './state.ts';

/** An authorisation address that WeChat would open. */
export interface AuthorizeRequest {
  redirectUri: URL;
  scope: Scope;
  state: string | null;
  forcePopup: boolean;
  forceSnapShot: boolean;
}

/** A page error with WeChat's number, or null where no number is published. */
export class AuthorizeError extends Error {
  readonly errorCode: number | null;

  constructor(errorCode: number | null, words: string) {
    super(words);
    this.errorCode = errorCode;
  }
}

/** The words of the numbered page errors (official documentation, web authorisation). */
export const PAGE_ERRORS: Record<number, string> = {
  10003: 'redirect_uri域名与后台配置不一致',
  10004: '此公众号被封禁',
  10005: '此公众号并没有这些scope的权限',
  10006: '必须关注此测试号',
  10009: '操作太频繁了，请稍后重试',
  10010: 'scope不能为空',
  10011: 'redirect_uri不能为空',
  10012: 'appid不能为空',
  10013: 'state不能为空',
  10015: '公众号未授权第三方平台，请检查授权状态',
  10016: '不支持微信开放平台的Appid，请使用公众号Appid',
};

export const pageError = (errorCode: number): AuthorizeError =>
  new AuthorizeError(errorCode, PAGE_ERRORS[errorCode] ?? '系统错误');

const ORDER = ['appid', 'redirect_uri', 'response_type', 'scope', 'state'];
const SCOPES: readonly string[] = ['snsapi_base', 'snsapi_userinfo'];

/** @throws AuthorizeError for everything that WeChat answers with an error page */
export function readAuthorizeRequest(world: World, query: URLSearchParams): AuthorizeRequest {
  assertAccount(world, query.get('appid') ?? '');
  const redirectUri = readRedirect(world, query.get('redirect_uri') ?? '');
  if (query.get('response_type') !== 'code') throw new AuthorizeError(null, 'response_type参数错误');
  const scope = query.get('scope') ?? '';
  if (scope === '') throw pageError(10010);
  if (!SCOPES.includes(scope)) throw pageError(10005);
  const state = query.get('state');
  if (state === '') throw pageError(10013);
  if (state !== null && !/^[A-Za-z0-9]{1,128}$/.test(state)) throw new AuthorizeError(null, 'state参数错误');
  if (world.officialAccount.settings.strictAuthorizeOrder && !isInOrder(query)) {
    throw new AuthorizeError(null, '链接参数顺序错误');
  }
  return {
    redirectUri,
    scope: scope as Scope,
    state,
    forcePopup: query.get('forcePopup') === 'true',
    forceSnapShot: query.get('forceSnapShot') === 'true',
  };
}

function assertAccount(world: World, appid: string): void {
  const { officialAccount } = world;
  if (appid === '') throw pageError(10012);
  if (appid !== officialAccount.appid) throw new AuthorizeError(null, 'AppID参数错误');
  if (officialAccount.settings.standing === 'banned') throw pageError(10004);
  if (officialAccount.settings.standing === 'unauthorised' || lacksRight(world, 'web-oauth')) throw pageError(10005);
}

function readRedirect({ officialAccount }: World, text: string): URL {
  if (text === '') throw pageError(10011);
  const address = readAddress(text);
  const isWeb = address?.protocol === 'http:' || address?.protocol === 'https:';
  if (!address || !isWeb || !isRegistered(address, officialAccount.settings.domains.oauth)) throw pageError(10003);
  return address;
}

function isInOrder(query: URLSearchParams): boolean {
  const given = [...query.keys()].filter((name) => ORDER.includes(name));
  const wanted = ORDER.filter((name) => given.includes(name));
  return given.join() === wanted.join();
}
