import { assertInStanding, mountCall, type PlatformCall } from '../platform/platform-call.ts';
import * as general from '../platform/refusals.ts';
import { textOf } from '../platform/token-routes.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { getShippable, type PaidOrder, shippableOrders, shippingOf, stateOf } from './shipping.ts';
import * as refuse from './shipping-refusals.ts';
import { uploadShipping } from './shipping-upload.ts';

const DONE = { errcode: 0, errmsg: 'ok' };
const MOST_DESCRIPTION = 120;
const PAGE_SIZE = 100;

type Body = Record<string, unknown>;

/** Shipping information of a mini-program (guide «小程序发货信息管理服务»). */
export function mountShippingCalls(router: SimulatorRouter, world: World): void {
  const mount = (name: string, handle: (call: PlatformCall) => object) =>
    mountCall(router, world, { path: `/wxa/sec/order/${name}`, method: 'POST', token: 'mini-program' }, (call) => {
      assertInStanding(call.app);
      return handle(call);
    });
  const mountManaged = (name: string, handle: (call: PlatformCall) => object) =>
    mount(name, (call) => {
      // Not confirmed: what an account that is not managed is answered.
      if (!world.miniProgram.settings.tradeManaged) throw general.notAuthorised();
      return handle(call);
    });

  mount('is_trade_managed', (call) => {
    assertOwnAppid(call);
    const { tradeManaged, unmanagedAnswer } = world.miniProgram.settings;
    if (!tradeManaged && unmanagedAnswer === 'unauthorised') throw general.notAuthorised();
    return { ...DONE, is_trade_managed: tradeManaged };
  });
  mount('is_trade_management_confirmation_completed', (call) => {
    assertOwnAppid(call);
    return { ...DONE, completed: world.miniProgram.settings.tradeConfirmed };
  });
  mountManaged('upload_shipping_info', (call) => {
    uploadShipping(call);
    return DONE;
  });
  mountManaged('get_order', ({ body }) => ({ ...DONE, order: present(world, orderOf(world, body)) }));
  mountManaged('get_order_list', ({ body }) => listOrders(world, body));
  mountManaged('notify_confirm_receive', ({ body }) => {
    remindUser(world, body);
    return DONE;
  });
}

function assertOwnAppid({ app, body }: PlatformCall): void {
  if (textOf(body.appid) === '') throw general.wrongArgument('appid');
  if (body.appid !== app.appid) throw general.wrongAppid();
}

/** Queries say `merchant_id` where the upload says `mchid`. */
function orderOf(world: World, body: Body): PaidOrder {
  const [transactionId, mchid, outTradeNo] = [body.transaction_id, body.merchant_id, body.merchant_trade_no].map(
    textOf,
  );
  if (!transactionId && !(mchid && outTradeNo)) throw refuse.wrongParameter();
  return getShippable(world, { transactionId: transactionId!, mchid: mchid!, outTradeNo: outTradeNo! });
}

function present(world: World, order: PaidOrder): object {
  const shipping = shippingOf(world, order);
  const { payment, asked } = order;
  return {
    transaction_id: payment.transactionId,
    merchant_id: asked.mchid,
    sub_merchant_id: '',
    merchant_trade_no: order.outTradeNo,
    description: cut(shipping?.items.map(({ item_desc }) => item_desc).join(';') ?? ''),
    paid_amount: payment.payerTotal,
    openid: payment.openid,
    trade_create_time: Math.floor(order.createdAt / 1000),
    pay_time: Math.floor(payment.paidAt / 1000),
    order_state: stateOf(world, order),
    in_complaint: false,
    shipping: {
      delivery_mode: shipping?.deliveryMode ?? 0,
      logistics_type: shipping?.logisticsType ?? 0,
      finish_shipping: shipping?.isFinished ?? false,
      goods_desc: cut(shipping?.items.map(({ item_desc }) => item_desc).join(';') ?? ''),
      finish_shipping_count: shipping?.timesFinished ?? 0,
      shipping_list: (shipping?.items ?? []).map(({ item_desc, ...item }) => ({
        ...item,
        goods_desc: item_desc,
        upload_time: Math.floor(shipping!.uploadTime / 1000),
      })),
    },
  };
}

const cut = (text: string): string =>
  [...text].length > MOST_DESCRIPTION ? `${[...text].slice(0, MOST_DESCRIPTION).join('')}...` : text;

/** `last_index` is opaque at WeChat; here it is the place in the list, oldest payment first. */
function listOrders(world: World, body: Body): object {
  const index = textOf(body.last_index);
  if (!/^\d{0,9}$/.test(index)) throw refuse.wrongIndex();
  const { begin_time: begin, end_time: end } = (body.pay_time_range ?? {}) as Body;
  const size = typeof body.page_size === 'number' ? body.page_size : PAGE_SIZE;
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE) throw refuse.wrongParameter();
  const wanted = shippableOrders(world).filter(
    (order) =>
      (typeof begin !== 'number' || order.payment.paidAt >= begin * 1000) &&
      (typeof end !== 'number' || order.payment.paidAt <= end * 1000) &&
      (body.order_state === undefined || stateOf(world, order) === body.order_state) &&
      (body.openid === undefined || order.payment.openid === body.openid),
  );
  const from = Number(index);
  const next = from + size;
  return {
    ...DONE,
    order_list: wanted.slice(from, next).map((order) => present(world, order)),
    has_more: wanted.length > next,
    last_index: String(Math.min(next, wanted.length)),
  };
}

/** Reminds the user to confirm: only of what went by courier, once an order. */
function remindUser(world: World, body: Body): void {
  const order = orderOf(world, body);
  const shipping = shippingOf(world, order);
  const { remindedReceipts } = world.miniProgram;
  if (!shipping || stateOf(world, order) !== 2) throw refuse.notShipped();
  if (shipping.logisticsType !== 1) throw refuse.notByCourier();
  if (typeof body.received_time !== 'number') throw refuse.wrongParameter();
  if (body.received_time * 1000 < shipping.shippedAt) throw refuse.receivedBeforeShipping();
  if (remindedReceipts.has(order.outTradeNo)) throw refuse.remindedBefore();
  remindedReceipts.add(order.outTradeNo);
}
