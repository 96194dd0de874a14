import 'reflect-metadata';
import { createVault } from '../../../src/platform/crypto.ts';
import { openDatabase } from '../../../src/platform/database/index.ts';
import { createOpenPlatform } from '../../../src/platform/open-platform/index.ts';
import type { OpenPlatformConfig } from '../../../src/platform/open-platform/settings.ts';
import { testLog } from '../wechat-api/gateway-world.ts';

/** What such a process is told when it starts. */
export interface UserSettings {
  config: OpenPlatformConfig;
  databaseUrl: string | undefined;
  file: string;
  secretKey: string;
  appid: string;
}

const CALLS = 20;

/** A process of its own: whenever it is told the time, it asks for one account twenty times at once, and says when it is done. */
const { config, databaseUrl, file, secretKey, appid } = JSON.parse(process.env.AUTHORIZER_USER ?? '') as UserSettings;
const database = await openDatabase({ url: databaseUrl, file, pool: 4 });
let aheadMs = 0;
const gateway = createOpenPlatform({
  config,
  database,
  vault: createVault(secretKey),
  now: () => new Date(Date.now() + aheadMs),
  log: testLog().log,
})!;

process.on('message', (told: { aheadMs: number } | 'end') => void (told === 'end' ? end() : ask(told.aheadMs)));
process.send?.('ready');

async function ask(ahead: number): Promise<void> {
  aheadMs = ahead;
  await Promise.all(Array.from({ length: CALLS }, () => gateway.basicInfo(appid)));
  process.send?.('done');
}

async function end(): Promise<void> {
  await gateway.stop();
  await database.close();
  process.disconnect();
}
