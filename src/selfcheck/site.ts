import { speaksToWechat, type Config } from '../../config/index.ts';
import type { Database } from '../platform/database/index.ts';
import type { Desk } from '../platform/work.ts';

/** The installation that is looked at, as it is configured. Its database is only read. */
export interface Site {
  config: Config;
  desk: Desk;
  database: Pick<Database, 'kind' | 'pendingMigrations'>;
  /** Where the running server answers. */
  server: string;
  /** Of this program. */
  version: string;
}

/** simulated: a stand-in speaks in WeChat's place · trial: WeChat itself, without the rules of production · production. */
export const modes = {
  simulated: '模拟微信（非真实微信支付，不能作为正式验收依据）',
  trial: '真实微信支付，但未按正式环境（NODE_ENV=production）运行',
  production: '正式环境，真实微信支付',
} as const;
export type Mode = keyof typeof modes;

export const modeOf = ({ config }: Pick<Site, 'config'>): Mode =>
  speaksToWechat(config) ? (config.isProduction ? 'production' : 'trial') : 'simulated';
