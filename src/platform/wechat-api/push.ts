/** What WeChat tells us by itself, opened and proved to be WeChat's. */
export interface Push {
  /** The app that the push is about: ours. */
  appid: string;
  /** The same for every repeat of one push; at most 96 characters. */
  dedupeKey: string;
  /** Event name, or the kind of message. */
  kind: string;
  /** Who caused it. */
  openid: string;
  createdAt: Date;
  content: PushContent;
}

export type PushContent =
  | { type: 'subscribe'; /** Scene of the QR code that was scanned. */ scene: string | null }
  | { type: 'unsubscribe' }
  | { type: 'template_finished'; msgid: string; outcome: 'delivered' | 'blocked_by_user' | 'failed'; status: string }
  | { type: 'consents_answered'; answers: ConsentAnswer[] }
  | { type: 'consents_changed'; answers: ConsentAnswer[] }
  | { type: 'subscribe_messages_sent'; results: SubscribeResult[] }
  | { type: 'authorisation_revoked'; /** What the user withdrew, as WeChat numbers it. */ revoked: string }
  | TradePush
  | VerificationPush
  | VerificationNote
  | { type: 'message'; messageKind: string; text: string | null }
  | { type: 'other'; fields: Record<string, unknown> };

/** What WeChat says by itself of paid orders of the mini-program (发货信息管理). */
export type TradePush =
  | ({ type: 'trade_settlement' } & TradeSettlement)
  /** `transactionId`: the order that waits; null: the account has not begun to upload. */
  | { type: 'trade_reminded'; transactionId: string | null };

/** Told when a delivery was uploaded, and again when the money is settled. ISO instants; null: not told. */
export interface TradeSettlement {
  transactionId: string;
  shippedAt: string | null;
  estimatedSettlementAt: string | null;
  receivedAt: string | null;
  settledAt: string | null;
}

/** What became of the verification of an account (微信认证事件推送). A hint: the state is to be read, or computed from `until`. */
export interface VerificationPush {
  type: 'verification';
  step: 'qualification_passed' | 'qualification_failed' | 'naming_passed' | 'naming_failed' | 'review_due' | 'expired';
  /** When the verification ends or ended. ISO; null: not told. */
  until: string | null;
  /** ISO; null: not told. */
  failedAt: string | null;
  reason: string | null;
}

/** `wx_verify_…`: events on the way of a verification that are seen, but documented nowhere. To be kept, and not relied on. */
export interface VerificationNote {
  type: 'verification_note';
  /** As WeChat spells it. */
  event: string;
  /** ISO; null: not told. */
  at: string | null;
  reason: string | null;
}

/** What a user answered when asked for consent to messages of one template. */
export interface ConsentAnswer {
  templateId: string;
  isAccepted: boolean;
}

/** How one subscribe message ended. */
export interface SubscribeResult {
  templateId: string;
  msgid: string;
  isDelivered: boolean;
  errorCode: number;
  errorStatus: string;
}

/** Query of a request to the push URL. */
export type PushQuery = Readonly<Record<string, string | string[] | undefined>>;

/** Why a request to the push URL is not believed. */
export type PushFault =
  'query' | 'timestamp' | 'signature' | 'mode' | 'body' | 'doctype' | 'sealed' | 'appid' | 'receiver' | 'content';

export type PushResult = { ok: true; push: Push } | { ok: false; reason: PushFault };
