import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '../../support/until.ts';
import type { UserSettings } from './authorizer-user.ts';
import { type PlatformWorld, SECRET_KEY, startPlatformWorld } from './platform-world.ts';

const HOUR = 3600_000;
const REFRESH = '/cgi-bin/component/api_authorizer_token';
const BASIC = '/cgi-bin/account/getaccountbasicinfo';

let wechat: PlatformWorld;
beforeAll(async () => {
  wechat = await startPlatformWorld();
});
beforeEach(async () => {
  await wechat.reset();
  await wechat.introduce();
});
afterAll(() => wechat.stop());

/** Refreshes that WeChat granted. */
const refreshes = () => wechat.simulator.world.calls.all(REFRESH).filter(({ code }) => code === undefined).length;
const many = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work));
const tokenAtWechat = (appid: string) => wechat.simulator.world.openPlatform.get(appid).authorisation!.refreshToken;
const tokenHere = async (appid: string) =>
  wechat.vault.open((await wechat.rowOf(appid)).refreshTokenSealed, `authorisation:${appid}`);

it('three processes refresh once, and lose nothing, again and again', async () => {
  const appid = await wechat.authorised();
  const settings: UserSettings = {
    config: wechat.config,
    databaseUrl: wechat.settings.DATABASE_URL,
    file: join(wechat.settings.DATA_FOLDER, 'tongban.sqlite'),
    secretKey: SECRET_KEY,
    appid,
  };
  const children = [1, 2, 3].map(() => start(settings));
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    for (const round of [1, 2, 3]) {
      await wechat.advance(2 * HOUR);
      const done = children.map((child) => once(child, 'message'));
      for (const child of children) child.send({ aheadMs: wechat.now().getTime() - Date.now() });
      await Promise.all(done);
      expect([refreshes(), wechat.callsTo(REFRESH), wechat.callsTo(BASIC)]).toEqual([round, round, round * 60]);
    }
    expect(await wechat.rowOf(appid)).toMatchObject({ state: 'authorised', generation: 4 });
    expect(await tokenHere(appid)).toBe(tokenAtWechat(appid));
    const ends = children.map((child) => once(child, 'exit'));
    for (const child of children) child.send('end');
    expect((await Promise.all(ends)).map(([code]) => code as number)).toEqual([0, 0, 0]);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}, 120_000);

it('three gateways that are refused the same token refresh once', async () => {
  const appid = await wechat.authorised();
  const gateways = [wechat.gateway, await wechat.anotherGateway(), await wechat.anotherGateway()];
  await Promise.all(gateways.map((gateway) => gateway.basicInfo(appid)));
  await wechat.platform('/tokens/expire');
  await Promise.all(gateways.flatMap((gateway) => [1, 2, 3, 4, 5].map(() => gateway.basicInfo(appid))));
  expect(refreshes()).toBe(1);
  expect(await tokenHere(appid)).toBe(tokenAtWechat(appid));
});

it('whoever is so slow that another took over does not put his refresh token in the place of the newer one', async () => {
  const appid = await wechat.authorised();
  const other = await wechat.anotherGateway();
  await wechat.advance(2 * HOUR);
  const before = tokenAtWechat(appid);
  await wechat.fault(REFRESH, 'delay-after-effect', { ms: 1500 });
  const slow = wechat.gateway.basicInfo(appid);
  await until('WeChat has refreshed', () => tokenAtWechat(appid) !== before);
  await wechat.advance(60_000);
  expect(await other.basicInfo(appid)).toMatchObject({ appid });
  expect(await slow).toMatchObject({ appid });
  expect(refreshes()).toBe(2);
  expect(await wechat.rowOf(appid)).toMatchObject({ state: 'authorised' });
  expect(await tokenHere(appid)).toBe(tokenAtWechat(appid));
});

it('an authorisation that is granted anew while the old one is found lost stays', async () => {
  const appid = await wechat.authorised();
  await wechat.advance(2 * HOUR);
  await wechat.platform(`/accounts/${appid}/lose-refresh-token`);
  await wechat.fault(REFRESH, 'delay-after-effect', { ms: 1500 });
  const lost = many(5, () => wechat.gateway.basicInfo(appid)).catch((error: unknown) => error);
  await until('WeChat has refused', () => wechat.simulator.world.faults.all().some(({ hits }) => hits === 1));
  const { authCode } = await wechat.platform<{ authCode: string }>(`/accounts/${appid}/authorise`);
  await (await wechat.anotherGateway()).queryAuth(authCode);
  await lost;
  expect(await wechat.rowOf(appid)).toMatchObject({ state: 'authorised' });
  expect(await wechat.gateway.basicInfo(appid)).toMatchObject({ appid });
});

it('a refusal that was on its way while the owner granted anew says nothing about the new authorisation', async () => {
  const appid = await wechat.authorised();
  await wechat.platform(`/accounts/${appid}/revoke`);
  await wechat.fault(BASIC, 'delay-after-effect', { ms: 1500 });
  const refused = wechat.gateway.basicInfo(appid).catch((error: unknown) => error);
  await until('WeChat has refused', () => wechat.simulator.world.faults.all().some(({ hits }) => hits === 1));
  const { authCode } = await wechat.platform<{ authCode: string }>(`/accounts/${appid}/authorise`);
  await (await wechat.anotherGateway()).queryAuth(authCode);
  expect(await refused).toMatchObject({ code: 'authorisation_lost' });
  expect(await wechat.rowOf(appid)).toMatchObject({ state: 'authorised' });
});

const start = (settings: UserSettings): ChildProcess =>
  fork('test/platform/open-platform/authorizer-user.ts', {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, AUTHORIZER_USER: JSON.stringify(settings) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
