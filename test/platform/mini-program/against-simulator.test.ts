import type { MiniProgram } from '../../../src/platform/mini-program/index.ts';
import { startPushDoor, startSimulated } from '../wechat-api/simulated.ts';

const SEND = '/cgi-bin/message/subscribe/send';

let wechat: Awaited<ReturnType<typeof startSimulated>>;
let app: MiniProgram;

beforeAll(async () => {
  wechat = await startSimulated();
});
beforeEach(async () => {
  await wechat.reset();
  app = wechat.miniProgram;
});
afterAll(() => wechat.stop());

const templateId = () => wechat.simulator.world.kit.miniProgram.templates[0]!.priTmplId;
const loginCode = async () => (await wechat.lever<{ code: string }>('/people/lin/mini-program/login')).code;
const consent = (answer: 'accept' | 'reject' = 'accept') =>
  wechat.lever('/people/lin/mini-program/subscribe', { templateIds: [templateId()], answer });
const message = () => ({
  openid: wechat.openidOf('lin', app.appid),
  templateId: templateId(),
  fields: {
    character_string1: 'TB26112204815926',
    thing2: '商标注册',
    amount3: '¥199.00',
    time4: '2026年11月22日 10:00',
  },
  page: 'pages/order/index?number=TB26112204815926',
});

describe('signing in', () => {
  it('gives openid, session key and unionid, once a code', async () => {
    const code = await loginCode();
    const { unionid } = wechat.simulator.world.people.get('lin');
    expect(await app.exchangeCode(code)).toEqual({
      openid: message().openid,
      sessionKey: expect.any(String) as string,
      unionid,
    });
    await expect(app.exchangeCode(code)).rejects.toMatchObject({ code: 'code_invalid', action: 'ask_user' });
  });

  it('survives a moment in which WeChat is busy', async () => {
    const code = await loginCode();
    await wechat.fault('/sns/jscode2session', 'busy');
    expect(await app.exchangeCode(code)).toMatchObject({ openid: message().openid });
  });

  it('has no unionid where no Open Platform account is bound', async () => {
    await wechat.lever('/platform/settings', { openPlatformBound: false });
    expect(await app.exchangeCode(await loginCode())).not.toHaveProperty('unionid');
  });
});

describe('a phone number', () => {
  const phoneCode = async (body = {}) =>
    (await wechat.lever<{ code: string }>('/people/lin/mini-program/phone-code', body)).code;

  it('is given once a code', async () => {
    const code = await phoneCode();
    expect(await app.phoneNumber(code)).toEqual({ phone: '13800000001', countryCode: '86' });
    await expect(app.phoneNumber(code)).rejects.toMatchObject({ code: 'code_invalid', action: 'ask_user' });
  });

  it('is not given for a code of another mini-program', async () => {
    await expect(app.phoneNumber(await phoneCode({ appid: 'wx00000000000000ff' }))).rejects.toMatchObject({
      action: 'surface',
    });
  });

  it.each(['number-string-flip', 'text-plain', 'token-expired-once', 'busy'])(
    'does not suffer from the fault %s',
    async (kind) => {
      await wechat.fault('/wxa/business/getuserphonenumber', kind);
      expect(await app.phoneNumber(await phoneCode())).toMatchObject({ phone: '13800000001' });
    },
  );
});

describe('a subscribe message', () => {
  it('is sent as often as there is consent', async () => {
    await consent();
    await app.sendSubscribe(message());
    await expect(app.sendSubscribe(message())).rejects.toMatchObject({ code: 'consent_used_up', action: 'drop' });
    expect(wechat.simulator.world.platform.messages.all('lin')).toHaveLength(1);
  });

  it('is refused without consent', async () => {
    await consent('reject');
    await expect(app.sendSubscribe(message())).rejects.toMatchObject({ code: 'consent_used_up' });
  });

  it('whose answer was lost is unknown and not sent again', async () => {
    await consent();
    await wechat.fault(SEND, 'reset-after-effect');
    await expect(app.sendSubscribe(message())).rejects.toMatchObject({ kind: 'unknown', retryable: false });
    expect(wechat.callsTo(SEND)).toBe(1);
    expect(wechat.simulator.world.platform.messages.all('lin')).toHaveLength(1);
  });
});

describe.each([
  ['json', 'safe'],
  ['json', 'compatible'],
  ['xml', 'safe'],
] as const)('pushes as %s in %s mode', (pushFormat, mode) => {
  let door: Awaited<ReturnType<typeof startPushDoor>>;

  beforeEach(async () => {
    door = await startPushDoor(() => app);
    await wechat.lever('/mini-program/settings', { mode, pushFormat, callbackUrl: door.url });
  });
  afterEach(() => door.stop());

  it.each(['object', 'array'])('tell consents, a single one as %s', async (singleListAs) => {
    if (pushFormat === 'json') await wechat.lever('/mini-program/settings', { singleListAs });
    await consent();
    await wechat.lever('/pushes/settled');
    expect(door.faults).toEqual([]);
    expect(door.pushes).toMatchObject([
      {
        openid: message().openid,
        content: { type: 'consents_answered', answers: [{ templateId: templateId(), isAccepted: true }] },
      },
    ]);
  });

  it('tell that a consent was taken back', async () => {
    await consent();
    await wechat.lever('/people/lin/mini-program/subscription', { templateId: templateId(), status: 'reject' });
    await wechat.lever('/pushes/settled');
    expect(door.pushes.at(-1)).toMatchObject({
      content: { type: 'consents_changed', answers: [{ templateId: templateId(), isAccepted: false }] },
    });
  });

  it.each(['string', 'number'])('tell how a message ended, numbers as %s', async (numbersAs) => {
    await wechat.lever('/mini-program/settings', { numbersAs });
    await consent();
    const { msgid } = await app.sendSubscribe(message());
    await wechat.lever('/clock', { advanceMs: 10_000 });
    await wechat.lever('/pushes/settled');
    expect(door.pushes.at(-1)!.content).toMatchObject({
      type: 'subscribe_messages_sent',
      results: [
        {
          templateId: templateId(),
          msgid: msgid ?? (expect.stringMatching(/^\d+$/) as string),
          isDelivered: true,
          errorCode: 0,
        },
      ],
    });
  });
});
