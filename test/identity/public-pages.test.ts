import { askedWhenPaying } from '../../templates/messages/index.ts';
import { type IdentityWorld, startIdentityWorld } from './identity-world.ts';

let world: IdentityWorld;
beforeAll(async () => void (world = await startIdentityWorld({ OFFICIAL_ACCOUNT_NAME: '通办测试号' })));
afterAll(() => world.stop());

const get = (path: string) => world.call('', 'GET', path);
const sign = (url: string) => get(`/app/js-sdk?url=${encodeURIComponent(url)}`);

describe('GET /app/settings', () => {
  it('tells a page what it must know before anyone signs in', async () => {
    const { officialAccount } = world.wechat.world.kit;
    const answer = await get('/app/settings');
    expect([answer.status, answer.body.data]).toEqual([
      200,
      {
        jsSdkScript: `${world.wechat.origin}/open/js/jweixin-1.6.0.js`,
        officialAccountAppid: officialAccount.appid,
        officialAccountName: '通办测试号',
        consentTemplateIds: askedWhenPaying.map((message) => world.desk.config.MINI_PROGRAM_TEMPLATES[message]),
        agencyName: '通办测试号',
        canAuthorise: true,
      },
    ]);
    expect((await fetch(answer.body.data.jsSdkScript)).status).toBe(200);
  });
});

describe('GET /app/js-sdk', () => {
  it('signs one of our pages so that WeChat takes it, whatever stands behind the #', async () => {
    const page = `${world.origin}/?from=chat&名=值`;
    const answer = await sign(`${page}#/pages/orders/index`);
    expect(answer.status).toBe(200);
    const { appId, timestamp, nonceStr, signature } = answer.body.data;
    const check = await fetch(`${world.wechat.origin}/levers/web/check-config`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appId, timestamp, nonceStr, signature, url: page, jsApiList: ['chooseWXPay'] }),
    });
    expect(await check.json()).toMatchObject({ ok: true });
  });

  it.each([
    'https://evil.example/',
    'http://127.0.0.1/',
    'javascript:alert(1)',
    '/pages',
    '',
    'null',
    `http://127.0.0.1.evil.example/`,
  ])('signs nothing for %j', async (url) => {
    const answer = await sign(url);
    expect([answer.status, answer.body.error.code]).toEqual([422, 'request.invalid']);
    expect(answer.body.error.detail.fields[0].field).toBe('url');
  });

  it('is not fooled by our address in somebody else’s', async () => {
    for (const url of [
      `${world.origin}@evil.example/`,
      `https://evil.example/${world.origin}`,
      `${world.origin}.evil/`,
    ])
      expect((await sign(url)).status).toBe(422);
  });

  it('names the field when it is missing or too long', async () => {
    expect((await get('/app/js-sdk')).body.error.detail.fields[0].field).toBe('url');
    expect((await sign(`${world.origin}/${'a'.repeat(2049)}`)).status).toBe(422);
  });
});
