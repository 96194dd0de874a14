import { signSorted, unseal } from '../../simulator/src/platform/message-crypto.ts';
import { fieldOf, type PlatformOwner, startOpenPlatform } from './open-platform-support.ts';
import type { ReceivedPush } from './platform-support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let wechat: PlatformOwner;
beforeEach(async () => {
  wechat = await startOpenPlatform();
});
afterEach(() => wechat.stop());

const ask = (path: string, body: object, query: object = {}) => wechat.owner.ask(path, body, query);
const lever = (path: string, body: object = {}) => wechat.owner.lever(path, body);
const told = () => wechat.owner.told();
const askToken = (more: object = {}) =>
  ask('api_component_token', {
    component_appsecret: wechat.kit.secret,
    component_verify_ticket: wechat.ticket(),
    ...more,
  });

describe('the ticket', () => {
  it('is not pushed while nobody said where to', async () => {
    await wechat.advance(HOUR);
    expect(wechat.ours.received).toEqual([]);
    expect(wechat.world.openPlatform.allPushes()).toEqual([]);
  });

  it('comes at once and every ten minutes, sealed with the key of the platform', async () => {
    await wechat.introduce();
    for (let times = 0; times < 3; times += 1) await wechat.advance(10 * MINUTE);
    expect(told()).toHaveLength(4);
    const [first] = told();
    expect([fieldOf(first!, 'AppId'), fieldOf(first!, 'InfoType')]).toEqual([
      wechat.kit.appid,
      'component_verify_ticket',
    ]);
    expect(new Set(told().map((xml) => fieldOf(xml, 'ComponentVerifyTicket'))).size).toBe(4);
    const { body } = wechat.ours.received[0]!;
    expect(fieldOf(body, 'AppId')).toBe(wechat.kit.appid);
    expect(body).not.toContain('ToUserName');
  });

  it('is the last one only when the clock jumps', async () => {
    await wechat.introduce();
    await wechat.advance(90 * 24 * HOUR);
    expect(told()).toHaveLength(2);
    expect(Number(fieldOf(told()[1]!, 'CreateTime'))).toBe(wechat.world.clock.seconds());
    expect((await askToken()).component_access_token).toMatch(/^.{512}$/);
  });

  it('is sent three times when nobody takes it', async () => {
    wechat.ours.respond = (_push, response) => void response.writeHead(500).end();
    await wechat.introduce();
    await wechat.advance(5000);
    await wechat.advance(5000);
    expect(told()).toHaveLength(3);
    expect(new Set(told()).size).toBe(1);
  });

  it('stops, and starts again when it is asked for', async () => {
    await wechat.introduce({ tickets: 'stopped' });
    expect(told()).toEqual([]);
    expect((await ask('api_start_push_ticket', { component_secret: 'wrong' })).errcode).toBe(40094);
    expect(await ask('api_start_push_ticket', { component_secret: wechat.kit.secret })).toEqual({
      errcode: 0,
      errmsg: 'ok',
    });
    await wechat.owner.settled();
    expect(told()).toHaveLength(1);
  });

  it.each([
    ['signature', 'signature'],
    ['old-timestamp', 'age'],
    ['key', 'seal'],
    ['appid', 'sealed appid'],
    ['to-user', 'named appid'],
  ])('can be falsified: %s', async (tamper, fault) => {
    await wechat.introduce();
    const { id } = wechat.world.openPlatform.allPushes()[0]!;
    await wechat.lever(`/pushes/${id}/send`, { tamper });
    expect(wechat.ours.received.map(faultOf)).toEqual([null, fault]);
  });
});

/** What a careful receiver finds first. */
function faultOf({ query, body }: ReceivedPush): string | null {
  const { token, encodingAesKey, appid } = wechat.kit;
  const [timestamp, nonce] = [query.get('timestamp')!, query.get('nonce')!];
  const sealed = fieldOf(body, 'Encrypt');
  if (query.get('msg_signature') !== signSorted(token, timestamp, nonce, sealed)) return 'signature';
  if (wechat.world.clock.seconds() - Number(timestamp) > 300) return 'age';
  try {
    const opened = unseal(sealed, encodingAesKey);
    if (!opened.text.startsWith('<xml>')) return 'seal';
    if (opened.appid !== appid) return 'sealed appid';
    return fieldOf(opened.text, 'AppId') === appid ? null : 'named appid';
  } catch {
    return 'seal';
  }
}

describe('the token of the platform', () => {
  beforeEach(() => wechat.introduce());

  it('is given for a ticket, also for an earlier one, for twelve hours', async () => {
    const first = wechat.ticket();
    await wechat.advance(10 * MINUTE);
    expect((await askToken({ component_verify_ticket: first })).expires_in).toBe(7200);
    await wechat.advance(11 * HOUR + 51 * MINUTE);
    expect((await askToken({ component_verify_ticket: first })).errcode).toBe(61005);
    expect((await askToken()).errcode).toBeUndefined();
  });

  it('is not given for anything else', async () => {
    const codes = [
      (await askToken({ component_appid: 'wxffffffffffffffff' })).errcode,
      (await askToken({ component_appsecret: 'wrong' })).errcode,
      (await askToken({ component_verify_ticket: 'ticket@@@invented' })).errcode,
    ];
    await lever('/settings', { wrongTicketCode: 40091 });
    codes.push((await askToken({ component_verify_ticket: '' })).errcode);
    await lever('/settings', { whitelistOk: false });
    codes.push((await askToken()).errcode);
    expect(codes).toEqual([61011, 40094, 61006, 40091, 61004]);
  });

  it.each(['component_access_token', 'access_token'])('is taken as %s, for two hours', async (spelling) => {
    const token = await wechat.componentToken();
    const code = async () => (await ask('api_create_preauthcode', {}, { [spelling]: token })).errcode;
    expect(await code()).toBeUndefined();
    await wechat.advance(2 * HOUR);
    expect(await code()).toBe(42006);
  });

  it('ends five minutes after there is a newer one, unless said otherwise', async () => {
    const [first, second] = [await wechat.componentToken(), await wechat.componentToken()];
    const code = async (access_token: string) => (await ask('api_create_preauthcode', {}, { access_token })).errcode;
    expect(await code(first)).toBeUndefined();
    await wechat.advance(5 * MINUTE);
    expect([await code(first), await code(second)]).toEqual([40001, undefined]);
  });

  it('is the only one that the platform calls with', async () => {
    const code = async (access_token: string) => (await ask('api_create_preauthcode', {}, { access_token })).errcode;
    expect(await code('')).toBe(41001);
    expect(await code('abc')).toBe(40014);
    expect(await code(`98_${'x'.repeat(509)}`)).toBe(40001);
    expect(await code(await wechat.token())).toBe(61014);
    await lever('/settings', { published: false });
    expect(await code(await wechat.componentToken())).toBe(61028);
  });

  it('is counted, and its quota can be cleared', async () => {
    const token = await wechat.componentToken();
    await lever('/quotas', { path: '/cgi-bin/component/api_create_preauthcode', daily: 1 });
    const code = async () => (await ask('api_create_preauthcode', {}, { access_token: token })).errcode;
    expect([await code(), await code()]).toEqual([undefined, 45009]);
    expect((await ask('clear_quota/v2', { appid: wechat.kit.appid, appsecret: wechat.kit.secret })).errcode).toBe(0);
    expect(await code()).toBeUndefined();
    expect((await ask('clear_quota/v2', { appid: 'wx1', appsecret: wechat.kit.secret })).errcode).toBe(61003);
  });
});
