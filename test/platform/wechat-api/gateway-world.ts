import { randomBytes } from 'node:crypto';
import { pino, type Logger } from 'pino';
import { createVault, type Vault } from '../../../src/platform/crypto.ts';

/** A clock that only the test moves. */
export function testClock(start = '2026-11-22T02:00:00Z') {
  let at = Date.parse(start);
  return { now: () => new Date(at), advance: (ms: number) => void (at += ms) };
}

/** A log whose every line can be read. */
export function testLog(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  return { log, lines };
}

export const testVault = (): Vault => createVault(randomBytes(32).toString('hex'));

const SECRETS = {
  officialAccount: randomBytes(16).toString('hex'),
  miniProgram: randomBytes(16).toString('hex'),
  key: randomBytes(32).toString('hex').slice(0, 43),
};

/** What of the configuration the two gateways read. Secrets are drawn at each run. */
export const testConfig = (origin: string) => ({
  WECHAT_API_ORIGIN: origin,
  WECHAT_OPEN_ORIGIN: 'https://open.weixin.qq.com',
  WECHAT_API_TIMEOUT_MS: 2000,
  OFFICIAL_ACCOUNT_APPID: 'wx0123456789abcdef',
  OFFICIAL_ACCOUNT_SECRET: SECRETS.officialAccount,
  OFFICIAL_ACCOUNT_ORIGINAL_ID: 'gh_demo00000001',
  OFFICIAL_ACCOUNT_PUSH_TOKEN: 'demoToken2026',
  OFFICIAL_ACCOUNT_PUSH_KEY: SECRETS.key,
  OFFICIAL_ACCOUNT_PUSH_MODE: 'safe' as const,
  MINI_PROGRAM_APPID: 'wxfedcba9876543210',
  MINI_PROGRAM_SECRET: SECRETS.miniProgram,
  MINI_PROGRAM_ORIGINAL_ID: 'gh_demo00000002',
  MINI_PROGRAM_PUSH_TOKEN: 'demoToken2027',
  MINI_PROGRAM_PUSH_KEY: SECRETS.key,
  MINI_PROGRAM_PUSH_MODE: 'safe' as const,
});
