import type { AccountKind, AccountView, VerificationPart, VerificationSource, VerificationState } from './accounts.ts';

/** GET /app/accounts, GET /app/accounts/:id: an account as its owner sees it. */
export interface CustomerAccountView extends AccountView {
  /** What we can do about it; null: nothing is to be done that is sold. Without a code: no service fits exactly. */
  offer: { serviceCode: string | null } | null;
  /** The page on which the owner lets WeChat answer to us about this account; null: not offered. */
  authoriseAt: string | null;
  /** The public page that shows how the account stands; null: switched off. */
  badge: BadgeLinkView | null;
  /** Whether it may be switched on now. */
  canShowBadge: boolean;
}

/** PUT /app/accounts/:id/badge */
export interface BadgeLinkView {
  code: string;
  /** Of the page, for browsers and for the QR code. */
  address: string;
}

/** GET /app/accounts/:id/history: one change, or one more refusal, as the owner reads it. */
export interface AccountChangeView {
  id: string;
  source: VerificationSource;
  sourceWords: string;
  changes: { part: VerificationPart | 'state'; partWords: string; before: string | null; after: string }[];
  /** Why WeChat refused. */
  reason: string | null;
  /** ISO instants: when it was so, and when it was known here. */
  happenedAt: string;
  knownAt: string;
}

/** On whose word a badge says what it says. */
export const badgeSources = {
  event: '以微信推送为准',
  query: '以微信查询为准',
  staff: '以服务机构核对的证明材料为准',
  clock: '按有效期推算，以微信为准',
} as const satisfies Record<VerificationSource, string>;

/** GET /app/badges/:code: what anybody may see who has the code, as it is at this moment. */
export interface BadgeView {
  name: string;
  subject: string | null;
  kind: AccountKind;
  kindWords: string;
  state: VerificationState;
  stateWords: string;
  /** The verification holds now, whatever becomes of an application for the next year. */
  isValid: boolean;
  hasTick: boolean;
  expiresAt: string | null;
  /** ISO instant: when this was last known to be so, and on whose word. */
  asOf: string;
  sourceWords: string;
}
