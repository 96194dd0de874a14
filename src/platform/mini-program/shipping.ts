import { z } from 'zod';
import { flag, wholeNumber } from '../wechat-api/answer.ts';
import type { AppApi } from '../wechat-api/app-api.ts';
import type { Call } from '../wechat-api/exchange.ts';
import { isUpstream } from '../wechat-api/failure.ts';

/** Shipping information of paid orders (发货信息管理). Source: official documentation, mini-program, order_shipping. */
export interface Shipping {
  /** Whether money of this account stays frozen until its delivery was uploaded and received. */
  isTradeManaged(): Promise<boolean>;
  /** Whether every merchant number of the account was authorised for it, or unbound. */
  isTradeConfirmed(): Promise<boolean>;
  /** What WeChat knows of the delivery of a payment; null: it knows no such payment (yet). */
  findShipping(transactionId: string): Promise<ShippingOrder | null>;
  /**
   * Says that something was delivered. Saying the same once more is nothing; saying anything else of it is the one correction.
   * @throws {UpstreamError} kind `unknown` when it may have been taken: ask `findShipping` before saying it again
   */
  uploadShipping(delivery: Delivery): Promise<void>;
}

/** `pick_up`: handed over at our place. */
export type DeliveryKind = 'virtual' | 'pick_up';

export interface Delivery {
  transactionId: string;
  /** The payer's, of the mini-program. */
  openid: string;
  kind: DeliveryKind;
  /** What was delivered; at most 120 characters. */
  item: string;
  /** Later than that of any upload before. */
  at: Date;
}

export interface ShippingOrder {
  /** `to_settle`: shipped, or received too; the documentation does not say. */
  state: 'to_ship' | 'shipped' | 'received' | 'done' | 'refunded' | 'to_settle' | 'other';
  /** 2: the one correction is used; null where WeChat does not say. */
  timesShipped: number | null;
  kind: DeliveryKind | null;
  item: string | null;
}

const LOGISTICS = { virtual: 3, pick_up: 4 } as const satisfies Record<DeliveryKind, number>;
/** One delivery of the whole. */
const UNIFIED = 1;
const BY_TRANSACTION = 2;
const SHANGHAI_MS = 8 * 3600_000;

const STATES: Partial<Record<number, ShippingOrder['state']>> = {
  1: 'to_ship',
  2: 'shipped',
  3: 'received',
  4: 'done',
  5: 'refunded',
  6: 'to_settle',
};
const KINDS: Partial<Record<number, DeliveryKind>> = { 3: 'virtual', 4: 'pick_up' };

const maybeNumber = wholeNumber.nullish().catch(null);
const maybeText = z.string().nullish().catch(null);
const shippingOrder = z
  .object({
    order: z.object({
      order_state: wholeNumber,
      shipping: z
        .object({
          logistics_type: maybeNumber,
          finish_shipping_count: maybeNumber,
          shipping_list: z
            .array(z.object({ goods_desc: maybeText, item_desc: maybeText }))
            .nullish()
            .catch(null),
        })
        .nullish()
        .catch(null),
    }),
  })
  .transform(({ order: { order_state: state, shipping } }): ShippingOrder => {
    const first = shipping?.shipping_list?.[0];
    return {
      state: STATES[state] ?? 'other',
      timesShipped: shipping?.finish_shipping_count ?? null,
      kind: KINDS[shipping?.logistics_type ?? 0] ?? null,
      item: first?.goods_desc ?? first?.item_desc ?? null,
    };
  });

export function shippingCalls(app: AppApi): Shipping {
  const { appid } = app.settings;
  const asking = (name: string, body: Record<string, unknown>): Call => ({
    method: 'POST',
    path: `/wxa/sec/order/${name}`,
    body,
    isHarmless: true,
  });

  return {
    async isTradeManaged() {
      const answer = z.object({ is_trade_managed: flag });
      return (await app.call(asking('is_trade_managed', { appid }), answer)).is_trade_managed;
    },

    async isTradeConfirmed() {
      const call = asking('is_trade_management_confirmation_completed', { appid });
      return (await app.call(call, z.object({ completed: flag }))).completed;
    },

    async findShipping(transactionId) {
      try {
        return await app.call(asking('get_order', { transaction_id: transactionId }), shippingOrder);
      } catch (error) {
        if (isUpstream(error) && error.code === 'order_unknown') return null;
        throw error;
      }
    },

    async uploadShipping(delivery) {
      const call = { ...asking('upload_shipping_info', bodyOf(delivery)), isHarmless: false };
      try {
        await app.call(call, z.object({}));
      } catch (error) {
        if (!isUpstream(error) || error.action !== 'success') throw error;
      }
    },
  };
}

/** Here the merchant's number is `mchid`, in queries `merchant_id`; the transaction's id has one name in both. */
const bodyOf = ({ transactionId, openid, kind, item, at }: Delivery) => ({
  order_key: { order_number_type: BY_TRANSACTION, transaction_id: transactionId },
  logistics_type: LOGISTICS[kind],
  delivery_mode: UNIFIED,
  shipping_list: [{ item_desc: item }],
  upload_time: new Date(at.getTime() + SHANGHAI_MS).toISOString().replace('Z', '+08:00'),
  payer: { openid },
});
