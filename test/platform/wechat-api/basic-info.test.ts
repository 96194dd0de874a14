import type { z } from 'zod';
import { WechatToken } from '../../../entities/wechat-token.ts';
import { UpstreamError } from '../../../src/platform/errors.ts';
import { createMiniProgram } from '../../../src/platform/mini-program/index.ts';
import { createOfficialAccount, type OfficialAccount } from '../../../src/platform/official-account/index.ts';
import { askBasicInfo } from '../../../src/platform/wechat-api/basic-info.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { testClock, testConfig, testLog, testVault } from './gateway-world.ts';

const PATH = '/cgi-bin/account/getaccountbasicinfo';

/** Written from the documentation's list of fields. */
const VECTOR = `{"errcode":0,"errmsg":"ok","appid":"wx0123456789abcdef","account_type":2,"principal_type":1,"principal_name":"Example Trading Co., Ltd.",
 "credential":"91440300MA5EXAMPLE","realname_status":1,"customer_type":1,"registered_country":1017,"nickname":"Example Shop",
 "wx_verify_info":{"qualification_verify":true,"naming_verify":true,"annual_review":false,
                   "annual_review_begin_time":1790985600,"annual_review_end_time":1798761600},
 "signature_info":{"signature":"Tea and cups","modify_used_count":1,"modify_quota":5},
 "head_image_info":{"head_image_url":"http://wx.qlogo.cn/mmhead/EXAMPLE/0","modify_used_count":0,"modify_quota":5},
 "nickname_info":{"nickname":"Example Shop","modify_used_count":0,"modify_quota":2}}`;
const verified = JSON.parse(VECTOR) as Record<string, unknown> & { wx_verify_info: object };

let fresh: TestDatabase;
let api: ApiServer;
let account: OfficialAccount;
let world: Omit<Parameters<typeof createOfficialAccount>[0], 'config'>;

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  await fresh.database.transaction((db) => db.clear(WechatToken));
  api = await startApiServer();
  world = { database: fresh.database, vault: testVault(), now: testClock().now, log: testLog().log };
  account = createOfficialAccount({ ...world, config: testConfig(api.origin) });
});
afterEach(async () => {
  await account.stop();
  await api.stop();
});

const told = (answer: object | string) => {
  api.answer(PATH, answer);
  return account.basicInfo();
};
const withVerification = (changes: object) => ({
  ...verified,
  wx_verify_info: { ...verified.wx_verify_info, ...changes },
});

describe('what WeChat says of an account', () => {
  it('is asked for by POST without a body, under the token of the account', async () => {
    expect(await told(VECTOR)).toEqual({
      appid: 'wx0123456789abcdef',
      kind: 'service',
      nickname: 'Example Shop',
      principalName: 'Example Trading Co., Ltd.',
      credential: '91440300MA5EXAMPLE',
      realName: 'passed',
      customerType: 1,
      isQualified: true,
      isNamed: true,
      reviewFrom: new Date('2026-10-03T00:00:00Z'),
      reviewUntil: new Date('2027-01-01T00:00:00Z'),
    });
    expect(api.to(PATH)).toMatchObject([{ method: 'POST', rawBody: '', query: { access_token: 'T1' } }]);
  });

  it('is asked for by GET where the account is told to', async () => {
    api.answer(PATH, { errcode: 43001, errmsg: 'require GET method' }, verified);
    expect(await account.basicInfo()).toMatchObject({ isQualified: true });
    expect(api.to(PATH).map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it('is not asked for a third time', async () => {
    api.answer(PATH, { errcode: 43001, errmsg: 'require GET method' });
    await expect(account.basicInfo()).rejects.toMatchObject({ code: 'method_wrong', action: 'surface' });
    expect(api.to(PATH)).toHaveLength(2);
  });

  it.each([
    ['at once', [{ errcode: 48001, errmsg: 'api unauthorized hints: [4hACBMnre-IJw!]' }]],
    ['by GET', [{ errcode: 43001 }, { errcode: 48001 }]],
  ])('may be kept from us, %s', async (_, replies) => {
    api.answer(PATH, ...replies);
    expect(await account.basicInfo()).toBe('not_available');
  });

  it.each([
    [-1, 'busy'],
    [45009, 'daily_quota'],
    [48004, 'banned'],
  ])('is not taken for kept from us at %i', async (errcode, code) => {
    api.answer(PATH, { errcode, errmsg: 'no' });
    await expect(account.basicInfo()).rejects.toMatchObject({ code });
  });

  it('is asked for once more with a new token when the old one is refused', async () => {
    api.answer(PATH, { errcode: 40001, errmsg: 'invalid credential' }, verified);
    expect(await account.basicInfo()).toMatchObject({ isNamed: true });
    expect(api.to(PATH).map(({ query }) => query.access_token)).toEqual(['T1', 'T2']);
  });

  it('of a mini-program', async () => {
    const config = testConfig(api.origin);
    const program = createMiniProgram({ ...world, config });
    api.answer(PATH, { ...verified, appid: config.MINI_PROGRAM_APPID, account_type: 3 });
    expect(await program.basicInfo()).toMatchObject({ kind: 'mini_program', isQualified: true });
    await program.stop();
  });
});

describe('an answer', () => {
  it.each([
    [true, false],
    [1, 0],
    ['1', '0'],
    ['true', 'false'],
  ])('may have its flags as %j and %j', async (yes, no) => {
    const answer = withVerification({ qualification_verify: yes, naming_verify: no, annual_review: no });
    expect(await told(answer)).toMatchObject({ isQualified: true, isNamed: false });
  });

  it('may have its numbers as text', async () => {
    const answer = withVerification({ annual_review_begin_time: '1790985600', annual_review_end_time: '1798761600' });
    expect(
      await told({ ...answer, account_type: '2', realname_status: '3', customer_type: '12', errcode: '0' }),
    ).toMatchObject({
      kind: 'service',
      realName: 'failed',
      customerType: 12,
      reviewFrom: new Date('2026-10-03T00:00:00Z'),
      reviewUntil: new Date('2027-01-01T00:00:00Z'),
    });
  });

  it('of a person has no code of an enterprise', async () => {
    const { credential: _, ...personal } = verified;
    expect(await told({ ...personal, principal_type: 0, customer_type: 15 })).toMatchObject({ credential: null });
    expect(await told({ ...verified, credential: '' })).toMatchObject({ credential: null });
  });

  it('of an account that was never verified says little', async () => {
    const little = { appid: 'wx0123456789abcdef', customer_type: 0, realname_status: 2 };
    const nothing = {
      appid: 'wx0123456789abcdef',
      kind: null,
      nickname: null,
      principalName: null,
      credential: null,
      realName: 'in_progress',
      customerType: 0,
      isQualified: false,
      isNamed: false,
      reviewFrom: null,
      reviewUntil: null,
    };
    expect(await told(little)).toEqual(nothing);
    expect(await told({ ...little, wx_verify_info: null })).toEqual(nothing);
    const flags = { qualification_verify: false, naming_verify: false };
    expect(await told({ ...little, wx_verify_info: flags })).toEqual(nothing);
  });

  it('of an account that is not qualified has no annual review, whatever stands there', async () => {
    expect(await told(withVerification({ qualification_verify: false }))).toMatchObject({
      isQualified: false,
      reviewFrom: null,
      reviewUntil: null,
    });
  });

  it.each([[0], [-1], [''], ['soon'], [null], [1e15], [1_798_761_600_000]])(
    'may tell the end of the verification as %j, which is no time',
    async (time) => {
      expect(await told(withVerification({ annual_review_end_time: time }))).toMatchObject({
        isQualified: true,
        reviewUntil: null,
      });
    },
  );

  it.each([
    ['kinds', { account_type: 9, realname_status: 0, customer_type: 'x' }],
    ['an SDK’s idea of a kind', { account_type: '服务号', realname_status: -1, customer_type: {} }],
    ['nothing', { account_type: null, realname_status: null, customer_type: null }],
  ])('may have %s that nobody documents', async (_, strange) => {
    expect(await told({ ...verified, ...strange })).toMatchObject({ kind: null, realName: null, customerType: null });
  });

  it.each([
    ['about another account', { ...verified, appid: 'wxfedcba9876543210' }],
    ['about nobody', { ...verified, appid: undefined }],
    ['that is silent about the verification of a verified account', { ...verified, wx_verify_info: undefined }],
    ['that says nothing', { errcode: 0, errmsg: 'ok', appid: 'wx0123456789abcdef' }],
    ['with a verification that says neither yes nor no', { ...verified, wx_verify_info: {} }],
    ['with a flag that is neither', withVerification({ qualification_verify: 2 })],
  ])('%s proves nothing', async (_, answer) => {
    await expect(told(answer)).rejects.toMatchObject({ kind: 'unknown', code: 'unexpected_answer', retryable: true });
  });
});

it('is asked through whoever has the token of the account', async () => {
  const methods: string[] = [];
  const caller = {
    call<T>({ method }: { method: string }, shape: z.ZodType<T>): Promise<T> {
      methods.push(method);
      if (method === 'GET') return Promise.resolve(shape.parse(verified));
      const refusal = new UpstreamError('official-account', 'refused', 'method_wrong', false, { wechatCode: 43001 });
      return Promise.reject(refusal);
    },
  };
  expect(await askBasicInfo(caller, 'wx0123456789abcdef')).toMatchObject({ nickname: 'Example Shop' });
  expect(methods).toEqual(['POST', 'GET']);
});
