import { findPush } from '../../../src/platform/wechat-api/push-content.ts';
import { readPushFields } from '../../../src/platform/wechat-api/push-fields.ts';
import type { Push } from '../../../src/platform/wechat-api/push.ts';

const APPID = 'wx0123456789abcdef';
const HEAD = { ToUserName: 'gh_a', FromUserName: 'oUser', CreateTime: 1767225600, MsgType: 'event' };

function read(text: string): Push {
  const fields = readPushFields(text);
  const push = typeof fields === 'string' ? null : findPush(APPID, fields);
  if (!push) throw new Error(`not read: ${text}`);
  return push;
}

const json = (fields: object) => read(JSON.stringify({ ...HEAD, ...fields }));
const xml = (fields: string) =>
  read(
    `<xml><ToUserName>gh_a</ToUserName><FromUserName>oUser</FromUserName><CreateTime>1767225600</CreateTime><MsgType>event</MsgType>${fields}</xml>`,
  );

describe('following', () => {
  it('knows the scene of the QR code', () => {
    expect(xml('<Event>subscribe</Event><EventKey>qrscene_42</EventKey><Ticket>T</Ticket>').content).toEqual({
      type: 'subscribe',
      scene: '42',
    });
    expect(xml('<Event>subscribe</Event><EventKey></EventKey>').content).toEqual({ type: 'subscribe', scene: null });
    expect(xml('<Event>subscribe</Event>').content).toEqual({ type: 'subscribe', scene: null });
  });

  it('ends', () => {
    expect(xml('<Event>unsubscribe</Event>')).toMatchObject({ kind: 'unsubscribe', content: { type: 'unsubscribe' } });
  });
});

describe('the end of a template message', () => {
  it.each([
    ['success', 'delivered'],
    ['failed:user block', 'blocked_by_user'],
    ['failed: user block', 'blocked_by_user'],
    ['failed: system failed', 'failed'],
    ['failed:system failed', 'failed'],
  ])('%s means %s', (status, outcome) => {
    const push = xml(
      `<Event>TEMPLATESENDJOBFINISH</Event><MsgID>2918131553548107776</MsgID><Status><![CDATA[${status}]]></Status>`,
    );
    expect(push.content).toEqual({ type: 'template_finished', msgid: '2918131553548107776', outcome, status });
  });

  it('keeps the id when it comes as a number in JSON', () => {
    const text = JSON.stringify({ ...HEAD, Event: 'TEMPLATESENDJOBFINISH', Status: 'success', MsgID: 0 });
    expect(read(text.replace('"MsgID":0', '"MsgID":2918131553548107776')).content).toMatchObject({
      msgid: '2918131553548107776',
    });
  });

  it('is told apart from another one of the same second', () => {
    const [one, other] = ['1', '2'].map((id) => xml(`<Event>TEMPLATESENDJOBFINISH</Event><MsgID>${id}</MsgID>`));
    expect(one!.dedupeKey).not.toBe(other!.dedupeKey);
  });
});

describe('consents', () => {
  const accept = { TemplateId: 'TPL_A', SubscribeStatusString: 'accept', PopupScene: '0' };
  const reject = { TemplateId: 'TPL_B', SubscribeStatusString: 'reject', PopupScene: '0' };
  const answers = [
    { templateId: 'TPL_A', isAccepted: true },
    { templateId: 'TPL_B', isAccepted: false },
  ];

  it('come as a list or alone, at the top or under the name of the event', () => {
    const Event = 'subscribe_msg_popup_event';
    expect(json({ Event, List: [accept, reject] }).content).toEqual({ type: 'consents_answered', answers });
    expect(json({ Event, List: accept }).content).toEqual({ type: 'consents_answered', answers: answers.slice(0, 1) });
    expect(json({ Event, SubscribeMsgPopupEvent: { List: [accept, reject] } }).content).toMatchObject({ answers });
    const list = (status: string, id: string) =>
      `<List><TemplateId>${id}</TemplateId><SubscribeStatusString>${status}</SubscribeStatusString></List>`;
    const wrapped = `<SubscribeMsgPopupEvent>${list('accept', 'TPL_A')}${list('reject', 'TPL_B')}</SubscribeMsgPopupEvent>`;
    expect(xml(`<Event>${Event}</Event>${wrapped}`).content).toEqual({ type: 'consents_answered', answers });
  });

  it('change in the settings', () => {
    expect(json({ Event: 'subscribe_msg_change_event', List: reject }).content).toEqual({
      type: 'consents_changed',
      answers: answers.slice(1),
    });
  });

  it('of the same second are told apart by what was answered, and a repeat is known', () => {
    const Event = 'subscribe_msg_popup_event';
    expect(json({ Event, List: [accept] }).dedupeKey).toBe(json({ Event, List: accept }).dedupeKey);
    expect(json({ Event, List: [accept] }).dedupeKey).not.toBe(json({ Event, List: [reject] }).dedupeKey);
  });

  it('without a list are no answers', () => {
    expect(json({ Event: 'subscribe_msg_popup_event' }).content).toEqual({ type: 'consents_answered', answers: [] });
  });
});

it('tells how subscribe messages ended', () => {
  const ended = (ErrorCode: string | number, ErrorStatus: string) => ({
    TemplateId: 'TPL_A',
    MsgID: '1700827132819554304',
    ErrorCode,
    ErrorStatus,
  });
  const { content } = json({
    Event: 'subscribe_msg_sent_event',
    List: [ended('0', 'success'), ended(43101, 'refused')],
  });
  const common = { templateId: 'TPL_A', msgid: '1700827132819554304' };
  expect(content).toEqual({
    type: 'subscribe_messages_sent',
    results: [
      { ...common, isDelivered: true, errorCode: 0, errorStatus: 'success' },
      { ...common, isDelivered: false, errorCode: 43101, errorStatus: 'refused' },
    ],
  });
});

it('tells that a user withdrew his data, and who', () => {
  const push = read(
    JSON.stringify({
      ToUserName: 'gh_a',
      CreateTime: 1767225600,
      MsgType: 'event',
      Event: 'user_authorization_revoke',
      OpenID: 'oUser',
      AppID: APPID,
      RevokeInfo: '301',
    }),
  );
  expect(push).toMatchObject({ openid: 'oUser', content: { type: 'authorisation_revoked', revoked: '301' } });
});

it('hands on what it does not know', () => {
  const push = json({ Event: 'weapp_audit_success', SuccTime: 1 });
  expect(push).toMatchObject({ kind: 'weapp_audit_success', content: { type: 'other', fields: { SuccTime: 1 } } });
});

it('keeps the key of two apps apart, and within its column', () => {
  const fields = readPushFields(JSON.stringify({ ...HEAD, Event: 'CLICK', EventKey: 'k'.repeat(500) }));
  if (typeof fields === 'string') throw new Error(fields);
  const [one, other] = [findPush(APPID, fields), findPush('wxfedcba9876543210', fields)];
  expect(one!.dedupeKey).not.toBe(other!.dedupeKey);
  expect(one!.dedupeKey.length).toBeLessThanOrEqual(96);
});

it('lets the same user click two things in one second', () => {
  expect(json({ Event: 'CLICK', EventKey: 'A' }).dedupeKey).not.toBe(json({ Event: 'CLICK', EventKey: 'B' }).dedupeKey);
});

describe('a paid order of the mini-program', () => {
  const Event = 'trade_manage_order_settlement';
  const at = '2026-01-01T00:00:00.000Z';
  const nothing = { shippedAt: null, estimatedSettlementAt: null, receivedAt: null, settledAt: null };

  it.each([
    ['as numbers', 1767225600],
    ['as text', '1767225600'],
  ])('is settled, with its times %s', (_how, time) => {
    const push = json({ Event, transaction_id: '4200', shipped_time: time, settlement_time: time });
    expect(push.content).toEqual({
      type: 'trade_settlement',
      transactionId: '4200',
      ...nothing,
      shippedAt: at,
      settledAt: at,
    });
  });

  it.each(['', 0, '0', 'soon', null, -1])('may be told without times: %j', (time) => {
    const times = { shipped_time: time, estimated_settlement_time: time, settlement_time: time };
    expect(json({ Event, transaction_id: '4200', ...times }).content).toMatchObject(nothing);
  });

  it('is told apart from another one, and from its own later news, in the same second', () => {
    const keys = [
      json({ Event, transaction_id: '4200', estimated_settlement_time: 1 }),
      json({ Event, transaction_id: '4200', settlement_time: 1 }),
      json({ Event, transaction_id: '4201', settlement_time: 1 }),
    ].map(({ dedupeKey }) => dedupeKey);
    expect(new Set(keys).size).toBe(3);
  });

  it('or all of them are reminded of', () => {
    const reminded = (event: string, more: object = {}) => json({ Event: event, ...more }).content;
    expect(reminded('trade_manage_remind_shipping', { transaction_id: '4200' })).toEqual({
      type: 'trade_reminded',
      transactionId: '4200',
    });
    expect(reminded('trade_manage_remind_access_api')).toEqual({ type: 'trade_reminded', transactionId: null });
    expect(reminded('wxa_trade_controlled')).toEqual({ type: 'trade_reminded', transactionId: null });
    expect(json({ Event, transaction_id: 'x' }).content).toMatchObject({ type: 'other' });
  });
});
