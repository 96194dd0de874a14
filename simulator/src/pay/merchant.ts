import { PayError } from '../errors.ts';
import type { World } from '../world.ts';
import { badField } from './fields.ts';

/** Another merchant of WeChat Pay: it exists, but it is not ours. */
export const OTHER_MCHID = '1900000110';

/**
 * The merchant in a body or a query must be the one that signed.
 * @throws PayError 400 PARAM_ERROR, 403 NO_AUTH, 400 MCH_NOT_EXISTS
 */
export function checkMerchant({ kit }: World, mchid: unknown, location: 'body' | 'query'): void {
  if (typeof mchid !== 'string' || mchid === '') throw badField('/mchid', mchid, '必填字段缺失', undefined, location);
  if (mchid === kit.mchid) return;
  if (mchid === OTHER_MCHID)
    throw new PayError(403, 'NO_AUTH', '商户号与签名使用的商户号不一致', { internalCode: 268447843 });
  throw new PayError(400, 'MCH_NOT_EXISTS', '商户号不存在', { internalCode: 268443715 });
}
