import type { PushContent } from '../platform/push-content.ts';
import type { Push } from '../platform/pushes.ts';
import type { World } from '../world.ts';
import { type PaidOrder, type Shipping, shippingOf, stateOf } from './shipping.ts';

const HOUR_MS = 3_600_000;
const secondsOf = (at: number): number => Math.floor(at / 1000);

/** A payment came into the shipping management: WeChat reminds of it when it waits too long (guide «小程序发货信息管理服务»). */
export function watchUnshipped(world: World, order: PaidOrder): void {
  const { remindAfterHours } = world.miniProgram.settings;
  if (order.asked.appid !== world.miniProgram.appid || remindAfterHours === null) return;
  world.clock.at(order.payment.paidAt + remindAfterHours * HOUR_MS, () => {
    // A mini-program that never shipped is reminded of the interface instead, which is a lever here.
    if (world.miniProgram.shippings.size === 0 || stateOf(world, order) !== 1) return;
    remindOf(world, order);
    return world.miniProgram.pushes.settledSoon();
  });
}

export function remindOf(world: World, order: PaidOrder): Push {
  return push(world, 'trade_manage_remind_shipping', order, { msg: '该支付单已超过48小时未发货，请尽快录入发货信息' });
}

/** Writes an upload down, tells when the money is to come, and lets the receipt confirm itself after a while. */
export function shipped(
  world: World,
  order: PaidOrder,
  upload: Pick<Shipping, 'logisticsType' | 'deliveryMode' | 'isFinished' | 'items' | 'uploadTime'>,
): void {
  const now = world.clock.now();
  const before = shippingOf(world, order);
  const timesFinished = ((before?.timesFinished ?? 0) + (upload.isFinished ? 1 : 0)) as Shipping['timesFinished'];
  if (before?.receiving) world.clock.cancel(before.receiving);
  const shipping: Shipping = {
    ...upload,
    timesFinished,
    shippedAt: now,
    receivedAt: null,
    settledAt: null,
    receiving: null,
  };
  world.miniProgram.shippings.set(order.payment.transactionId, shipping);
  if (!upload.isFinished) return;
  const { settlement, receiptAfterHours } = world.miniProgram.settings;
  const receiptAt = now + receiptAfterHours * HOUR_MS;
  push(world, 'trade_manage_order_settlement', order, {
    shipped_time: secondsOf(now),
    estimated_settlement_time: secondsOf(receiptAt),
  });
  if (settlement === 'auto') shipping.receiving = world.clock.at(receiptAt, () => receive(world, order, 1));
}

/** The user confirms the receipt, or time does. @param method 1 by itself, 2 by the user */
export function receive(world: World, order: PaidOrder, method: 1 | 2): Promise<void> | undefined {
  const shipping = shippingOf(world, order);
  if (!shipping || stateOf(world, order) !== 2) return undefined;
  if (shipping.receiving) world.clock.cancel(shipping.receiving);
  shipping.receivedAt = world.clock.now();
  if (world.miniProgram.settings.settlement === 'held') return undefined;
  settle(world, order, method);
  return world.miniProgram.pushes.settledSoon();
}

/** The money leaves the freezer. The last three fields can be empty, as users report of the real event. */
export function settle(world: World, order: PaidOrder, method: 1 | 2): void {
  const shipping = shippingOf(world, order)!;
  shipping.settledAt = world.clock.now();
  const isTold = world.miniProgram.settings.settlementTimes === 'told';
  push(world, 'trade_manage_order_settlement', order, {
    shipped_time: secondsOf(shipping.shippedAt),
    confirm_receive_method: isTold ? method : '',
    confirm_receive_time: isTold ? secondsOf(shipping.receivedAt!) : '',
    settlement_time: isTold ? secondsOf(shipping.settledAt) : '',
  });
}

function push({ miniProgram }: World, event: string, order: PaidOrder, fields: PushContent): Push {
  return miniProgram.pushes.create({
    FromUserName: order.payment.openid!,
    MsgType: 'event',
    Event: event,
    transaction_id: order.payment.transactionId,
    merchant_id: order.asked.mchid,
    sub_merchant_id: '',
    merchant_trade_no: order.outTradeNo,
    pay_time: secondsOf(order.payment.paidAt),
    ...fields,
  });
}
