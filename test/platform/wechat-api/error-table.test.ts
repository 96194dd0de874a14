import { knownErrcodes, refusalOf } from '../../../src/platform/wechat-api/error-table.ts';
import { refusalFailure } from '../../../src/platform/wechat-api/failure.ts';

const failureOf = (errcode: number, errmsg = 'no') =>
  refusalFailure('official-account', { errcode, errmsg, status: 200 });

/** The error tables of the official documentation, in our words: errcode, action, code, kind, retryable. */
const TABLE = [
  [-1, 'backoff', 'busy', 'refused', true],
  [40001, 'refresh', 'token_refused', 'refused', false],
  [40014, 'refresh', 'token_refused', 'refused', false],
  [42001, 'refresh', 'token_refused', 'refused', false],
  [40003, 'drop', 'openid_unknown', 'refused', false],
  [40029, 'ask_user', 'code_invalid', 'refused', false],
  [42003, 'ask_user', 'code_invalid', 'refused', false],
  [40163, 'ask_user', 'code_used', 'refused', false],
  [40164, 'surface', 'address_not_allowed', 'refused', false],
  [40226, 'drop', 'user_blocked', 'refused', false],
  [40037, 'stop_template', 'template_unknown', 'refused', false],
  [43004, 'drop', 'not_following', 'refused', false],
  [43101, 'drop', 'consent_used_up', 'refused', false],
  [43107, 'stop_template', 'template_banned', 'refused', false],
  [43108, 'backoff', 'one_at_a_time', 'refused', true],
  [43116, 'stop_template', 'template_banned', 'refused', false],
  [45009, 'wait_day', 'daily_quota', 'rate_limited', true],
  [45011, 'wait_minute', 'minute_quota', 'rate_limited', true],
  [45065, 'success', 'sent_before', 'unknown', false],
  [47003, 'surface', 'field_wrong', 'refused', false],
  [48002, 'drop', 'user_refuses', 'refused', false],
  [42006, 'refresh', 'token_refused', 'refused', false],
  [40091, 'backoff', 'ticket_refused', 'refused', true],
  [40094, 'surface', 'secret_wrong', 'refused', false],
  [61003, 'surface', 'authorisation_lost', 'refused', false],
  [61004, 'surface', 'address_not_allowed', 'refused', false],
  [61005, 'backoff', 'ticket_refused', 'refused', true],
  [61006, 'backoff', 'ticket_refused', 'refused', true],
  [61007, 'surface', 'permission_not_granted', 'refused', false],
  [61009, 'ask_user', 'code_invalid', 'refused', false],
  [61010, 'ask_user', 'code_invalid', 'refused', false],
  [61023, 'surface', 'authorisation_lost', 'refused', false],
  [61028, 'surface', 'platform_not_published', 'refused', false],
  [1119003, 'surface', 'unknown_code', 'refused', false],
  [10060003, 'drop', 'correction_used', 'refused', false],
  [10060019, 'backoff', 'busy', 'refused', true],
  [10060023, 'success', 'shipping_unchanged', 'unknown', false],
] as const;

it.each(TABLE)('%i is %s', (errcode, action, code, kind, retryable) => {
  expect(failureOf(errcode)).toMatchObject({ wechatCode: errcode, action, code, kind, retryable });
});

it('gives every code a stable name', () => {
  for (const errcode of knownErrcodes) expect(refusalOf(errcode).code).toMatch(/^[a-z]+(_[a-z]+)*$/);
});

it('takes a code of the prototype chain for an unknown one', () => {
  expect(refusalOf('constructor' as unknown as number)).toEqual({ action: 'surface', code: 'unknown_code' });
});

describe('errmsg', () => {
  it('gives its rid away as the number of the call', () => {
    const failure = failureOf(40013, 'invalid appid rid: 611740a4-27f9a8ba-065da01b');
    expect(failure.requestId).toBe('611740a4-27f9a8ba-065da01b');
    expect(failure.cause).toEqual(new Error('invalid appid'));
  });

  it('names our own address and the wrong field to an operator', () => {
    expect(failureOf(40164, 'invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: x').cause).toMatchObject({
      message: expect.stringContaining('1.2.3.4') as string,
    });
    expect(failureOf(47003, 'argument invalid! data.character_string1.value invalid').cause).toMatchObject({
      message: expect.stringContaining('data.character_string1.value') as string,
    });
  });

  it('loses openids, tokens and what people wrote', () => {
    const openid = 'oDemoOpenId_0000000000000001';
    const { message } = failureOf(43004, `user ${openid} 林晓 not following`).cause as Error;
    expect(message).toBe('user … … not following');
  });
});
