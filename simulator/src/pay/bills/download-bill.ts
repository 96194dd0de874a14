import type { ParsedUrlQuery } from 'node:querystring';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PayError } from '../../errors.ts';
import type { World } from '../../world.ts';

const pack = promisify(gzip);

export interface Download {
  /** The documentation names no type; this is what clients expect. */
  type: 'text/plain' | 'application/x-gzip';
  bytes: Buffer;
}

/**
 * The file behind a token, as often as it is asked for within five minutes (WeChat Pay documentation 4012084430).
 * @throws PayError 400 PARAM_ERROR, INVALID_REQUEST, 403 NO_AUTH
 */
export async function downloadBill(world: World, { token }: ParsedUrlQuery): Promise<Download> {
  const handedOut = world.pay.bills.tokens.get(String(token));
  if (!handedOut || world.clock.now() > handedOut.expiresAt)
    throw new PayError(400, 'INVALID_REQUEST', '下载链接无效或已过期，请重新申请账单');
  const { mchid, bytes, isPacked, isCut } = handedOut;
  if (mchid !== world.kit.mchid)
    throw new PayError(403, 'NO_AUTH', '申请账单与下载账单的商户号不一致', { internalCode: 268447843 });
  const whole = isPacked ? await pack(bytes) : bytes;
  return {
    type: isPacked ? 'application/x-gzip' : 'text/plain',
    bytes: isCut ? whole.subarray(0, Math.floor(whole.length / 2)) : whole,
  };
}
