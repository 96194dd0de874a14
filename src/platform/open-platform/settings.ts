import type { Config } from '../../../config/index.ts';
import type { SealSettings } from '../wechat-api/open-push.ts';

export interface OpenPlatformSettings {
  appid: string;
  secret: string;
  /** `https://api.weixin.qq.com` */
  origin: string;
  /** `https://mp.weixin.qq.com`: the page for desktop browsers. */
  desktopOrigin: string;
  /** `https://open.weixin.qq.com`: the page for phones. */
  phoneOrigin: string;
  timeoutMs: number;
  push: SealSettings;
}

/** What of the configuration concerns the third-party platform. */
export type OpenPlatformConfig = Pick<
  Config,
  | 'WECHAT_API_ORIGIN'
  | 'WECHAT_OPEN_ORIGIN'
  | 'WECHAT_MP_ORIGIN'
  | 'WECHAT_API_TIMEOUT_MS'
  | 'OPEN_PLATFORM_APPID'
  | 'OPEN_PLATFORM_SECRET'
  | 'OPEN_PLATFORM_PUSH_TOKEN'
  | 'OPEN_PLATFORM_PUSH_KEY'
>;

/** Null where none is configured. */
export function findOpenPlatformSettings(config: OpenPlatformConfig): OpenPlatformSettings | null {
  const { OPEN_PLATFORM_APPID: appid, OPEN_PLATFORM_SECRET: secret } = config;
  const { OPEN_PLATFORM_PUSH_TOKEN: token, OPEN_PLATFORM_PUSH_KEY: encodingAesKey } = config;
  // All or none: the configuration is refused otherwise.
  if (!appid || !secret || !token || !encodingAesKey) return null;
  return {
    appid,
    secret,
    origin: config.WECHAT_API_ORIGIN,
    desktopOrigin: config.WECHAT_MP_ORIGIN,
    phoneOrigin: config.WECHAT_OPEN_ORIGIN,
    timeoutMs: config.WECHAT_API_TIMEOUT_MS,
    push: { appid, token, encodingAesKey, mode: 'safe' },
  };
}
