import { PayError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { checkNotifyUrl } from '../addresses.ts';
import { badField, checkField } from '../fields.ts';
import { SELLER, STAFF } from './fapiao.ts';
import { OPTIONS_SHAPE } from './shapes.ts';

type Query = Readonly<Record<string, unknown>>;

/** From WeChat's sample: goods are set up in the merchant's portal. */
const GOODS = [
  {
    goods_name: '出租汽车客运服务',
    goods_id: 1,
    goods_category: '运输服务',
    tax_code: '3010101020203000000',
    tax_rate: 1300,
    tax_prefer_mark: 'NO_FAVORABLE',
  },
];
const MOST_ROWS = 20;

/** Typings of `…/merchant/base-information`. */
export const baseInformation = (): Record<string, unknown> => ({
  seller_information: SELLER,
  extra_information: STAFF,
});

/** Typings of `…/merchant/tax-codes`. */
export function taxCodes(query: Query): Record<string, unknown> {
  const offset = wholeOf(query, 'offset', 0, 1_000_000);
  const limit = wholeOf(query, 'limit', 1, MOST_ROWS);
  return { offset, limit, data: GOODS.slice(offset, offset + limit), total_count: GOODS.length };
}

/** Documentation «配置开发选项»: what is not named stays. */
export function changeOptions(world: World, body: unknown): Record<string, unknown> {
  checkField(OPTIONS_SHAPE, body, '');
  const asked = body as { callback_url?: string; show_fapiao_cell?: boolean; support_vat_fapiao?: boolean };
  const { fapiao, settings } = world.pay;
  if (asked.callback_url !== undefined) checkNotifyUrl(asked.callback_url, settings, '/callback_url');
  fapiao.callbackUrl = asked.callback_url ?? fapiao.callbackUrl;
  fapiao.showsCell = asked.show_fapiao_cell ?? fapiao.showsCell;
  fapiao.takesVatFapiao = asked.support_vat_fapiao ?? fapiao.takesVatFapiao;
  return describe(world);
}

export function queryOptions(world: World): Record<string, unknown> {
  const { fapiao, settings } = world.pay;
  if (fapiao.callbackUrl === null && settings.fapiaoOptionsAbsence === 'RESOURCE_NOT_EXISTS')
    throw new PayError(404, 'RESOURCE_NOT_EXISTS', '未配置开发选项');
  return describe(world);
}

const describe = ({ pay: { fapiao } }: World) => ({
  ...(fapiao.callbackUrl === null ? {} : { callback_url: fapiao.callbackUrl }),
  show_fapiao_cell: fapiao.showsCell,
  support_vat_fapiao: fapiao.takesVatFapiao,
});

function wholeOf(query: Query, name: string, from: number, to: number): number {
  const text = query[name];
  const number = typeof text === 'string' && /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= from && number <= to))
    throw badField(`/${name}`, text, `取值范围为[${from},${to}]`, undefined, 'query');
  return number;
}
