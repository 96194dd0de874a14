import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningSimulator } from '../../../simulator/src/simulator.ts';
import { WechatToken } from '../../../entities/wechat-token.ts';
import { createMiniProgram, type MiniProgram } from '../../../src/platform/mini-program/index.ts';
import { createOfficialAccount, type OfficialAccount } from '../../../src/platform/official-account/index.ts';
import type { Push, PushFault } from '../../../src/platform/wechat-api/push.ts';
import { startTestSimulator } from '../../simulator/support.ts';
import { freshDatabase } from '../../support/database.ts';
import { testLog, testVault } from './gateway-world.ts';

/** Both gateways against the stand-in WeChat, on its clock. */
export async function startSimulated() {
  const simulator = await startTestSimulator({ now: Date.parse('2026-11-22T02:00:00Z') });
  const fresh = await freshDatabase();
  const world = {
    database: fresh.database,
    vault: testVault(),
    now: () => new Date(simulator.world.clock.now()),
    log: testLog().log,
  };
  const config = configOf(simulator);
  const openGateways = () => ({
    officialAccount: createOfficialAccount({ ...world, config }),
    miniProgram: createMiniProgram({ ...world, config }),
  });
  let gateways = openGateways();
  const closeGateways = () => Promise.all([gateways.officialAccount.stop(), gateways.miniProgram.stop()]);

  async function lever<T>(path: string, body: object = {}): Promise<T> {
    const answer = await fetch(`${simulator.origin}/levers${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  return {
    simulator,
    config,
    get officialAccount() {
      return gateways.officialAccount;
    },
    get miniProgram() {
      return gateways.miniProgram;
    },
    lever,
    fault: (path: string, kind: string, more: object = {}) => lever('/faults', { path, kind, ...more }),
    callsTo: (path: string) => simulator.world.calls.all().filter((call) => call.path.startsWith(path)).length,
    openidOf: (person: string, appid: string) => simulator.world.people.get(person).openids[appid] ?? '',
    gatewayInMode: (mode: 'plain' | 'compatible' | 'safe') =>
      createOfficialAccount({ ...world, config: { ...config, OFFICIAL_ACCOUNT_PUSH_MODE: mode } }),
    /** A stand-in WeChat, a token store and gateways that know nothing. */
    async reset() {
      await closeGateways();
      gateways = openGateways();
      await simulator.world.reset();
      await fresh.database.transaction((db) => db.clear(WechatToken));
    },
    async stop() {
      await closeGateways();
      await simulator.stop();
      await fresh.drop();
    },
  };
}

function configOf({ origin, world: { kit } }: RunningSimulator) {
  return {
    WECHAT_API_ORIGIN: origin,
    WECHAT_OPEN_ORIGIN: origin,
    WECHAT_API_TIMEOUT_MS: 5000,
    OFFICIAL_ACCOUNT_APPID: kit.officialAccount.appid,
    OFFICIAL_ACCOUNT_SECRET: kit.officialAccount.secret,
    OFFICIAL_ACCOUNT_ORIGINAL_ID: kit.officialAccount.originalId,
    OFFICIAL_ACCOUNT_PUSH_TOKEN: kit.officialAccount.token,
    OFFICIAL_ACCOUNT_PUSH_KEY: kit.officialAccount.encodingAesKey,
    OFFICIAL_ACCOUNT_PUSH_MODE: kit.officialAccount.pushMode,
    MINI_PROGRAM_APPID: kit.miniProgram.appid,
    MINI_PROGRAM_SECRET: kit.miniProgram.secret,
    MINI_PROGRAM_ORIGINAL_ID: kit.miniProgram.originalId,
    MINI_PROGRAM_PUSH_TOKEN: kit.miniProgram.token,
    MINI_PROGRAM_PUSH_KEY: kit.miniProgram.encodingAesKey,
    MINI_PROGRAM_PUSH_MODE: kit.miniProgram.pushMode,
  };
}

/** The barest push URL: what the gateway opens is kept, what it refuses is answered with 403. */
export async function startPushDoor(gateway: () => OfficialAccount | MiniProgram) {
  const pushes: Push[] = [];
  const faults: PushFault[] = [];
  const server = createServer((request, response) => {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://door').searchParams);
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.method === 'GET') return response.end(gateway().verifyServerUrl(query) ?? 'no');
      const result = gateway().openPush(query, Buffer.concat(parts));
      if (result.ok) pushes.push(result.push);
      else faults.push(result.reason);
      return response.writeHead(result.ok ? 200 : 403).end(result.ok ? 'success' : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pushes`,
    pushes,
    faults,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
