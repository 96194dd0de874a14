import { PayError } from '../errors.ts';
import type { World } from '../world.ts';
import { checkNotifyUrl } from './addresses.ts';
import { checkField } from './fields.ts';

/** Where news of complaints goes, one address a merchant (WeChat Pay partner documentation 4012458106, 4012459065, 4012459287, 4012460474). */
export function createAddress(world: World, body: unknown): Record<string, unknown> {
  const url = readUrl(world, body);
  // Code and status are not confirmed.
  if (world.pay.complaintUrl !== null)
    throw new PayError(400, 'RESOURCE_ALREADY_EXISTS', '投诉通知回调地址已存在，请使用更新接口');
  return keep(world, url);
}

export const queryAddress = (world: World): Record<string, unknown> => describe(world, getUrl(world));

export function updateAddress(world: World, body: unknown): Record<string, unknown> {
  const url = readUrl(world, body);
  getUrl(world);
  return keep(world, url);
}

export function removeAddress(world: World): void {
  getUrl(world);
  world.pay.complaintUrl = null;
}

function readUrl({ pay }: World, body: unknown): string {
  checkField({ is: 'group', fields: { url: { is: 'text', max: 255, must: true } } }, body, '');
  const { url } = body as { url: string };
  checkNotifyUrl(url, pay.settings, '/url');
  return url;
}

function getUrl({ pay }: World): string {
  if (pay.complaintUrl === null) throw new PayError(400, 'RESOURCE_NOT_EXISTS', '查询的通知回调不存在');
  return pay.complaintUrl;
}

function keep(world: World, url: string): Record<string, unknown> {
  world.pay.complaintUrl = url;
  return describe(world, url);
}

const describe = ({ kit }: World, url: string) => ({ mchid: kit.mchid, url });
