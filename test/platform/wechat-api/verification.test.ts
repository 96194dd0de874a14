import { startPushDoor, startSimulated } from './simulated.ts';

const DAY_MS = 86_400_000;
const PATH = '/cgi-bin/account/getaccountbasicinfo';

let wechat: Awaited<ReturnType<typeof startSimulated>>;
beforeAll(async () => {
  wechat = await startSimulated();
});
beforeEach(() => wechat.reset());
afterAll(() => wechat.stop());

const KINDS = ['official-account', 'mini-program'] as const;
type Kind = (typeof KINDS)[number];
const gateway = (kind: Kind) => (kind === 'official-account' ? wechat.officialAccount : wechat.miniProgram);
const step = (kind: Kind, name: string, more: object = {}) =>
  wechat.lever<{ until: number }>(`/${kind}/verification`, { step: name, ...more });
const settings = (kind: Kind, body: object) => wechat.lever(`/${kind}/settings`, body);

describe.each(KINDS)('the %s', (kind) => {
  it('is told what it is, and until when', async () => {
    const { until } = await step(kind, 'reset');
    expect(await gateway(kind).basicInfo()).toEqual({
      appid: gateway(kind).appid,
      kind: kind === 'official-account' ? 'service' : 'mini_program',
      nickname: kind === 'official-account' ? '通办服务号' : '通办',
      principalName: '上海通办企业服务有限公司',
      credential: '91310115MA1K4TB02J',
      realName: 'passed',
      customerType: 1,
      isQualified: true,
      isNamed: true,
      reviewFrom: new Date(until - 90 * DAY_MS),
      reviewUntil: new Date(until),
    });
  });

  it('is told in each way that the documentation has', async () => {
    for (const basicInfoMethods of ['both', 'post', 'get']) {
      for (const basicInfoFlags of ['boolean', 'number']) {
        await settings(kind, { basicInfoMethods, basicInfoFlags });
        expect(await gateway(kind).basicInfo()).toMatchObject({ isQualified: true, isNamed: true });
      }
    }
  });

  it.each(['number-string-flip', 'text-plain', 'token-expired-once'])('survives the fault %s', async (fault) => {
    await wechat.fault(PATH, fault);
    expect(await gateway(kind).basicInfo()).toMatchObject({ isQualified: true, realName: 'passed' });
  });

  it('may not be let ask', async () => {
    await settings(kind, { basicInfo: 'not_available' });
    expect(await gateway(kind).basicInfo()).toBe('not_available');
    await settings(kind, { basicInfoMethods: 'get' });
    expect(await gateway(kind).basicInfo()).toBe('not_available');
  });

  it('is told that it lapsed, either way', async () => {
    const { until } = await step(kind, 'expire');
    expect(await gateway(kind).basicInfo()).toMatchObject({ isQualified: false, isNamed: false, reviewUntil: null });
    await settings(kind, { lapseShownAs: 'end-passed' });
    expect(await gateway(kind).basicInfo()).toMatchObject({ isQualified: true, reviewUntil: new Date(until) });
  });

  it('waits for the next day when it asked too often', async () => {
    await wechat.lever(`/${kind}/quotas`, { path: PATH, daily: 0 });
    await expect(gateway(kind).basicInfo()).rejects.toMatchObject({ code: 'daily_quota', action: 'wait_day' });
  });

  it('hears of its life from WeChat, step by step', async () => {
    const door = await startPushDoor(() => gateway(kind));
    await settings(kind, { callbackUrl: door.url });
    await step(kind, 'open');
    await step(kind, 'submit');
    await step(kind, 'qualification_fail', { reason: '营业执照照片不清晰' });
    await step(kind, 'submit');
    const { until } = await step(kind, 'qualification_success');
    await step(kind, 'naming_fail', { reason: '名称与注册商标相同' });
    await step(kind, 'naming_success');
    await wechat.lever(`/${kind}/verification/notes`, { event: 'wx_verify_refill', reason: '请补充授权书' });
    await wechat.lever('/pushes/settled');
    await wechat.lever('/clock', { advanceMs: 366 * DAY_MS });
    await wechat.lever('/pushes/settled');
    await door.stop();

    expect(door.faults).toEqual([]);
    const end = new Date(until).toISOString();
    const at = expect.stringMatching(/^20\d\d-\d\d-\d\dT/) as string;
    const failure = { type: 'verification', until: null, failedAt: at };
    const success = { type: 'verification', until: end, failedAt: null, reason: null };
    const byTime = door.pushes.toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
    const contents = byTime.map(({ content }) => content);
    // Pushes of one moment overtake one another on their way.
    expect(contents.slice(0, 5)).toHaveLength(5);
    expect(contents.slice(0, 5)).toEqual(
      expect.arrayContaining([
        { ...failure, step: 'qualification_failed', reason: '营业执照照片不清晰' },
        { ...success, step: 'qualification_passed' },
        { ...failure, step: 'naming_failed', reason: '名称与注册商标相同' },
        { ...success, step: 'naming_passed' },
        { type: 'verification_note', event: 'wx_verify_refill', at, reason: '请补充授权书' },
      ]),
    );
    expect(contents.slice(5)).toEqual([
      { ...success, step: 'review_due' },
      { ...success, step: 'expired' },
    ]);
    expect(new Set(door.pushes.map(({ dedupeKey }) => dedupeKey)).size).toBe(7);
  });

  it('knows a repeated event, and refuses forged ones', async () => {
    const door = await startPushDoor(() => gateway(kind));
    await settings(kind, { pushes: 'held', callbackUrl: door.url });
    const { push } = await wechat.lever<{ push: { id: string } }>(`/${kind}/verification`, { step: 'expire' });
    const send = (order: object) => wechat.lever(`/pushes/${push.id}/send`, order);
    await send({ times: 3 });
    expect(new Set(door.pushes.map(({ dedupeKey }) => dedupeKey)).size).toBe(1);
    expect(door.pushes).toHaveLength(3);
    for (const tamper of ['unsigned', 'signature', 'msg-signature', 'old-timestamp', 'sealed-text', 'appid', 'to-user'])
      await send({ tamper });
    await door.stop();
    expect(door.faults).toEqual(['query', 'signature', 'signature', 'timestamp', 'sealed', 'appid', 'receiver']);
    expect(door.pushes).toHaveLength(3);
  });
});

describe('a lapse of the service account', () => {
  it('is met as "not authorised" by whatever needs its rights, until it is qualified again', async () => {
    const account = wechat.officialAccount;
    const openid = wechat.openidOf('lin', account.appid);
    await step('official-account', 'expire');
    await expect(account.follower(openid)).rejects.toMatchObject({ code: 'not_authorised', wechatCode: 48001 });
    await expect(account.listTemplates()).rejects.toMatchObject({ code: 'not_authorised' });
    await step('official-account', 'submit');
    await step('official-account', 'qualification_success');
    expect(await account.follower(openid)).toMatchObject({ follows: true });
  });
});
