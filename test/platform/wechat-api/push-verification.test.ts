import { openPush, type PushSettings } from '../../../src/platform/wechat-api/open-push.ts';
import type { Push } from '../../../src/platform/wechat-api/push.ts';
import { plainQuery, sealedPush, type Sender } from './push-sender.ts';
import { vector } from './push-vectors.ts';

const ACCOUNT = 'gh_a1b2c3d4e5f6';
const now = new Date(1767225660_000);
const safe: PushSettings = { ...vector, originalId: ACCOUNT, mode: 'safe' };
const sender: Sender = { ...vector, now: () => now };

const HEAD = `<xml><ToUserName><![CDATA[gh_a1b2c3d4e5f6]]></ToUserName><FromUserName><![CDATA[oSysOpenId_000000000000000001]]></FromUserName>`;
/** The documented events, word by word. */
const EVENTS = {
  qualification_verify_success: `${HEAD}
<CreateTime>1767225600</CreateTime><MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[qualification_verify_success]]></Event><ExpiredTime>1798761600</ExpiredTime></xml>`,
  qualification_verify_fail: `${HEAD}
<CreateTime>1767225660</CreateTime><MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[qualification_verify_fail]]></Event><FailTime>1767225650</FailTime>
<FailReason><![CDATA[The licence picture cannot be read]]></FailReason></xml>`,
  naming_verify_success: `${HEAD}
<CreateTime>1767229200</CreateTime><MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[naming_verify_success]]></Event><ExpiredTime>1798761600</ExpiredTime></xml>`,
  naming_verify_fail: `${HEAD}
<CreateTime>1767229260</CreateTime><MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[naming_verify_fail]]></Event><FailTime>1767229250</FailTime>
<FailReason><![CDATA[The name is a registered mark of another company]]></FailReason></xml>`,
  annual_renew: `${HEAD}
<CreateTime>1790985600</CreateTime><MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[annual_renew]]></Event><ExpiredTime>1798761600</ExpiredTime></xml>`,
  verify_expired: `${HEAD}
<CreateTime>1798761601</CreateTime><MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[verify_expired]]></Event><ExpiredTime>1798761600</ExpiredTime></xml>`,
};

function received(message: string): Push {
  const push = sealedPush(sender, message, message.startsWith('<') ? 'xml' : 'json');
  const result = openPush(safe, push.query, push.body, now);
  if (!result.ok) throw new Error(`refused: ${result.reason}`);
  return result.push;
}

const json = (fields: object) =>
  received(
    JSON.stringify({
      ToUserName: ACCOUNT,
      FromUserName: 'oSysOpenId_000000000000000001',
      CreateTime: '1767225600',
      MsgType: 'event',
      ...fields,
    }),
  );

const until = '2027-01-01T00:00:00.000Z';
const ended = { type: 'verification', until, failedAt: null, reason: null };
const failed = { type: 'verification', until: null };

it.each([
  ['qualification_verify_success', 1767225600, { ...ended, step: 'qualification_passed' }],
  [
    'qualification_verify_fail',
    1767225660,
    {
      ...failed,
      step: 'qualification_failed',
      failedAt: '2026-01-01T00:00:50.000Z',
      reason: 'The licence picture cannot be read',
    },
  ],
  ['naming_verify_success', 1767229200, { ...ended, step: 'naming_passed' }],
  [
    'naming_verify_fail',
    1767229260,
    {
      ...failed,
      step: 'naming_failed',
      failedAt: '2026-01-01T01:00:50.000Z',
      reason: 'The name is a registered mark of another company',
    },
  ],
  ['annual_renew', 1790985600, { ...ended, step: 'review_due' }],
  ['verify_expired', 1798761601, { ...ended, step: 'expired' }],
] as const)('%s is read as documented', (event, seconds, content) => {
  expect(received(EVENTS[event])).toEqual({
    appid: vector.appid,
    dedupeKey: expect.stringMatching(/^wx0123456789abcdef:event:[0-9a-f]{64}$/) as string,
    kind: event,
    openid: 'oSysOpenId_000000000000000001',
    createdAt: new Date(seconds * 1000),
    content,
  });
});

it.each(['1798761600', 1798761600])('comes to mini-programs as JSON, its end as %j', (ExpiredTime) => {
  expect(json({ Event: 'annual_renew', ExpiredTime }).content).toEqual({ ...ended, step: 'review_due' });
});

it.each(['qualification_verify_success', 'naming_verify_success', 'annual_renew', 'verify_expired'])(
  '%s is kept when its end cannot be read',
  (Event) => {
    for (const more of [
      {},
      ...['', 0, '0', -1, 'soon', null, {}, '17987616000000'].map((ExpiredTime) => ({ ExpiredTime })),
    ])
      expect(json({ Event, ...more }).content).toMatchObject({ type: 'verification', until: null });
  },
);

it('keeps a failure that says neither when nor why', () => {
  expect(json({ Event: 'naming_verify_fail', FailTime: '', FailReason: '' }).content).toEqual({
    ...failed,
    step: 'naming_failed',
    failedAt: null,
    reason: null,
  });
});

it.each([
  ['wx_verify_pay_succ', {}, { at: null, reason: null }],
  ['wx_verify_dispatch', {}, { at: null, reason: null }],
  [
    'wx_verify_refill',
    { RefillTime: 1767225650, RefillReason: '营业执照照片不清晰' },
    { at: '2026-01-01T00:00:50.000Z', reason: '营业执照照片不清晰' },
  ],
  [
    'wx_verify_fail',
    { FailTime: 1767225650, FailReason: '多次补充资料仍不合格' },
    { at: '2026-01-01T00:00:50.000Z', reason: '多次补充资料仍不合格' },
  ],
  ['wx_verify_something_new', { RefillTime: 'x' }, { at: null, reason: null }],
])('%s is kept as a note', (event, fields, more) => {
  expect(json({ Event: event, ...fields }).content).toEqual({ type: 'verification_note', event, ...more });
});

describe('two events of one second', () => {
  const keyOf = (fields: object) => json(fields).dedupeKey;

  it.each([
    ['steps', { Event: 'qualification_verify_success', ExpiredTime: 1798761600 }, { Event: 'naming_verify_success' }],
    ['ends', { Event: 'annual_renew', ExpiredTime: 1798761600 }, { ExpiredTime: 1798761601 }],
    ['failures', { Event: 'qualification_verify_fail', FailTime: 1767225590 }, { FailTime: 1767225591 }],
    ['refusals', { Event: 'wx_verify_refill', RefillTime: 1767225590 }, { RefillTime: 1767225591 }],
  ])('are told apart by their %s', (_, event, change) => {
    expect(keyOf(event)).not.toBe(keyOf({ ...event, ...change }));
  });

  it('are one when one repeats the other, numbers as text or not', () => {
    const event = { Event: 'verify_expired', ExpiredTime: 1798761600 };
    expect(keyOf(event)).toBe(keyOf({ ...event, ExpiredTime: '1798761600', CreateTime: 1767225600 }));
  });
});

describe('what is not believed', () => {
  const message = EVENTS.qualification_verify_success;

  it.each([
    ['sealed with another app’s name', { ...sender, appid: 'wxfedcba9876543210' }, message, 'appid'],
    ['signed with another token', { ...sender, token: 'guessedToken' }, message, 'signature'],
    ['to another account', sender, message.replace(ACCOUNT, 'gh_other'), 'receiver'],
    ['of an hour ago', { ...sender, now: () => new Date(now.getTime() - 3600_000) }, message, 'timestamp'],
  ])('an event %s', (_, from, text, reason) => {
    const push = sealedPush(from, text);
    expect(openPush(safe, push.query, push.body, now)).toEqual({ ok: false, reason });
  });

  it('an event that lies open', () => {
    const query = plainQuery(sender);
    expect(openPush(safe, query, Buffer.from(message), now)).toEqual({ ok: false, reason: 'mode' });
  });
});
