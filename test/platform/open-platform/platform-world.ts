import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Authorisation } from '../../../entities/authorisation.ts';
import { WechatToken } from '../../../entities/wechat-token.ts';
import { createVault } from '../../../src/platform/crypto.ts';
import type { Database } from '../../../src/platform/database/index.ts';
import {
  type ComponentPush,
  createOpenPlatform,
  type OpenPlatform,
} from '../../../src/platform/open-platform/index.ts';
import type { OpenPlatformConfig } from '../../../src/platform/open-platform/settings.ts';
import type { Push } from '../../../src/platform/wechat-api/push.ts';
import { startTestSimulator } from '../../simulator/support.ts';
import { freshDatabase } from '../../support/database.ts';
import { leverOf } from '../../support/lever.ts';
import { testLog } from '../wechat-api/gateway-world.ts';

/** Drawn at each run. */
export const SECRET_KEY = randomBytes(32).toString('hex');

/** Gateways of our third-party platform against the stand-in WeChat, on its clock, with the barest push URLs. */
export async function startPlatformWorld() {
  const simulator = await startTestSimulator({ now: Date.parse('2026-11-22T02:00:00Z') });
  const fresh = await freshDatabase();
  const vault = createVault(SECRET_KEY);
  const { log, lines } = testLog();
  const now = () => new Date(simulator.world.clock.now());
  const config = configFor(simulator.origin, simulator.world.kit.openPlatform);
  const opened: OpenPlatform[] = [];
  const gatewayOn = (database: Database): OpenPlatform => {
    const gateway = createOpenPlatform({ config, database, vault, now, log })!;
    opened.push(gateway);
    return gateway;
  };
  let gateway = gatewayOn(fresh.database);
  const door = await startDoor(() => gateway);
  const lever = leverOf(simulator.origin);
  const platform = <T>(path: string, body: object = {}) => lever<T>(`/open-platform${path}`, body);

  return {
    simulator,
    vault,
    config,
    lines,
    door,
    now,
    lever,
    platform,
    settings: fresh.settings,
    database: fresh.database,
    get gateway() {
      return gateway;
    },
    /** One with a connection of its own, as another process has. */
    anotherGateway: async () => gatewayOn(await fresh.open()),
    /** Tells WeChat where we are; the first ticket comes and is kept. */
    async introduce(more: object = {}) {
      await platform('/settings', { authorisationUrl: door.url, messageUrl: `${door.url}/$APPID$`, ...more });
      await lever('/pushes/settled', {});
    },
    settled: () => lever('/pushes/settled', {}),
    fault: (path: string, kind: string, more: object = {}) => lever('/faults', { path, kind, ...more }),
    callsTo: (path: string) => simulator.world.calls.all(path).length,
    advance: (advanceMs: number) => lever('/clock', { advanceMs }),
    account: async (more: object = {}) => (await platform<{ appid: string }>('/accounts', more)).appid,
    /** An account whose owner authorised it, and whose code was turned into tokens. */
    async authorised(more: object = {}) {
      const { appid } = await platform<{ appid: string }>('/accounts', more);
      const { authCode } = await platform<{ authCode: string }>(`/accounts/${appid}/authorise`);
      await gateway.queryAuth(authCode);
      return appid;
    },
    rowOf: (appid: string) => fresh.database.reader.findOneByOrFail(Authorisation, { appid }),
    /** A stand-in WeChat, a database and a gateway that know nothing. */
    async reset() {
      await simulator.world.reset();
      await fresh.database.transaction(async (db) => {
        await db.clear(WechatToken);
        await db.clear(Authorisation);
      });
      gateway = gatewayOn(fresh.database);
      door.pushes.length = 0;
      door.accountPushes.length = 0;
      door.faults.length = 0;
      lines.length = 0;
    },
    async stop() {
      await Promise.all(opened.map((each) => each.stop()));
      await door.stop();
      await simulator.stop();
      await fresh.drop();
    },
  };
}

export type PlatformWorld = Awaited<ReturnType<typeof startPlatformWorld>>;

const configFor = (
  origin: string,
  kit: { appid: string; secret: string; token: string; encodingAesKey: string },
): OpenPlatformConfig => ({
  WECHAT_API_ORIGIN: origin,
  WECHAT_OPEN_ORIGIN: origin,
  WECHAT_MP_ORIGIN: origin,
  WECHAT_API_TIMEOUT_MS: 5000,
  OPEN_PLATFORM_APPID: kit.appid,
  OPEN_PLATFORM_SECRET: kit.secret,
  OPEN_PLATFORM_PUSH_TOKEN: kit.token,
  OPEN_PLATFORM_PUSH_KEY: kit.encodingAesKey,
});

/** What is opened is kept, tickets as they must be; what is not believed is answered with 403. */
async function startDoor(gateway: () => OpenPlatform) {
  const pushes: ComponentPush[] = [];
  const accountPushes: Push[] = [];
  const faults: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://door');
    const query = Object.fromEntries(url.searchParams);
    const [, , appid] = url.pathname.split('/');
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => void take(appid, query, Buffer.concat(parts)).then((ok) => answer(ok)));
    const answer = (isBelieved: boolean) => response.writeHead(isBelieved ? 200 : 403).end(isBelieved ? 'success' : '');
  });

  async function take(appid: string | undefined, query: Record<string, string>, body: Buffer): Promise<boolean> {
    if (appid !== undefined) {
      const opened = gateway().openAccountPush({ appid, originalId: null }, query, body);
      if (opened.ok) accountPushes.push(opened.push);
      else faults.push(opened.reason);
      return opened.ok;
    }
    const opened = gateway().openPush(query, body);
    if (!opened.ok) return (faults.push(opened.reason), false);
    const { push } = opened;
    pushes.push(push);
    if (push.infoType === 'component_verify_ticket') await gateway().keepTicket(push.ticket, push.at);
    return true;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/open-platform`,
    pushes,
    accountPushes,
    faults,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
