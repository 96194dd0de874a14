import type { BasicInfo } from '../wechat-api/basic-info.ts';
import type { PushQuery, PushResult } from '../wechat-api/push.ts';
import type { ComponentPushResult } from './component-push.ts';

/**
 * The third-party platform (第三方平台): by what account owners grant to it, their accounts are seen. Every failure is an
 * `UpstreamError`; one that only the owner can mend is known by `isAuthorisationLost`.
 */
export interface OpenPlatform {
  readonly appid: string;
  /** Opens what WeChat posts to the authorisation URL. Touches nothing. */
  openPush(query: PushQuery, rawBody: Buffer): ComponentPushResult;
  /**
   * Opens what WeChat posts to the message URL about an account: the same envelope, sealed with the platform's key.
   * @param account as the path names it; the caller makes sure that it is one of ours. Without its `gh_…` the receiver is not compared.
   */
  openAccountPush(account: { appid: string; originalId: string | null }, query: PushQuery, rawBody: Buffer): PushResult;
  /** Keeps the ticket for its twelve hours; an older one never replaces a newer one. @param at when WeChat made it */
  keepTicket(ticket: string, at: Date): Promise<void>;
  /** Where an owner grants, once, within minutes. */
  authorisationLinks(want: LinkWish): Promise<AuthorisationLinks>;
  /**
   * Turns the code of an authorisation into tokens; they are stored before this returns. A code works once.
   * @throws {UpstreamError} `code_invalid` when it was used or is too old
   */
  queryAuth(code: string): Promise<Authorised>;
  /** What the owner granted, and of what standing the account is. One that was not known is known then. */
  authorizerInfo(appid: string): Promise<AuthorizerInfo>;
  /** Accounts that are authorised, 500 a page. */
  listAuthorizers(offset: number): Promise<{ total: number; list: ListedAuthorizer[] }>;
  /** Takes over an account of the list that is not known here, or was lost and granted again; false otherwise, and where its refresh token is not told. */
  adoptAuthorizer(listed: ListedAuthorizer): Promise<boolean>;
  /** What WeChat says of the account and its verification; `not_available` where it does not let us ask. */
  basicInfo(appid: string): Promise<BasicInfo | 'not_available'>;
  /** Ends the connections once the calls under way have ended. */
  stop(): Promise<void>;
}

export interface LinkWish {
  /** Where the owner's browser comes back to, with `auth_code` and `expires_in`. */
  redirectUri: string;
  kind: 'official_account' | 'mini_program' | 'any';
  /** Of the one account that may be authorised. */
  appid?: string;
}

/** Two ways to the same page; together they work once. */
export interface AuthorisationLinks {
  /** Shows a QR code to scan. */
  desktop: string;
  /** For a browser inside WeChat. */
  phone: string;
  expiresAt: Date;
}

export interface Authorised {
  appid: string;
  /** Ids of the permission sets (权限集); the owner may have granted fewer than were asked for. */
  funcScopes: number[];
  authorisedAt: Date;
}

export interface AuthorizerInfo {
  appid: string;
  /** `gh_…` */
  originalId: string;
  kind: 'subscription' | 'service' | 'mini_program' | null;
  nickname: string | null;
  /** Null while the account is not verified. */
  principalName: string | null;
  /** Its qualification is verified. No word of until when; may lag behind. */
  hasApiPermission: boolean;
  hasTick: boolean;
  accountStatus: 'normal' | 'cancelled' | 'banned' | 'warned' | 'frozen' | null;
  funcScopes: number[];
}

export interface ListedAuthorizer {
  appid: string;
  /** A secret; WeChat does not always tell it. */
  refreshToken: string | null;
  authorisedAt: Date;
}
