import { z } from 'zod';
import { failure } from './errors.ts';
import type { PrepayOrder } from './outcome.ts';

/** `|` and `*` are allowed by WeChat too, but not everyone on the way encodes them alike. */
const tradeNumber = z.string().regex(/^[0-9A-Za-z_-]{6,32}$/);

const WITHOUT_QUERY = /^https?:\/\/[^?#]+$/;

/** Limits: WeChat Pay documentation 4012791877, 4012791834; the notice address: 4012075420. */
const orderShape = z.object({
  appid: z.string().min(1).max(32),
  outTradeNo: tradeNumber,
  description: z.string().trim().min(1).max(127),
  amountFen: z.int().positive(),
  notifyUrl: z.string().max(255).regex(WITHOUT_QUERY),
  expiresAt: z.date(),
  attach: z.string().min(1).max(128).optional(),
});

/**
 * The part of the body that every way of paying shares. A key that has no value is left out: WeChat refuses unknown
 * fields, and an empty one makes an order that cannot be paid.
 * @throws UpstreamError refused, before anything is sent, when a field cannot be right
 */
export function orderBody(order: PrepayOrder) {
  const checked = orderShape.safeParse(order);
  if (!checked.success) throw badParameter(checked.error.issues.map(({ path }) => path.join('.')));
  return {
    appid: order.appid,
    description: order.description,
    out_trade_no: order.outTradeNo,
    time_expire: shanghaiTime(order.expiresAt),
    ...(order.attach ? { attach: order.attach } : {}),
    notify_url: order.notifyUrl,
    amount: { total: order.amountFen, currency: 'CNY' },
  };
}

/** @throws UpstreamError refused, before anything is sent */
export function checkTradeNumber(outTradeNo: string): void {
  if (!tradeNumber.safeParse(outTradeNo).success) throw badParameter(['outTradeNo']);
}

/** @throws UpstreamError refused, before anything is sent */
export function checkTransactionId(transactionId: string): void {
  if (!/^[0-9A-Za-z]{1,32}$/.test(transactionId)) throw badParameter(['transactionId']);
}

const badParameter = (fields: string[]) =>
  failure('refused', 'param_error', { cause: new Error(`not sent, wrong: ${fields.join(', ')}`) });

/** RFC 3339 in Beijing time to the second; the country has one zone and no summer time. */
export const shanghaiTime = (moment: Date): string =>
  `${new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
