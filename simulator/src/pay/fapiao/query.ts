import { randomBytes } from 'node:crypto';
import { PayError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { describeFapiao, type Fapiao, type FapiaoApplication } from './fapiao.ts';

type Query = Readonly<Record<string, unknown>>;

const YEAR_MS = 365 * 86_400_000;
/** Of a download address (documentation «下载发票文件», 2025.09.26). */
const TOKEN_MS = 30_000;

/** Documentation «查询电子发票», 2025.09.26. */
export function queryFapiao(world: World, applyId: string, query: Query): Record<string, unknown> {
  const found = meant(getApplication(world, applyId), query);
  const { keys, settings } = world.pay;
  return {
    total_count: found.length,
    fapiao_information: found.map((fapiao) => describeFapiao(fapiao, keys, settings)),
  };
}

/** Of those that were issued here, during a year (partner documentation 4015792576); what else is asked for is left out. */
export function listFiles(world: World, applyId: string, query: Query): Record<string, unknown> {
  const { clock, pay, addresses } = world;
  const isFresh = ({ blue }: Fapiao) => blue !== null && clock.now() < blue.at + YEAR_MS;
  const found = meant(getApplication(world, applyId), query).filter(
    (fapiao) => !fapiao.isBrought && isFresh(fapiao) && ['ISSUED', 'REVERSED'].includes(fapiao.status),
  );
  return {
    fapiao_download_info_list: found.map(({ id, status }) => {
      const token = randomBytes(24).toString('base64url');
      pay.fapiao.tokens.set(token, { applyId, fapiaoId: id, expiresAt: clock.now() + TOKEN_MS });
      // At WeChat the host is pay.wechatpay.cn, which is not one of the two Pay domains.
      const url = `${addresses.payOrigin}/invoicing/fapiao/fapiao-file?token=${token}`;
      return { fapiao_id: id, download_url: url, status };
    }),
  };
}

/** Code and status are not confirmed. */
export function getApplication({ pay }: World, applyId: string): FapiaoApplication {
  const application = pay.fapiao.applications.get(applyId);
  if (!application) throw new PayError(404, 'RESOURCE_NOT_EXISTS', '开票申请单不存在');
  return application;
}

function meant({ fapiaos }: FapiaoApplication, { fapiao_id: id }: Query): Fapiao[] {
  if (id === undefined) return fapiaos;
  const found = fapiaos.filter((fapiao) => fapiao.id === id);
  if (found.length === 0) throw new PayError(404, 'RESOURCE_NOT_EXISTS', '商户发票单号不存在');
  return found;
}
