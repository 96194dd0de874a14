import { createHash } from 'node:crypto';
import { LeverError } from '../errors.ts';

export const CUSTOMER_ACCOUNT_KINDS = ['service', 'subscription', 'mini-program'] as const;
export type CustomerAccountKind = (typeof CUSTOMER_ACCOUNT_KINDS)[number];

/** What is known of an account's verification (微信认证). */
export interface Verification {
  /** 资质: gives the API permissions. */
  qualified: boolean;
  /** 名称: gives the tick. */
  named: boolean;
  /** Begin and end of the annual-review window, virtual Unix milliseconds. */
  from: number | null;
  until: number | null;
  /** 1 passed, 2 in progress, 3 failed. */
  realname: 1 | 2 | 3;
  /** As WeChat numbers it; 0: not verified. */
  customerType: number;
  principalName: string;
  nickname: string;
  kind: CustomerAccountKind;
}

/** What an owner granted to the platform. */
export interface Authorisation {
  /** Ids of permission sets (权限集). */
  scopes: number[];
  /** Virtual Unix milliseconds. */
  authorisedAt: number;
  /** Null: lost, and only the owner can give a new one. */
  refreshToken: string | null;
  formerRefreshTokens: Set<string>;
}

/** An account of somebody else: of a customer of the platform. */
export interface CustomerAccount {
  readonly appid: string;
  /** `gh_…` */
  readonly originalId: string;
  /** The person who can authorise it; null: nobody of the simulator. */
  readonly ownerId: string | null;
  readonly verification: Verification;
  credential: string | null;
  /** 0 personal, 1 enterprise, 2 media, 3 government, 4 other. */
  principalType: number;
  /** 1 normal, 14 cancelled, 16 banned, 18 warned, 19 frozen. */
  accountStatus: number;
  /** `service_type_info` where it is not the usual one of the kind: 1 is a subscription account upgraded from a historical one. */
  serviceType: number | null;
  /** `verify_type_info` where it does not follow from the verification: microblog kinds, or an id that lags behind. */
  verifyType: number | null;
  authorisation: Authorisation | null;
}

export type NewCustomerAccount = Partial<
  Omit<CustomerAccount, 'authorisation' | 'verification'> & Omit<Verification, 'kind'>
> & { kind?: CustomerAccountKind };

const YEAR_MS = 365 * 86_400_000;
export const REVIEW_WINDOW_MS = 90 * 86_400_000;

/**
 * A verified account unless said otherwise.
 * @param number of the account, from which its ids are made
 */
export function newCustomerAccount(number: number, wanted: NewCustomerAccount, now: number): CustomerAccount {
  const { kind = 'service', nickname = `客户账号${number}` } = wanted;
  if (!CUSTOMER_ACCOUNT_KINDS.includes(kind))
    throw new LeverError(400, `kind is one of ${CUSTOMER_ACCOUNT_KINDS.join(', ')}`);
  const until = wanted.until === undefined ? now + YEAR_MS : wanted.until;
  return {
    appid: wanted.appid ?? `wx${digest(`appid ${number}`).slice(0, 16)}`,
    originalId: wanted.originalId ?? `gh_${digest(`original id ${number}`).slice(0, 12)}`,
    ownerId: wanted.ownerId ?? null,
    credential: wanted.credential ?? `91440300${digest(`credential ${number}`).slice(0, 10).toUpperCase()}`,
    principalType: wanted.principalType ?? 1,
    accountStatus: wanted.accountStatus ?? 1,
    serviceType: wanted.serviceType ?? null,
    verifyType: wanted.verifyType ?? null,
    authorisation: null,
    verification: {
      qualified: wanted.qualified ?? true,
      named: wanted.named ?? true,
      from: wanted.from === undefined && until !== null ? until - REVIEW_WINDOW_MS : (wanted.from ?? null),
      until,
      realname: wanted.realname ?? 1,
      customerType: wanted.customerType ?? 1,
      principalName: wanted.principalName ?? `${nickname}有限公司`,
      nickname,
      kind,
    },
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Account management (账号管理): it gives the basic facts and the events of the verification. */
export const accountManagementOf = (kind: CustomerAccountKind): number => (kind === 'mini-program' ? 30 : 3);

/** The permission sets that an owner grants unless he takes some away. The ids but 3, 18 and 30 stand for nothing here. */
export const usualScopes = (kind: CustomerAccountKind): number[] =>
  kind === 'mini-program' ? [17, 18, 30] : [1, 2, 3];

/** `service_type_info.id`: not the numbers of `account_type`. */
export const serviceTypeOf = ({ serviceType, verification }: CustomerAccount): number =>
  serviceType ?? (verification.kind === 'service' ? 2 : 0);

/** What the rights and the tick hang on, which end with the year. */
export function standingOf({ qualified, named, until }: Verification, now: number) {
  const isLapsed = until !== null && now > until;
  return { isQualified: qualified && !isLapsed, isNamed: named && !isLapsed };
}

/** `verify_type_info.id`: -1 unverified, 0 verified, 3 qualified without a name. A mini-program knows the first two. */
export function verifyTypeOf({ verifyType, verification }: CustomerAccount, now: number): number {
  const { isQualified, isNamed } = standingOf(verification, now);
  if (verifyType !== null) return verifyType;
  if (!isQualified) return -1;
  return isNamed || verification.kind === 'mini-program' ? 0 : 3;
}

/** What the clock will do next to a verification, and when; null: nothing more. */
export function nextTurn({ qualified, from, until }: Verification, now: number) {
  if (!qualified || until === null || until < now) return null;
  if (from !== null && from > now && from < until) return { at: from, event: 'annual_renew' } as const;
  return { at: until + 1000, event: 'verify_expired' } as const;
}
