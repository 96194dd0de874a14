import { randomBytes } from 'node:crypto';
import { PayError } from '../errors.ts';
import type { World } from '../world.ts';
import { checkClientIp, checkNotifyUrl } from './addresses.ts';
import { badField, checkField } from './fields.ts';
import { beijingDigits, randomDigits } from './numbers.ts';
import type { Order, OrderBody, Prepay, TradeType } from './order.ts';
import { ORDER_SHAPES } from './order-shape.ts';
import { checkMerchant } from './merchant.ts';
import { MOBILE_APPID } from './settings.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LIFE_MS: Record<TradeType, number> = { JSAPI: 120 * MINUTE_MS, NATIVE: 120 * MINUTE_MS, MWEB: 5 * MINUTE_MS };
const PRODUCT = { JSAPI: 'jsapi', NATIVE: 'native', MWEB: 'h5' } as const;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)$/;

/** Makes an order, or hands out another permission to pay the same one (WeChat Pay documentation 4012791877). */
export function placeOrder(world: World, tradeType: TradeType, body: unknown): Record<string, string> {
  checkField(ORDER_SHAPES[tradeType], body, '');
  const asked = body as OrderBody;
  checkRules(world, tradeType, asked);

  const fingerprint = canonical({ tradeType, ...asked });
  const known = world.pay.orders.get(asked.out_trade_no);
  if (known) checkRepeatable(world, known, fingerprint);
  const order = known ?? openOrder(world, tradeType, asked, fingerprint);
  return present(handOut(world, order));
}

function checkRules(world: World, tradeType: TradeType, asked: OrderBody): void {
  const { settings } = world.pay;
  checkMerchant(world, asked.mchid, 'body');
  if (!settings.products.includes(PRODUCT[tradeType])) {
    throw new PayError(403, 'NO_AUTH', '商户号该产品权限未开通，请前往商户平台>产品中心检查后重试', {
      internalCode: 268443715,
    });
  }
  checkAppid(world, tradeType, asked.appid);
  checkNotifyUrl(asked.notify_url, settings);
  if (asked.time_expire !== undefined) readTime(asked.time_expire);
  if (asked.scene_info) checkClientIp(asked.scene_info.payer_client_ip, tradeType === 'MWEB', settings);
  if (asked.payer) checkOpenid(world, asked.appid, asked.payer.openid);
}

function checkAppid({ pay }: World, tradeType: TradeType, appid: string): void {
  const isRightKind = tradeType !== 'JSAPI' || appid !== MOBILE_APPID;
  if (pay.settings.boundAppids.includes(appid) && isRightKind) return;
  throw new PayError(400, 'APPID_MCHID_NOT_MATCH', '商户号和appid没有绑定关系', { internalCode: 268445527 });
}

function checkOpenid({ people, pay }: World, appid: string, openid: string): void {
  if (people.findByOpenid(appid, openid)) return;
  if (pay.settings.openidMismatchCode === 'OPENID_MISMATCH') {
    throw new PayError(500, 'OPENID_MISMATCH', 'openid和appid不匹配');
  }
  throw badField('/payer/openid', openid, 'appid和openid不匹配');
}

function checkRepeatable({ pay, clock }: World, order: Order, fingerprint: string): void {
  if (order.payment) {
    throw new PayError(...statusOf(pay.settings.paidOrderCode), '该订单已支付', { internalCode: 268449538 });
  }
  if (order.state === 'CLOSED' || clock.now() > order.expiresAt) {
    throw new PayError(400, 'ORDER_CLOSED', '该订单已关闭，请更换商户订单号后重新下单', { internalCode: 268447914 });
  }
  if (order.fingerprint !== fingerprint) {
    const message = '请求重入时，参数与首次请求时不一致，请核实后重新发起';
    throw new PayError(...statusOf(pay.settings.changedOrderCode), message, { internalCode: 268498688 });
  }
}

const statusOf = (code: string): [number, string] => [code === 'OUT_TRADE_NO_USED' ? 403 : 400, code];

function openOrder(world: World, tradeType: TradeType, asked: OrderBody, fingerprint: string): Order {
  const createdAt = world.clock.now();
  const expiresAt = lastMomentToPay(asked.time_expire, createdAt);
  const order: Order = {
    outTradeNo: asked.out_trade_no,
    tradeType,
    fingerprint,
    asked,
    state: 'NOTPAY',
    createdAt,
    expiresAt,
    visibleAt: createdAt + world.pay.settings.queryLagMs,
    closing: null,
    prepays: [],
    payment: null,
  };
  // An unpaid order closes itself after seven days; not before its own last moment, when that is later.
  order.closing = world.clock.at(Math.max(createdAt + 7 * DAY_MS, expiresAt), () => {
    if (order.state === 'NOTPAY') order.state = 'CLOSED';
  });
  world.pay.orders.set(order.outTradeNo, order);
  return order;
}

/** Seven days unless said; never less than a minute, never more than fifteen days. */
function lastMomentToPay(wanted: string | undefined, createdAt: number): number {
  if (wanted === undefined) return createdAt + 7 * DAY_MS;
  return Math.min(Math.max(readTime(wanted), createdAt + MINUTE_MS), createdAt + 15 * DAY_MS);
}

function readTime(text: string): number {
  const at = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse lets 30 February through as 2 March.
  const sameDay = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at) || sameDay.toISOString().slice(0, 10) !== text.slice(0, 10)) {
    throw badField('/time_expire', text, '应遵循rfc3339标准格式，如2018-06-08T10:34:56+08:00');
  }
  return at;
}

function handOut(world: World, order: Order): Prepay {
  const first = order.prepays[0];
  if (first && world.pay.settings.staleRepeatedPrepay) return first;
  for (const earlier of order.prepays) earlier.superseded = order.tradeType === 'NATIVE';
  const now = world.clock.now();
  const id = `wx${beijingDigits(now)}${randomBytes(10).toString('hex')}`;
  const prepay: Prepay = { id, expiresAt: now + LIFE_MS[order.tradeType], superseded: false, usedBy: null };
  if (order.tradeType === 'NATIVE')
    prepay.codeUrl = `weixin://wxpay/bizpayurl?pr=${randomBytes(6).toString('base64url')}`;
  if (order.tradeType === 'MWEB') {
    prepay.h5Url = `${world.addresses.origin}/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${id}&package=${randomDigits(10)}`;
  }
  order.prepays.push(prepay);
  return prepay;
}

function present({ id, codeUrl, h5Url }: Prepay): Record<string, string> {
  if (codeUrl) return { code_url: codeUrl };
  if (h5Url) return { h5_url: h5Url };
  return { prepay_id: id };
}

/** The same text for the same content, in whatever order its keys came. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
