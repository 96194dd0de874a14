import { openAccountPush, openComponentPush } from '../../../src/platform/open-platform/component-push.ts';
import type { SealSettings } from '../../../src/platform/wechat-api/open-push.ts';
import { plainQuery, sealedPush, type Sender } from '../wechat-api/push-sender.ts';
import { vector } from '../wechat-api/push-vectors.ts';

const now = new Date(1767225600_000);
const { appid, token, encodingAesKey } = vector;
const settings: SealSettings = { appid, token, encodingAesKey, mode: 'safe' };
const sender: Sender = { appid, token, encodingAesKey, now: () => now };
const CUSTOMER = 'wx00000000000000c1';

const xml = (fields: Record<string, string>) =>
  `<xml>${Object.entries(fields)
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('')}</xml>`;
const told = (fields: Record<string, string>) => xml({ AppId: appid, CreateTime: '1767225600', ...fields });
const ticket = told({ InfoType: 'component_verify_ticket', ComponentVerifyTicket: 'ticket@@@x' });
const open = (message: string, from: Sender = sender, at = now) => {
  const { query, body } = sealedPush(from, message);
  return openComponentPush(settings, query, body, at);
};
const refused = (reason: string) => ({ ok: false, reason });

describe('the authorisation URL', () => {
  it('hears tickets', () => {
    const push = { infoType: 'component_verify_ticket', ticket: 'ticket@@@x', at: now };
    expect(open(ticket)).toEqual({ ok: true, push });
  });

  it.each(['authorized', 'updateauthorized'])('hears that an owner has %s', (infoType) => {
    const granted = {
      InfoType: infoType,
      AuthorizerAppid: CUSTOMER,
      AuthorizationCode: 'code',
      AuthorizationCodeExpiredTime: '1767229200',
    };
    const push = { infoType, appid: CUSTOMER, code: 'code', codeExpiresAt: new Date(1767229200_000), at: now };
    expect(open(told(granted))).toEqual({ ok: true, push: { ...push, preAuthCode: null } });
    expect(open(told({ ...granted, PreAuthCode: 'pre' }))).toEqual({ ok: true, push: { ...push, preAuthCode: 'pre' } });
    expect(open(told({ ...granted, AuthorizationCode: '' }))).toEqual(refused('content'));
    expect(open(told({ ...granted, AuthorizerAppid: '../x' }))).toEqual(refused('content'));
    expect(open(told({ ...granted, AuthorizationCodeExpiredTime: 'soon' }))).toEqual(refused('content'));
  });

  it('hears that he took it back, and whatever else there may be', () => {
    expect(open(told({ InfoType: 'unauthorized', AuthorizerAppid: CUSTOMER }))).toEqual({
      ok: true,
      push: { infoType: 'unauthorized', appid: CUSTOMER, at: now },
    });
    expect(open(told({ InfoType: 'notify_3rd_wxa_auth' }))).toEqual({
      ok: true,
      push: { infoType: 'other', name: 'notify_3rd_wxa_auth', at: now },
    });
  });

  it.each([
    ['a forged signature', { ...sender, token: 'another' }, 'signature'],
    [
      'a seal of another key',
      { ...sender, encodingAesKey: `${encodingAesKey.slice(1)}Z` },
      ['sealed', 'appid', 'body'],
    ],
    ['a seal for another platform', { ...sender, appid: CUSTOMER }, 'appid'],
    ['a replay, 301 s old', { ...sender, now: () => new Date(now.getTime() - 301_000) }, 'timestamp'],
    ['one from 301 s ahead', { ...sender, now: () => new Date(now.getTime() + 301_000) }, 'timestamp'],
  ])('does not believe %s', (_, from, reasons) => {
    const result = open(ticket, from);
    expect(result.ok).toBe(false);
    expect([reasons].flat()).toContain((result as { reason: string }).reason);
  });

  it('does not believe what names another platform inside, or lies open', () => {
    expect(open(ticket.replace(appid, CUSTOMER))).toEqual(refused('appid'));
    expect(openComponentPush(settings, plainQuery(sender), Buffer.from(ticket), now)).toEqual(refused('mode'));
    expect(open(told({ InfoType: 'component_verify_ticket' }))).toEqual(refused('content'));
    expect(open(ticket.replaceAll('CreateTime', 'Time'))).toEqual(refused('content'));
    expect(open(`<!DOCTYPE xml []>${ticket}`)).toEqual(refused('doctype'));
  });
});

describe('the message URL', () => {
  const message = xml({
    ToUserName: 'gh_demo00000009',
    FromUserName: 'oSystem',
    CreateTime: '1767225600',
    MsgType: 'event',
    Event: 'annual_renew',
    ExpiredTime: '1798761600',
  });
  const openFor = (originalId: string | null, from: Sender = sender) => {
    const { query, body } = sealedPush(from, message);
    return openAccountPush(settings, { appid: CUSTOMER, originalId }, query, body, now);
  };

  it('hears of an account, under the seal of the platform', () => {
    const push = { appid: CUSTOMER, kind: 'annual_renew', content: { type: 'verification', step: 'review_due' } };
    expect(openFor('gh_demo00000009')).toMatchObject({ ok: true, push });
    expect(openFor(null)).toMatchObject({ ok: true, push });
  });

  it('does not take what is about another account, or sealed for one', () => {
    expect(openFor('gh_demo00000001')).toEqual(refused('receiver'));
    expect(openFor('gh_demo00000009', { ...sender, appid: CUSTOMER })).toEqual(refused('appid'));
  });
});
