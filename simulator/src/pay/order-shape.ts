import type { Field } from './fields.ts';
import type { TradeType } from './order.ts';

// Unconfirmed for a single order; it is stated for a part of a combined one.
const HIGHEST_TOTAL_FEN = 1_000_000_000;

const text = (max: number, more: Partial<Extract<Field, { is: 'text' }>> = {}): Field => ({ is: 'text', max, ...more });
const whole = (from: number, more: Partial<Extract<Field, { is: 'whole' }>> = {}): Field => ({
  is: 'whole',
  from,
  ...more,
});
const group = (fields: Record<string, Field>, more: { must?: boolean; maxBytes?: number } = {}): Field => ({
  is: 'group',
  fields,
  ...more,
});
const MUST = { must: true } as const;

const scene = (more: Record<string, Field>): Record<string, Field> => ({
  payer_client_ip: text(45, MUST),
  device_id: text(32),
  store_info: group({ id: text(32, MUST), name: text(256), area_code: text(32), address: text(512) }),
  ...more,
});

/** What all three ways have in common (WeChat Pay documentation 4012791877). */
const COMMON: Record<string, Field> = {
  appid: text(32, MUST),
  mchid: text(32, MUST),
  description: text(127, MUST),
  out_trade_no: text(32, { ...MUST, min: 6, matches: /^[0-9A-Za-z_\-|*]+$/ }),
  time_expire: text(64),
  attach: text(128),
  notify_url: text(255, MUST),
  goods_tag: text(32),
  support_fapiao: { is: 'flag' },
  amount: group({ total: whole(1, { ...MUST, to: HIGHEST_TOTAL_FEN }), currency: text(16, { oneOf: ['CNY'] }) }, MUST),
  detail: group(
    {
      cost_price: whole(0),
      invoice_id: text(32),
      goods_detail: {
        is: 'list',
        of: group({
          merchant_goods_id: text(32, MUST),
          wechatpay_goods_id: text(32),
          goods_name: text(256),
          quantity: whole(1, MUST),
          unit_price: whole(0, MUST),
        }),
      },
    },
    { maxBytes: 6144 },
  ),
  scene_info: group(scene({})),
  settle_info: group({ profit_sharing: { is: 'flag' } }),
};

/** The rule for the body of an order call. */
export const ORDER_SHAPES: Record<TradeType, Field> = {
  JSAPI: group({ ...COMMON, payer: group({ openid: text(128, MUST) }, MUST) }),
  NATIVE: group(COMMON),
  // WeChat Pay documentation 4012791834.
  MWEB: group({
    ...COMMON,
    scene_info: group(
      scene({
        h5_info: group(
          {
            type: text(32, { ...MUST, oneOf: ['Wap', 'iOS', 'Android'] }),
            app_name: text(64),
            app_url: text(128),
            bundle_id: text(128),
            package_name: text(128),
          },
          MUST,
        ),
      }),
      MUST,
    ),
  }),
};

/** The rule for the body of a close call (WeChat Pay documentation 4013070360). */
export const CLOSE_SHAPE: Field = group({ mchid: text(32, MUST) });
