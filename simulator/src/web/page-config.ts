import type { World } from '../world.ts';
import { isRegistered, readAddress } from './domains.ts';
import { signPage } from './page-signature.ts';

export interface PageConfig {
  appId: string;
  timestamp: string | number;
  nonceStr: string;
  signature: string;
  url: string;
}

export type PageConfigAnswer = { ok: true } | { errMsg: string };

/** What `wx.config` is told: the host must be a JS-safe domain, and the signature made with a ticket that is alive. */
export function checkPageConfig({ officialAccount }: World, config: Partial<PageConfig>): PageConfigAnswer {
  const { appId, timestamp, nonceStr, signature, url } = config;
  if (appId !== officialAccount.appid) return { errMsg: 'config:invalid appid' };
  const address = readAddress(url ?? '');
  if (!address || !isRegistered(address, officialAccount.settings.domains.jsSafe)) {
    return { errMsg: 'config:invalid url domain' };
  }
  if (!timestamp || !nonceStr || !signature || !url) return { errMsg: 'config:invalid signature' };
  const isSigned = officialAccount.tickets
    .alive('jsapi')
    .some((ticket) => signPage({ ticket, nonceStr, timestamp, url }) === signature);
  return isSigned ? { ok: true } : { errMsg: 'config:invalid signature' };
}
