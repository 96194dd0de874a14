import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { environmentFor, introduce } from '../../scripts/kit.mjs';
import type { PaySettings } from '../../simulator/src/pay/settings.ts';
import { type RunningSimulator, startSimulator } from '../../simulator/src/simulator.ts';
import { type Config, loadConfig } from '../../config/index.ts';
import { createApp } from '../../src/app.ts';
import { createLog } from '../../src/platform/log.ts';
import { createWorld, prepareWorld, type World } from '../../src/world.ts';
import { freshSchema } from './database.ts';
import { type Lever, leverOf } from './lever.ts';
import { Phone } from './phone.ts';
import { sharedKit } from '../simulator/support.ts';

/** A clock that stands where it was put and goes on from there, like the simulator's. */
class TestClock {
  private offsetMs = 0;
  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }
  advance(ms: number): void {
    this.offsetMs += ms;
  }
}

export interface TestWorld {
  world: World;
  config: Config;
  simulator: RunningSimulator;
  /** Our server's address. */
  origin: string;
  clock: TestClock;
  /** Everything that was logged, one JSON line each. */
  logged: string[];
  /** Moves both clocks and runs what became due, ours and WeChat's, until nothing is left to do. */
  advance(ms: number): Promise<void>;
  /** Runs every job that is due now. */
  settle(): Promise<void>;
  /** Runs jobs until what is asked is so; WeChat's pushes and notices arrive when they arrive. */
  until(isSo: () => Promise<boolean>): Promise<void>;
  /** A person with a phone, new to us unless named. */
  person(options?: { nickname?: string; follows?: boolean; phone?: string }): Promise<Phone>;
  lever: Lever;
  stop(): Promise<void>;
}

export interface TestWorldOptions {
  environment?: Record<string, string>;
  /** WeChat Pay's first domain has a port of its own, so that it can be down while all else of WeChat is up. */
  hasOwnPayPort?: boolean;
  /** How the merchant is set up at WeChat Pay from the beginning. */
  paySettings?: Partial<PaySettings>;
  /** Serve the built customer page and run jobs as the real process does. */
  pages?: boolean;
}

/** The real server and the stand-in WeChat, over real HTTP, on a database of their own. */
export async function startWorld(options: TestWorldOptions = {}): Promise<TestWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tongban-world-'));
  const schema = process.env.TEST_MYSQL_URL ? await freshSchema(process.env.TEST_MYSQL_URL) : null;
  const simulator = await startSimulator({
    port: 0,
    backupPort: 0,
    kit: await sharedKit(),
    ...(options.hasOwnPayPort ? { payPort: 0 } : {}),
  });
  Object.assign(simulator.world.pay.settings, options.paySettings);
  const server = createServer();
  // A test that holds this process up must not find its own connections closed.
  server.keepAliveTimeout = 60_000;
  const origin = await listen(server);
  const config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    PUBLIC_ORIGIN: origin,
    DATA_FOLDER: folder,
    ...(schema ? { DATABASE_URL: schema.url } : {}),
    ...withRedis(),
    SECRET_KEY: '5a'.repeat(32),
    RATE_LIMIT_PER_MINUTE: '100000',
    WECHAT_PAY_TIMEOUT_MS: '2000',
    // Tests run at any hour.
    QUIET_HOURS: 'none',
    ...environmentFor({ kit: simulator.world.kit, origin: simulator.origin, backupOrigin: simulator.backupOrigin }),
    WECHAT_PAY_ORIGIN: simulator.payOrigin,
    ...options.environment,
  });
  const clock = new TestClock();
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const world = await createWorld(config, { clock, log });
  await prepareWorld(world);
  const answer = createApp(world, { version: 'test', ...(options.pages ? { pages: builtPages() } : {}) }).callback();
  server.on('request', (request, response) => void answer(request, response));
  await introduce(simulator.origin, origin);
  await world.desk.pay.start();
  if (options.pages) world.jobs.start();

  const lever = leverOf(simulator.origin);
  const settle = async () => void (await world.jobs.drain());

  return {
    world,
    config,
    simulator,
    origin,
    clock,
    logged,
    lever,
    settle,
    async advance(ms) {
      clock.advance(ms);
      await lever('/clock', { advanceMs: ms });
      await settle();
    },
    async until(isSo) {
      for (const end = Date.now() + 30_000; Date.now() < end; await pause(20)) {
        await settle();
        // What made it so may have left work behind.
        if (await isSo()) return settle();
      }
      throw new Error(`it did not become so: ${isSo.toString()}`);
    },
    async person(wanted = {}) {
      const person = await lever<{ id: string }>('/people', { nickname: '测试客户', follows: false, ...wanted });
      return new Phone({ origin, simulatorOrigin: simulator.origin, personId: person.id, lever });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await world.close();
      await simulator.stop();
      await schema?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The project that has one, has it everywhere. */
export const withRedis = (): Record<string, string> =>
  process.env.TEST_REDIS_URL ? { REDIS_URL: process.env.TEST_REDIS_URL } : {};

/** @throws {Error} when it is not built: a journey without pages would prove nothing */
function builtPages(): string {
  const folder = path.resolve('miniprogram/dist/h5');
  if (!existsSync(path.join(folder, 'index.html')))
    throw new Error('The customer page is not built: run `npm run build`.');
  return folder;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
