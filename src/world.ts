import path from 'node:path';
import type { Config } from '../config/index.ts';
import { loadServices, publishServices, servicesFolder } from './catalogue/index.ts';
import { adoptBindings } from './messages/index.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { createVault } from './platform/crypto.ts';
import { type Database, openDatabase } from './platform/database/index.ts';
import { createJobEngine, type JobEngine } from './platform/jobs/index.ts';
import { createLog, type Logger } from './platform/log.ts';
import { createMetrics, type Metrics } from './platform/metrics.ts';
import { createMiniProgram } from './platform/mini-program/index.ts';
import { createOpenPlatform } from './platform/open-platform/index.ts';
import { createOfficialAccount } from './platform/official-account/index.ts';
import { createWechatPay, wechatPaySettings } from './platform/wechat-pay/index.ts';
import { createDesk, type Desk } from './platform/work.ts';
import { reactions } from './reactions.ts';
import { registerOwnAccounts } from './verification/index.ts';

/** Everything a process of ours holds. */
export interface World {
  readonly config: Config;
  readonly database: Database;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The system's own; doors take theirs from it. */
  readonly desk: Desk;
  readonly jobs: JobEngine;
  close(): Promise<void>;
}

export interface WorldOptions {
  clock?: Clock;
  log?: Logger;
}

/** Composition root: configuration → database, gateways, clock, log. The only place where a gateway is made. */
export async function createWorld(config: Config, options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? systemClock;
  const now = () => clock.now();
  const log = options.log ?? createLog(config.LOG_LEVEL);
  const vault = createVault(config.SECRET_KEY);
  const database = await openDatabase({
    url: config.DATABASE_URL,
    file: path.join(config.DATA_FOLDER, 'tongban.sqlite'),
    pool: config.DATABASE_POOL,
  });
  const common = { config, database, vault, now, log };
  const pay = createWechatPay(wechatPaySettings(config), { now, log });
  const officialAccount = createOfficialAccount(common);
  const miniProgram = createMiniProgram(common);
  const openPlatform = createOpenPlatform(common);
  const desk = createDesk({ ...common, pay, officialAccount, miniProgram, openPlatform, wakeJobs: () => jobs.wake() });
  const metrics = createMetrics();
  const jobs = createJobEngine(desk, reactions, metrics);
  return {
    config,
    database,
    log,
    metrics,
    desk,
    jobs,
    async close() {
      await jobs.stop();
      await pay.stop();
      await officialAccount.stop();
      await miniProgram.stop();
      await openPlatform?.stop();
      await database.close();
    },
  };
}

/** Brings the schema and the catalogue up to date. Safe when several processes start at once. */
export async function prepareWorld(world: World): Promise<void> {
  const applied = await world.database.migrate();
  if (applied.length > 0) world.log.info({ applied }, 'schema migrated');
  await registerOwnAccounts(world.desk);
  await adoptBindings(world.desk);
  await publishServices(world.desk, await loadServices(servicesFolder()));
}
