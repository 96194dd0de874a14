import 'reflect-metadata';
import { createOfficialAccount } from '../../../src/platform/official-account/index.ts';
import { createVault } from '../../../src/platform/crypto.ts';
import { openDatabase } from '../../../src/platform/database/index.ts';
import { testConfig, testLog } from './gateway-world.ts';

/** A process of its own: waits for the word, asks for twenty followers at once, and says with which tokens it did. */
const { origin, databaseUrl, file, secretKey } = JSON.parse(process.env.TOKEN_USER ?? '') as Record<string, string>;
const database = await openDatabase({ url: databaseUrl, file: file ?? '', pool: 4 });
const account = createOfficialAccount({
  config: testConfig(origin ?? ''),
  database,
  vault: createVault(secretKey ?? ''),
  now: () => new Date(),
  log: testLog().log,
});
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
await Promise.all(Array.from({ length: 20 }, () => account.follower('oDemoOpenId_0000000000000001')));
await account.stop();
await database.close();
process.disconnect();
