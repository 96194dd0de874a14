import type { Timer } from '../clock.ts';
import type { Order } from '../pay/order.ts';
import type { World } from '../world.ts';
import * as refuse from './shipping-refusals.ts';

/** What was uploaded of one thing, as the upload named it. */
export interface ShippedItem {
  tracking_no: string;
  express_company: string;
  item_desc: string;
}

/** 1 courier, 2 same-city delivery, 3 virtual, 4 self pick-up. */
export type LogisticsType = 1 | 2 | 3 | 4;
/** 1 unified, 2 split. */
export type DeliveryMode = 1 | 2;

/** What WeChat was told of the delivery of one paid order. */
export interface Shipping {
  logisticsType: LogisticsType;
  deliveryMode: DeliveryMode;
  isFinished: boolean;
  items: ShippedItem[];
  /** Unix milliseconds: the upload_time of the last upload. */
  uploadTime: number;
  /** Virtual Unix milliseconds, as all other instants here. */
  shippedAt: number;
  /** How often the delivery was completed: 2 once the re-ship is used. */
  timesFinished: 0 | 1 | 2;
  receivedAt: number | null;
  settledAt: number | null;
  receiving: Timer | null;
}

/** 1 to ship, 2 shipped, 3 receipt confirmed, 4 trade done, 5 refunded, 6 money waiting for settlement. */
export type OrderState = 1 | 2 | 3 | 4 | 5 | 6;

/** Paid orders of the mini-program, which alone are in its shipping management; a fresh one only after a while. */
export const shippableOrders = ({ pay, miniProgram, clock }: World): PaidOrder[] =>
  [...pay.orders.values()]
    .filter((order): order is PaidOrder => order.payment !== null && order.asked.appid === miniProgram.appid)
    .filter(({ payment }) => clock.now() >= payment.paidAt + miniProgram.settings.shippingLagMs);

export type PaidOrder = Order & { payment: NonNullable<Order['payment']> };

/** Two ways of naming an order, under the names that either kind of call has for them. */
export interface OrderName {
  transactionId: string;
  mchid: string;
  outTradeNo: string;
}

/** @throws PlatformError 10060001 */
export function getShippable(world: World, { transactionId, mchid, outTradeNo }: OrderName): PaidOrder {
  const found = shippableOrders(world).find((order) =>
    transactionId
      ? order.payment.transactionId === transactionId
      : order.asked.mchid === mchid && order.outTradeNo === outTradeNo,
  );
  if (!found) throw refuse.orderUnknown();
  return found;
}

export const shippingOf = ({ miniProgram }: World, { payment }: PaidOrder): Shipping | null =>
  miniProgram.shippings.get(payment.transactionId) ?? null;

export function stateOf(world: World, order: PaidOrder): OrderState {
  const shipping = shippingOf(world, order);
  if (isRefunded(world, order)) return 5;
  if (!shipping?.isFinished) return 1;
  if (shipping.settledAt !== null) return 4;
  return shipping.receivedAt === null ? 2 : world.miniProgram.settings.stateBeforeSettlement;
}

function isRefunded({ pay }: World, order: PaidOrder): boolean {
  const refunds = [...pay.refunds.values()].filter((one) => one.order === order && one.status === 'SUCCESS');
  return refunds.reduce((sum, { amount }) => sum + amount, 0) >= order.payment.total;
}
