/**
 * What to do about a refusal.
 * - `refresh`: the token is bad; handled by the gateway, never seen outside it
 * - `backoff`: later, with growing delay; `wait_minute`, `wait_day`: when the quota of the minute, of the Beijing day, is new
 * - `drop`: never again for this item; `ask_user`: the user must sign in or consent again
 * - `surface`: an operator must act; `stop_template`: the same, and nothing more is sent under this template meanwhile
 * - `success`: it was done by an earlier call
 */
export type WechatAction =
  'refresh' | 'backoff' | 'wait_minute' | 'wait_day' | 'drop' | 'ask_user' | 'surface' | 'stop_template' | 'success';

export interface WechatRefusal {
  action: WechatAction;
  /** Ours: lower case, never changes. */
  code: string;
}

/** Source: official documentation, error tables of the calls that are used here and the global table (全局返回码). */
const TABLE: Readonly<Record<number, readonly [WechatAction, string]>> = {
  [-1]: ['backoff', 'busy'],

  40001: ['refresh', 'token_refused'],
  40014: ['refresh', 'token_refused'],
  42001: ['refresh', 'token_refused'],
  42006: ['refresh', 'token_refused'],

  40002: ['surface', 'grant_type_wrong'],
  40003: ['drop', 'openid_unknown'],
  40013: ['surface', 'appid_wrong'],
  40029: ['ask_user', 'code_invalid'],
  40030: ['ask_user', 'refresh_token_invalid'],
  40033: ['surface', 'encoding_wrong'],
  40035: ['surface', 'argument_wrong'],
  40036: ['stop_template', 'template_unknown'],
  40037: ['stop_template', 'template_unknown'],
  40091: ['backoff', 'ticket_refused'],
  40094: ['surface', 'secret_wrong'],
  40097: ['surface', 'argument_wrong'],
  40125: ['surface', 'secret_wrong'],
  40163: ['ask_user', 'code_used'],
  40164: ['surface', 'address_not_allowed'],
  40165: ['surface', 'page_unknown'],
  40226: ['drop', 'user_blocked'],
  40243: ['surface', 'secret_frozen'],
  40249: ['surface', 'marketing_refused'],
  40250: ['surface', 'content_irregular'],
  40251: ['wait_day', 'send_ceiling'],
  40252: ['backoff', 'template_in_review'],

  41001: ['surface', 'parameter_missing'],
  41002: ['surface', 'parameter_missing'],
  41004: ['surface', 'parameter_missing'],
  41008: ['surface', 'parameter_missing'],
  41009: ['surface', 'parameter_missing'],
  41030: ['surface', 'page_unknown'],
  42002: ['ask_user', 'refresh_token_invalid'],
  42003: ['ask_user', 'code_invalid'],
  42007: ['ask_user', 'password_changed'],
  43001: ['surface', 'method_wrong'],
  43002: ['surface', 'method_wrong'],
  43003: ['surface', 'https_required'],
  43004: ['drop', 'not_following'],
  43019: ['drop', 'user_blacklisted'],
  43101: ['drop', 'consent_used_up'],
  43104: ['surface', 'openid_foreign'],
  43107: ['stop_template', 'template_banned'],
  43108: ['backoff', 'one_at_a_time'],
  43116: ['stop_template', 'template_banned'],
  44002: ['surface', 'body_empty'],
  44990: ['backoff', 'second_quota'],
  44991: ['wait_minute', 'minute_quota'],

  45009: ['wait_day', 'daily_quota'],
  45011: ['wait_minute', 'minute_quota'],
  45012: ['surface', 'content_too_long'],
  45013: ['surface', 'content_too_long'],
  45014: ['surface', 'content_too_long'],
  45035: ['surface', 'address_not_allowed'],
  45051: ['surface', 'link_wrong'],
  45065: ['success', 'sent_before'],
  45066: ['wait_minute', 'repeated_too_fast'],
  45109: ['surface', 'withdrawn'],
  45168: ['drop', 'word_forbidden'],
  46101: ['surface', 'withdrawn'],
  47001: ['surface', 'body_wrong'],
  47002: ['surface', 'encoding_wrong'],
  47003: ['surface', 'field_wrong'],
  48001: ['stop_template', 'not_authorised'],
  48002: ['drop', 'user_refuses'],
  48003: ['surface', 'terms_not_accepted'],
  48004: ['surface', 'banned'],
  48006: ['surface', 'resets_used_up'],
  48008: ['surface', 'not_authorised'],
  48011: ['stop_template', 'template_unknown'],
  49003: ['drop', 'openid_unknown'],
  50001: ['surface', 'not_authorised'],
  50002: ['surface', 'account_limited'],
  50004: ['surface', 'token_forbidden'],
  50005: ['drop', 'not_following'],
  50007: ['surface', 'account_frozen'],
  61003: ['surface', 'authorisation_lost'],
  61004: ['surface', 'address_not_allowed'],
  61005: ['backoff', 'ticket_refused'],
  61006: ['backoff', 'ticket_refused'],
  61007: ['surface', 'permission_not_granted'],
  61009: ['ask_user', 'code_invalid'],
  61010: ['ask_user', 'code_invalid'],
  61011: ['surface', 'platform_unknown'],
  61014: ['surface', 'token_of_another_kind'],
  61015: ['surface', 'token_of_another_kind'],
  61023: ['surface', 'authorisation_lost'],
  61024: ['surface', 'token_of_another_kind'],
  61028: ['surface', 'platform_not_published'],

  87007: ['ask_user', 'session_over'],
  87008: ['surface', 'argument_wrong'],
  87009: ['ask_user', 'session_over'],
  89002: ['surface', 'open_platform_not_bound'],
  89300: ['drop', 'order_unknown'],
  89503: ['surface', 'administrator_must_confirm'],
  89506: ['surface', 'address_refused'],
  89507: ['surface', 'address_refused'],

  10060001: ['drop', 'order_unknown'],
  10060002: ['success', 'shipped_before'],
  10060003: ['drop', 'correction_used'],
  10060004: ['drop', 'not_shippable'],
  10060005: ['drop', 'shipping_wrong'],
  10060006: ['drop', 'shipping_wrong'],
  10060007: ['drop', 'shipping_wrong'],
  10060008: ['drop', 'shipping_wrong'],
  10060009: ['drop', 'shipping_wrong'],
  10060012: ['backoff', 'busy'],
  10060014: ['drop', 'shipping_wrong'],
  10060019: ['backoff', 'busy'],
  10060020: ['drop', 'shipping_wrong'],
  10060023: ['success', 'shipping_unchanged'],
  10060024: ['drop', 'shipping_wrong'],
  10060031: ['drop', 'payer_foreign'],
  268485194: ['drop', 'shipping_wrong'],
  268485195: ['drop', 'shipping_wrong'],
  268485216: ['drop', 'shipping_wrong'],
  268485224: ['drop', 'shipping_wrong'],
  268485228: ['drop', 'shipping_wrong'],
};

/** Codes that nobody documents exist: those are never repeated blindly and always shown to an operator. */
const UNKNOWN: WechatRefusal = { action: 'surface', code: 'unknown_code' };

export function refusalOf(errcode: number): WechatRefusal {
  const row = Object.hasOwn(TABLE, errcode) ? TABLE[errcode] : undefined;
  return row ? { action: row[0], code: row[1] } : UNKNOWN;
}

/** Codes that the table knows. */
export const knownErrcodes: readonly number[] = Object.keys(TABLE).map(Number);
