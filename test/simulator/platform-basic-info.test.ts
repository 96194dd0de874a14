import { startPlatform, NOON, type PlatformDriver } from './platform-support.ts';

const DAY_MS = 86_400_000;
const PATH = '/cgi-bin/account/getaccountbasicinfo';

let wechat: PlatformDriver;
beforeEach(async () => {
  wechat = await startPlatform();
});
afterEach(() => wechat.stop());

const step = (name: string) => wechat.lever('/official-account/verification', { step: name });
const settings = (body: object) => wechat.lever('/official-account/settings', body);
const asked = async (method = 'POST', kind: 'official-account' | 'mini-program' = 'official-account') =>
  (await wechat.call(method, PATH, { access_token: await wechat.token(kind) })).body;

describe('the basic info of an account', () => {
  it('has every field that is documented', async () => {
    expect(await asked()).toEqual({
      errcode: 0,
      errmsg: 'ok',
      appid: wechat.kit.officialAccount.appid,
      account_type: 2,
      principal_type: 1,
      principal_name: '上海通办企业服务有限公司',
      credential: '91310115MA1K4TB02J',
      realname_status: 1,
      customer_type: 1,
      registered_country: 1017,
      nickname: '通办服务号',
      wx_verify_info: {
        qualification_verify: true,
        naming_verify: true,
        annual_review: false,
        annual_review_begin_time: (NOON + 210 * DAY_MS) / 1000,
        annual_review_end_time: (NOON + 300 * DAY_MS) / 1000,
      },
      signature_info: { signature: expect.any(String), modify_used_count: 0, modify_quota: 5 },
      head_image_info: { head_image_url: expect.any(String), modify_used_count: 0, modify_quota: 5 },
      nickname_info: { nickname: '通办服务号', modify_used_count: 0, modify_quota: 2 },
    });
    expect(await asked('POST', 'mini-program')).toMatchObject({
      appid: wechat.kit.miniProgram.appid,
      account_type: 3,
      nickname: '通办',
    });
  });

  it('follows the life of the verification', async () => {
    await wechat.advance(210 * DAY_MS);
    expect((await asked()).wx_verify_info).toMatchObject({ annual_review: true });
    await step('open');
    const nothing = { qualification_verify: false, naming_verify: false };
    expect(await asked()).toMatchObject({ realname_status: 2, customer_type: 0 });
    expect((await asked()).wx_verify_info).toEqual(nothing);
    await step('submit');
    await step('qualification_success');
    expect(await asked()).toMatchObject({
      realname_status: 1,
      customer_type: 1,
      wx_verify_info: { qualification_verify: true, naming_verify: false, annual_review: false },
    });
    await step('expire');
    expect(await asked()).toMatchObject({ realname_status: 1, customer_type: 0 });
    expect((await asked()).wx_verify_info).toEqual(nothing);
  });

  it('may say of a lapsed account that it is qualified until an instant that is over', async () => {
    await settings({ lapseShownAs: 'end-passed' });
    await wechat.advance(300 * DAY_MS + 1000);
    expect(await asked()).toMatchObject({
      customer_type: 1,
      wx_verify_info: {
        qualification_verify: true,
        naming_verify: true,
        annual_review: true,
        annual_review_end_time: (NOON + 300 * DAY_MS) / 1000,
      },
    });
  });

  it('of a person names no code', async () => {
    await settings({ principalName: '林小满', credential: '' });
    const told = await asked();
    expect(told).toMatchObject({ principal_type: 0, principal_name: '林小满', customer_type: 15 });
    expect(told).not.toHaveProperty('credential');
  });

  it('may have its flags as numbers', async () => {
    await settings({ basicInfoFlags: 'number' });
    expect((await asked()).wx_verify_info).toMatchObject({
      qualification_verify: 1,
      naming_verify: 1,
      annual_review: 0,
    });
  });

  it.each([
    ['both', 0, 0],
    ['post', 0, 43002],
    ['get', 43001, 0],
  ])('is asked for by %s', async (basicInfoMethods, post, get) => {
    await settings({ basicInfoMethods });
    expect([(await asked('POST')).errcode, (await asked('GET')).errcode]).toEqual([post, get]);
  });

  it('may be kept from the account itself', async () => {
    await settings({ basicInfo: 'not_available' });
    expect(await asked()).toMatchObject({ errcode: 48001, errmsg: expect.stringContaining('api unauthorized') });
    expect((await asked('POST', 'mini-program')).errcode).toBe(0);
  });

  it('is counted like any other call, and needs a token', async () => {
    await wechat.lever('/official-account/quotas', { path: PATH, daily: 1 });
    expect((await asked()).errcode).toBe(0);
    expect((await asked()).errcode).toBe(45009);
    expect((await wechat.post(PATH, {}, {})).body.errcode).toBe(41001);
  });
});
