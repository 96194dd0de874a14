import { startPlatform, startReceiver, NOON, type Body, type PlatformDriver } from './platform-support.ts';

const DAY_MS = 86_400_000;

let wechat: PlatformDriver;
let ours: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  wechat = await startPlatform();
  ours = await startReceiver();
});
afterEach(async () => {
  await wechat.stop();
  await ours.stop();
});

type Kind = 'official-account' | 'mini-program';
const KINDS: Kind[] = ['official-account', 'mini-program'];

const step = (name: string, more: object = {}, kind: Kind = 'official-account') =>
  wechat.lever(`/${kind}/verification`, { step: name, ...more });
const now = (kind: Kind = 'official-account') => wechat.lever(`/${kind}/verification`, {}, 'GET');
const settings = (body: object, kind: Kind = 'official-account') => wechat.lever(`/${kind}/settings`, body);
const listen = (kind: Kind = 'official-account') => settings({ callbackUrl: ours.url, mode: 'plain' }, kind);
const settled = () => wechat.lever('/pushes/settled');
const told = async (): Promise<Body[]> => {
  await settled();
  return ours.received.map(({ body }) => /<Event><!\[CDATA\[(\w+)\]\]><\/Event>/.exec(body)?.[1]);
};
const pushesOf = (kind: Kind): Body[] =>
  (kind === 'official-account' ? wechat.world.officialAccount : wechat.world.miniProgram).pushes.all();
/** Leaves a new account that was never verified. */
const opened = (kind: Kind = 'official-account') => step('open', {}, kind);
/** What an account's life ends in: the end of a verification that is months old. */
const lapsed = async () => {
  await wechat.advance(300 * DAY_MS + 1000);
};

describe('a verification', () => {
  it.each(KINDS)('of the %s is there at first, its end far away', async (kind) => {
    expect(await now(kind)).toEqual({
      state: 'verified',
      isQualified: true,
      isNamed: true,
      reviewFrom: NOON + 210 * DAY_MS,
      until: NOON + 300 * DAY_MS,
      reason: null,
    });
  });

  it.each(KINDS)('of the %s goes from opening through failures to the tick', async (kind) => {
    const walk: [string, string, boolean, boolean][] = [];
    for (const name of [
      'open',
      'submit',
      'qualification_fail',
      'submit',
      'qualification_fail',
      'submit',
      'qualification_success',
      'naming_fail',
      'naming_success',
    ]) {
      const { state, isQualified, isNamed } = await step(name, {}, kind);
      walk.push([name, state, isQualified, isNamed]);
    }
    expect(walk).toEqual([
      ['open', 'opened', false, false],
      ['submit', 'in_review', false, false],
      ['qualification_fail', 'qualification_failed', false, false],
      ['submit', 'in_review', false, false],
      ['qualification_fail', 'qualification_failed', false, false],
      ['submit', 'in_review', false, false],
      ['qualification_success', 'qualified', true, false],
      ['naming_fail', 'naming_failed', true, false],
      ['naming_success', 'verified', true, true],
    ]);
    expect(await now(kind)).toMatchObject({ until: NOON + 365 * DAY_MS, reason: null });
  });

  it('tells each step as documented', async () => {
    await listen();
    await opened();
    await step('submit');
    await step('qualification_fail', { reason: '营业执照照片不清晰' });
    await step('submit');
    await step('qualification_success', { until: Date.UTC(2027, 0, 1) });
    await step('naming_fail', { reason: '名称与注册商标相同' });
    await step('naming_success');
    expect(await told()).toEqual([
      'qualification_verify_fail',
      'qualification_verify_success',
      'naming_verify_fail',
      'naming_verify_success',
    ]);
    const seconds = NOON / 1000;
    const from = `<xml><ToUserName><![CDATA[${wechat.kit.officialAccount.originalId}]]></ToUserName><FromUserName><![CDATA[oSystemOpenid_00000000000a01]]></FromUserName><CreateTime>${seconds}</CreateTime><MsgType><![CDATA[event]]></MsgType>`;
    expect(ours.received.slice(0, 2).map(({ body }) => body)).toEqual([
      `${from}<Event><![CDATA[qualification_verify_fail]]></Event><FailTime>${seconds}</FailTime><FailReason><![CDATA[营业执照照片不清晰]]></FailReason></xml>`,
      `${from}<Event><![CDATA[qualification_verify_success]]></Event><ExpiredTime>1798761600</ExpiredTime></xml>`,
    ]);
  });

  it('comes to its annual review and to its end by the clock', async () => {
    await listen();
    await wechat.advance(210 * DAY_MS - 60_000);
    expect(await told()).toEqual([]);
    await wechat.advance(60_000);
    expect(await told()).toEqual(['annual_renew']);
    expect(await now()).toMatchObject({ state: 'review_due', isQualified: true });
    await wechat.advance(90 * DAY_MS);
    expect(await now()).toMatchObject({ state: 'review_due', isQualified: true });
    await wechat.advance(1000);
    expect(await told()).toEqual(['annual_renew', 'verify_expired']);
    expect(await now()).toMatchObject({ state: 'expired', isQualified: false, isNamed: false });

    const until = (NOON + 300 * DAY_MS) / 1000;
    expect(ours.received[0]!.body).toContain(
      `<CreateTime>${until - 90 * 86_400}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[annual_renew]]></Event><ExpiredTime>${until}</ExpiredTime>`,
    );
    expect(ours.received[1]!.body).toContain(`<CreateTime>${until + 1}</CreateTime>`);
    expect(ours.received[1]!.body).toContain(`<ExpiredTime>${until}</ExpiredTime>`);
  });

  it('that is renewed in time keeps its rights and its tick, and ends a year later', async () => {
    await wechat.advance(250 * DAY_MS);
    expect(await step('submit')).toMatchObject({ state: 'in_review', isQualified: true, isNamed: true });
    expect(await step('qualification_success')).toMatchObject({ state: 'qualified', isNamed: true });
    expect(await step('naming_success')).toMatchObject({ state: 'verified', until: NOON + 615 * DAY_MS });
    await listen();
    await wechat.advance(60 * DAY_MS);
    expect(await told()).toEqual([]);
    expect(await now()).toMatchObject({ state: 'verified' });
  });

  it('that fails its annual review lasts until its end', async () => {
    await wechat.advance(250 * DAY_MS);
    await step('submit');
    expect(await step('qualification_fail')).toMatchObject({ state: 'review_due', isQualified: true, isNamed: true });
    await wechat.advance(51 * DAY_MS);
    expect(await now()).toMatchObject({ state: 'qualification_failed', isQualified: false });
  });

  it('that is renewed after its end has its rights at once, and its tick only with the name', async () => {
    await lapsed();
    await step('submit');
    expect(await step('qualification_success')).toMatchObject({ isQualified: true, isNamed: false });
    expect(await step('naming_success')).toMatchObject({ isNamed: true });
  });

  it('ends at once by lever, and is told once', async () => {
    await listen();
    expect(await step('expire')).toMatchObject({ state: 'expired', push: { what: 'verify_expired' } });
    await settled();
    await wechat.advance(400 * DAY_MS);
    expect(await told()).toEqual(['verify_expired']);
  });

  it('is what it was at first after a reset, with another end if wanted', async () => {
    await step('expire');
    expect(await step('reset')).toMatchObject({ state: 'verified', until: NOON + 300 * DAY_MS, push: null });
    await listen();
    expect(await step('reset', { until: NOON + 30 * DAY_MS + 1 })).toMatchObject({
      state: 'review_due',
      until: NOON + 30 * DAY_MS,
    });
    await wechat.advance(31 * DAY_MS);
    expect(await told()).toEqual(['verify_expired']);
    expect(await step('reset', { until: NOON })).toMatchObject({ state: 'expired' });
  });

  it('takes no step out of turn', async () => {
    for (const name of ['submit', 'qualification_success', 'qualification_fail', 'naming_success', 'naming_fail'])
      await expect(step(name)).rejects.toThrow('409');
    await opened();
    for (const name of ['qualification_success', 'qualification_fail', 'naming_success', 'naming_fail', 'expire'])
      await expect(step(name)).rejects.toThrow('409');
    await step('submit');
    for (const name of ['submit', 'naming_success', 'naming_fail', 'expire'])
      await expect(step(name)).rejects.toThrow('409');
    await expect(step('qualification_success', { until: NOON })).rejects.toThrow('400');
    for (const wrong of [{ until: 'soon' }, { reason: '' }, { reason: 7 }])
      await expect(step('qualification_fail', wrong)).rejects.toThrow('400');
    await expect(step('jump')).rejects.toThrow('400');
    await expect(wechat.lever('/official-account/verification')).rejects.toThrow('400');
    expect(await now()).toMatchObject({ state: 'in_review' });
  });
});

describe('its events', () => {
  it('come to the mini-program as JSON, in the form of its pushes', async () => {
    await listen('mini-program');
    await settings({ numbersAs: 'number' }, 'mini-program');
    await wechat.advance(210 * DAY_MS);
    await settled();
    expect(JSON.parse(ours.received[0]!.body)).toEqual({
      ToUserName: wechat.kit.miniProgram.originalId,
      FromUserName: 'oSystemOpenid_00000000000b02',
      CreateTime: (NOON + 210 * DAY_MS) / 1000,
      MsgType: 'event',
      Event: 'annual_renew',
      ExpiredTime: (NOON + 300 * DAY_MS) / 1000,
    });
  });

  it('are tried three times, and then lost', async () => {
    await listen();
    ours.respond = (_push, response) => {
      response.statusCode = 500;
      response.end();
    };
    await wechat.advance(210 * DAY_MS + 60_000);
    expect(pushesOf('official-account')).toMatchObject([{ what: 'annual_renew', state: 'lost' }]);
    expect(ours.received).toHaveLength(3);
  });

  it('may be held, and then sent out of order and twice', async () => {
    await listen();
    await settings({ pushes: 'held' });
    await wechat.advance(301 * DAY_MS);
    const [due, expired] = pushesOf('official-account');
    expect([due.state, expired.state]).toEqual(['held', 'held']);
    await wechat.lever(`/pushes/${expired.id}/send`, { times: 2 });
    await wechat.lever(`/pushes/${due.id}/send`);
    expect(await told()).toEqual(['verify_expired', 'verify_expired', 'annual_renew']);
  });

  it('may be lost while all others flow', async () => {
    await listen();
    await settings({ verificationEvents: 'drop' });
    await wechat.advance(301 * DAY_MS);
    await step('submit');
    expect(await step('qualification_success')).toMatchObject({ isQualified: true, push: null });
    await wechat.lever('/people/chen/follow');
    expect(await told()).toEqual(['subscribe']);
  });

  it('on the way are told by a lever, and change nothing', async () => {
    await listen();
    const note = (event: string, reason?: string) =>
      wechat.lever('/official-account/verification/notes', { event, ...(reason ? { reason } : {}) });
    for (const event of ['wx_verify_pay_succ', 'wx_verify_dispatch', 'wx_verify_fail']) await note(event);
    const { push } = await note('wx_verify_refill', '请补充授权书');
    expect(push.content).toMatchObject({ RefillTime: NOON / 1000, RefillReason: '请补充授权书' });
    await expect(note('wx_verify_joke')).rejects.toThrow('400');
    expect(await told()).toEqual(['wx_verify_pay_succ', 'wx_verify_dispatch', 'wx_verify_fail', 'wx_verify_refill']);
    expect(await now()).toMatchObject({ state: 'verified' });
  });
});

describe('the rights of a service account', () => {
  const code = (scope = 'snsapi_userinfo') => {
    const person = wechat.world.people.get('lin');
    return wechat.world.web.codes.issue({
      personId: person.id,
      openid: wechat.openid('lin'),
      unionid: person.unionid,
      nickname: person.nickname,
      scope: scope as 'snsapi_userinfo',
      isSnapshot: false,
    });
  };
  const exchange = () =>
    wechat.get('/sns/oauth2/access_token', {
      ...wechat.secrets['official-account'],
      code: code(),
      grant_type: 'authorization_code',
    });

  /** The errcode of each call; 0 for success. */
  async function rights() {
    const access_token = await wechat.token();
    const openid = wechat.openid('lin');
    const template = wechat.kit.officialAccount.templates[0]!;
    const calls = {
      'template-send': wechat.post(
        '/cgi-bin/message/template/send',
        { access_token },
        {
          touser: openid,
          template_id: template.templateId,
          data: {
            character_string1: { value: 'TB20261122001' },
            thing2: { value: '公司注册' },
            amount3: { value: '199.00元' },
            time4: { value: '2026-11-22 10:00' },
          },
        },
      ),
      'template-list': wechat.get('/cgi-bin/template/get_all_private_template', { access_token }),
      'web-oauth': exchange(),
      'user-info': wechat.get('/cgi-bin/user/info', { access_token, openid }),
      'js-sdk': wechat.get('/cgi-bin/ticket/getticket', { access_token, type: 'jsapi' }),
    };
    const answers = Object.entries(calls).map(async ([right, answer]): Promise<[string, number]> => {
      const { body } = await answer;
      return [right, body.errcode ?? 0];
    });
    return Object.fromEntries(await Promise.all(answers));
  }
  const all = { 'template-send': 0, 'template-list': 0, 'web-oauth': 0, 'user-info': 0, 'js-sdk': 0 };
  const withdrawn = {
    'template-send': 48001,
    'template-list': 48001,
    'web-oauth': 48001,
    'user-info': 48001,
    'js-sdk': 0,
  };

  it('go with its verification, and come back when it is qualified again', async () => {
    expect(await rights()).toEqual(all);
    await lapsed();
    expect(await rights()).toEqual(withdrawn);
    await step('submit');
    expect(await rights()).toEqual(withdrawn);
    await step('qualification_success');
    expect(await rights()).toEqual(all);
    await step('naming_fail');
    expect(await rights()).toEqual(all);
  });

  it('are not there before its qualification', async () => {
    await opened();
    expect(await rights()).toEqual(withdrawn);
    await step('submit');
    await step('qualification_fail');
    expect(await rights()).toEqual(withdrawn);
  });

  it('that go can be chosen, down to none', async () => {
    await step('expire');
    await settings({ withdrawnRights: ['js-sdk'] });
    expect(await rights()).toEqual({ ...all, 'js-sdk': 48001 });
    await settings({ withdrawnRights: [] });
    expect(await rights()).toEqual(all);
    await expect(settings({ withdrawnRights: ['flying'] })).rejects.toThrow('400');
  });

  it('are missed by people who signed in before, and on the page where others would', async () => {
    const { body: grant } = await exchange();
    const profile = () =>
      wechat.get('/sns/userinfo', { access_token: grant.access_token, openid: grant.openid, lang: 'zh_CN' });
    expect((await profile()).body.openid).toBe(grant.openid);
    await step('expire');
    expect((await profile()).body.errcode).toBe(48001);
    const page = await wechat.get('/connect/oauth2/authorize', {
      appid: grant.appid ?? wechat.kit.officialAccount.appid,
      redirect_uri: 'http://localhost/back',
      response_type: 'code',
      scope: 'snsapi_base',
      state: '1',
    });
    expect(page.text).toContain('10005');
  });

  it('are not the mini-program’s: its calls work on', async () => {
    await step('expire', {}, 'mini-program');
    const { code: jsCode } = await wechat.lever('/people/lin/mini-program/login');
    const session = await wechat.get('/sns/jscode2session', {
      ...wechat.secrets['mini-program'],
      js_code: jsCode,
      grant_type: 'authorization_code',
    });
    expect(session.body.openid).toBe(wechat.openid('lin', 'mini-program'));
    const access_token = await wechat.token('mini-program');
    expect((await wechat.get('/wxaapi/newtmpl/gettemplate', { access_token })).body.errcode).toBe(0);
    expect((await rights())['template-send']).toBe(0);
  });
});
