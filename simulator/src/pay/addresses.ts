import { isIP } from 'node:net';
import { badField } from './fields.ts';
import type { PaySettings } from './settings.ts';

const PRIVATE_V4 = /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./;
const PRIVATE_V6 = /^(::1?$|f[cd]|fe[89ab]|::ffff:)/i;

const isLocalIp = (ip: string): boolean => (isIP(ip) === 6 ? PRIVATE_V6.test(ip) : PRIVATE_V4.test(ip));

/** An address that WeChat cannot reach: this machine, a private network. */
export function isLocalHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(bare)) return isLocalIp(bare);
  return bare === 'localhost' || bare.endsWith('.localhost') || bare.endsWith('.local') || !bare.includes('.');
}

/**
 * Where notices may go: full https address with a path, reachable from outside, no query (WeChat Pay documentation 4012075420).
 * @throws PayError 400 PARAM_ERROR
 */
export function checkNotifyUrl(url: string, { allowLocalNotifyUrls }: PaySettings, field = '/notify_url'): void {
  const refuse = (issue: string) => badField(field, url, issue);
  const target = URL.canParse(url) ? new URL(url) : null;
  if (!target || !['http:', 'https:'].includes(target.protocol)) throw refuse('应为以https://开头的完整地址');
  if (url.includes('?') || url.includes('#')) throw refuse('不能携带参数');
  if (target.username || target.password) throw refuse('不能携带用户信息');
  if (target.pathname === '/') throw refuse('应包含路径');
  if (isLocalHost(target.hostname)) {
    if (!allowLocalNotifyUrls) throw refuse('应为外网可访问的地址');
    return;
  }
  if (target.protocol !== 'https:') throw refuse('应为以https://开头的完整地址');
}

/** @throws PayError 400 PARAM_ERROR */
export function checkClientIp(ip: string, isH5: boolean, { allowLocalClientIps }: PaySettings): void {
  if (!isIP(ip)) throw badField('/scene_info/payer_client_ip', ip, '应为合法的IPv4或IPv6地址');
  if (isH5 && !allowLocalClientIps && isLocalIp(ip)) {
    throw badField('/scene_info/payer_client_ip', ip, '应为用户的真实终端IP');
  }
}
