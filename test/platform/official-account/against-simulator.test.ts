import type { OfficialAccount } from '../../../src/platform/official-account/index.ts';
import { startPushDoor, startSimulated } from '../wechat-api/simulated.ts';

const SEND = '/cgi-bin/message/template/send';
const TOKEN = '/cgi-bin/stable_token';

let wechat: Awaited<ReturnType<typeof startSimulated>>;
let account: OfficialAccount;

beforeAll(async () => {
  wechat = await startSimulated();
});
beforeEach(async () => {
  await wechat.reset();
  account = wechat.officialAccount;
});
afterAll(() => wechat.stop());

const openidOf = (person: string) => wechat.openidOf(person, account.appid);
const messageTo = (person: string) => ({
  openid: openidOf(person),
  templateId: wechat.simulator.world.kit.officialAccount.templates[0]!.templateId,
  fields: {
    character_string1: 'TB26112204815926',
    thing2: '商标注册',
    amount3: '¥199.00',
    time4: '2026年11月22日 10:00',
  },
  clientMsgId: '0199a7e0-0000-7000-8000-000000000000',
});

describe('a template message', () => {
  it('reaches a follower, with an id beyond what a double can hold', async () => {
    const { msgid } = await account.sendTemplate(messageTo('lin'));
    expect(BigInt(msgid)).toBeGreaterThan(2n ** 53n);
    expect(wechat.simulator.world.platform.messages.all('lin')).toEqual([expect.objectContaining({ msgid })]);
  });

  it('is refused for somebody who does not follow', async () => {
    await expect(account.sendTemplate(messageTo('chen'))).rejects.toMatchObject({
      code: 'not_following',
      action: 'drop',
    });
  });

  it('is one message when the answer was lost and it is sent again under the same id', async () => {
    await wechat.fault(SEND, 'reset-after-effect');
    await expect(account.sendTemplate(messageTo('lin'))).rejects.toMatchObject({ kind: 'unknown', retryable: false });
    const { msgid } = await account.sendTemplate(messageTo('lin'));
    expect(wechat.simulator.world.platform.messages.all('lin')).toEqual([expect.objectContaining({ msgid })]);
  });

  it('names the field that is wrong', async () => {
    const message = messageTo('lin');
    const wrong = { ...message, fields: { ...message.fields, thing2: '一'.repeat(21) } };
    await expect(account.sendTemplate(wrong)).rejects.toMatchObject({
      code: 'field_wrong',
      cause: { message: expect.stringContaining('thing2') as string },
    });
  });

  it.each([
    ['busy', { code: 'busy', retryable: true }],
    ['daily-quota', { code: 'daily_quota', kind: 'rate_limited' }],
    ['minute-quota', { code: 'minute_quota', kind: 'rate_limited' }],
    ['unknown-code', { code: 'unknown_code', action: 'surface', retryable: false }],
    ['html-502', { kind: 'unknown', code: 'http_502' }],
    ['truncated-body', { kind: 'unknown', code: 'connection_lost' }],
    ['reset-before', { kind: 'unknown', code: 'connection_lost' }],
  ])('under the fault %s ends as it must', async (kind, failure) => {
    await wechat.fault(SEND, kind);
    await expect(account.sendTemplate(messageTo('lin'))).rejects.toMatchObject(failure);
  });

  it.each(['token-invalid-once', 'token-expired-once', 'text-plain', 'number-string-flip'])(
    'does not suffer from the fault %s',
    async (kind) => {
      await wechat.fault(SEND, kind);
      expect(await account.sendTemplate(messageTo('lin'))).toEqual({ msgid: expect.stringMatching(/^\d+$/) as string });
    },
  );

  it('carries the number of the call when it fails', async () => {
    const failure: unknown = await account.sendTemplate(messageTo('chen')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ requestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{8}){2}$/) as string });
  });
});

describe('the shared token', () => {
  it('is fetched once for twenty calls, and again shortly before its end', async () => {
    await Promise.all(Array.from({ length: 20 }, () => account.follower(openidOf('lin'))));
    expect(wechat.callsTo(TOKEN)).toBe(1);
    await wechat.lever('/clock', { advanceMs: 6_890_000 });
    await account.follower(openidOf('lin'));
    expect(wechat.callsTo(TOKEN)).toBe(1);
    await wechat.lever('/clock', { advanceMs: 30_000 });
    await account.follower(openidOf('lin'));
    expect(wechat.callsTo(TOKEN)).toBe(2);
    await wechat.lever('/clock', { advanceMs: 3_600_000 });
    await account.follower(openidOf('lin'));
    expect(wechat.callsTo(TOKEN)).toBe(2);
  });

  it('is replaced when WeChat ends it before its time', async () => {
    await account.follower(openidOf('lin'));
    await wechat.lever('/official-account/tokens/expire');
    expect(await account.follower(openidOf('lin'))).toMatchObject({ follows: true });
    expect(wechat.callsTo(TOKEN)).toBe(2);
  });

  it('is not asked for in a storm while our address is not listed', async () => {
    await wechat.lever('/official-account/settings', { whitelistOk: false });
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(account.follower(openidOf('lin'))).rejects.toMatchObject({ code: 'address_not_allowed' });
    }
    expect(wechat.callsTo(TOKEN)).toBe(1);
  });
});

describe('signing in on the web', () => {
  async function authorise(scope: 'snsapi_base' | 'snsapi_userinfo', query = ''): Promise<string> {
    const redirectUri = 'http://127.0.0.1:1/wechat/back';
    const address = account.authoriseUrl({ redirectUri, scope, state: 'abc123' }).replace('#', `${query}#`);
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie: 'phone=lin' } });
    const back = new URL(answer.headers.get('location') ?? `data:,${await answer.text()}`);
    expect(back.searchParams.get('state')).toBe('abc123');
    return back.searchParams.get('code') ?? '';
  }

  it('gives the openid silently, once a code', async () => {
    const code = await authorise('snsapi_base');
    expect(await account.exchangeCode(code)).toMatchObject({ openid: openidOf('lin'), isSnapshot: false });
    await expect(account.exchangeCode(code)).rejects.toMatchObject({ code: 'code_used', action: 'ask_user' });
  });

  it('gives name and unionid with consent', async () => {
    await wechat.lever('/official-account/settings', { silentForFollowers: true });
    const { accessToken, openid, unionid } = await account.exchangeCode(await authorise('snsapi_userinfo'));
    expect(await account.userInfo(accessToken, openid)).toEqual({ nickname: '林晓', unionid });
    expect(unionid).toBe(wechat.simulator.world.people.get('lin').unionid);
  });

  it('knows a snapshot user', async () => {
    const code = await authorise('snsapi_userinfo', '&forceSnapShot=true');
    expect(await account.exchangeCode(code)).toMatchObject({ isSnapshot: true });
  });

  it('does not accept an invented code', async () => {
    await expect(account.exchangeCode('invented')).rejects.toMatchObject({ code: 'code_invalid' });
  });
});

it('knows followers and others', async () => {
  const { unionid } = wechat.simulator.world.people.get('lin');
  expect(await account.follower(openidOf('lin'))).toMatchObject({ follows: true, unionid });
  expect(await account.follower(openidOf('chen'))).toMatchObject({ follows: false });
  await expect(account.follower('oNobody')).rejects.toMatchObject({ code: 'openid_unknown' });
});

it('lists the templates of the account', async () => {
  expect(await account.listTemplates()).toContainEqual({
    templateId: messageTo('lin').templateId,
    title: '订单支付成功通知',
    content: expect.stringContaining('{{thing2.DATA}}') as string,
  });
});

it('signs pages so that the JS-SDK believes it', async () => {
  const url = 'http://127.0.0.1:8700/?from=menu&a=中';
  const parameters = await account.jsSdkParameters(`${url}#/order`);
  expect(await wechat.lever('/web/check-config', { ...parameters, url })).toEqual({ ok: true });
  expect(await wechat.lever('/web/check-config', { ...parameters, url: `${url}x` })).not.toEqual({ ok: true });
});

describe.each(['safe', 'compatible', 'plain'] as const)('pushes in %s mode', (mode) => {
  let door: Awaited<ReturnType<typeof startPushDoor>>;
  let gateway: OfficialAccount;

  beforeEach(async () => {
    gateway = wechat.gatewayInMode(mode);
    door = await startPushDoor(() => gateway);
    await wechat.lever('/official-account/settings', { mode, callbackUrl: door.url });
  });
  afterEach(async () => {
    await door.stop();
    await gateway.stop();
  });

  const settled = () => wechat.lever('/pushes/settled');

  it('tell who follows and who leaves', async () => {
    await wechat.lever('/people/chen/follow', { scene: '42' });
    await wechat.lever('/people/chen/unfollow');
    await settled();
    expect(door.pushes.map(({ content }) => content)).toEqual([
      { type: 'subscribe', scene: '42' },
      { type: 'unsubscribe' },
    ]);
    expect(door.pushes.map(({ openid }) => openid)).toEqual([openidOf('chen'), openidOf('chen')]);
  });

  it('tell how a message ended, under the id that was given for it', async () => {
    const { msgid } = await account.sendTemplate(messageTo('lin'));
    await wechat.lever('/clock', { advanceMs: 10_000 });
    await settled();
    expect(door.pushes.map(({ content }) => content)).toEqual([
      { type: 'template_finished', msgid, outcome: 'delivered', status: 'success' },
    ]);
  });

  it('bring what people write, to the letter, and a repeat under the same key', async () => {
    const content = '您好 <b>&amp; ]]> 🙂';
    const { id } = await wechat.lever<{ id: string }>('/people/lin/text', { content });
    await settled();
    await wechat.lever(`/pushes/${id}/send`, { times: 3, parallel: true });
    expect(door.pushes).toHaveLength(4);
    expect(new Set(door.pushes.map(({ dedupeKey }) => dedupeKey)).size).toBe(1);
    expect(door.pushes[0]!.content).toEqual({ type: 'message', messageKind: 'text', text: content });
  });

  const everywhere: [string, string[]][] = [
    ['unsigned', ['query']],
    ['signature', ['signature']],
    ['old-timestamp', ['timestamp']],
    ['to-user', ['receiver']],
    ['entities', ['doctype']],
  ];
  const whereSealed: [string, string[]][] = [
    ['msg-signature', ['signature']],
    ['sealed-text', ['sealed', 'appid', 'body']],
    ['appid', ['appid']],
    ['sealed-entities', ['doctype']],
  ];
  it.each(mode === 'plain' ? everywhere : [...everywhere, ...whereSealed])(
    'are refused when falsified: %s',
    async (tamper, reasons) => {
      const { id } = await wechat.lever<{ id: string }>('/people/lin/text', { content: 'hi' });
      await settled();
      await wechat.lever(`/pushes/${id}/send`, { tamper });
      expect(door.pushes).toHaveLength(1);
      expect(door.faults).toHaveLength(1);
      expect(reasons).toContain(door.faults[0]);
    },
  );
});
