import type { World } from '../../world.ts';
import { feeOf, type Movement } from '../account.ts';
import type { Order } from '../order.ts';
import { payerShare, type Refund } from '../refund.ts';
import { startOf, within } from './days.ts';
import type { BillDay } from './state.ts';
import type { TradeRow } from './trade-sheet.ts';

/** Payments by the time of their success (WeChat Pay documentation 4013071246). */
export function paymentsOf({ pay }: World, day: string): Order[] {
  const isOfDay = within(day);
  return [...pay.orders.values()].filter(({ payment }) => payment && isOfDay(payment.paidAt));
}

/** Refunds by the time of their acceptance. */
export function refundsOf({ pay }: World, day: string): Refund[] {
  const isOfDay = within(day);
  return [...pay.refunds.values()].filter(({ createdAt }) => isOfDay(createdAt));
}

export function movementsOf({ pay }: World, day: string): Movement[] {
  const isOfDay = within(day);
  return pay.movements.filter(({ at }) => isOfDay(at));
}

/** Fen on the merchant's account when the day begins. */
export function openingBalance({ pay }: World, day: string): number {
  const start = startOf(day);
  return pay.movements.findLast(({ at }) => at < start)?.balance ?? 0;
}

/** What happened on a day, in order of time, before anything is planted. */
export function tradeRows(world: World, day: string, states: BillDay['states']): TradeRow[] {
  const rows = [
    ...paymentsOf(world, day).map((order) => paymentRow(world, order)),
    ...refundsOf(world, day).map((refund) => refundRow(world, refund, states)),
  ];
  return rows.toSorted((one, other) => one.at - other.at);
}

function paymentRow({ kit }: World, order: Order): TradeRow {
  const { appid, description, attach, scene_info: scene } = order.asked;
  const { paidAt, transactionId, openid, bankType, total, payerTotal, feeRate } = order.payment!;
  return {
    at: paidAt,
    appid,
    mchid: kit.mchid,
    deviceId: scene?.device_id ?? '',
    transactionId,
    outTradeNo: order.outTradeNo,
    openid: openid ?? '',
    tradeType: order.tradeType,
    state: 'SUCCESS',
    bankType,
    total,
    coupon: total - payerTotal,
    refund: null,
    description,
    attach: attach ?? '',
    fee: feeOf(total, feeRate),
    feeRate,
  };
}

/** Its status is that of the moment when a bill first told it. */
function refundRow(world: World, refund: Refund, states: BillDay['states']): TradeRow {
  const { refundId, outRefundNo, order, amount, fee, createdAt, status, endedAt } = refund;
  const told = states.get(outRefundNo) ?? { status, succeededAt: status === 'SUCCESS' ? endedAt : null };
  states.set(outRefundNo, told);
  return {
    ...paymentRow(world, order),
    at: createdAt,
    state: 'REFUND',
    total: 0,
    coupon: 0,
    refund: { refundId, outRefundNo, amount, coupon: amount - payerShare(refund), ...told },
    fee: -fee,
  };
}

/** A day to the fen, as it really was. */
export function bookTotals(world: World, day: string) {
  const [payments, refunds, movements] = [paymentsOf(world, day), refundsOf(world, day), movementsOf(world, day)];
  const opening = openingBalance(world, day);
  const income = sum(movements.map(({ amount }) => Math.max(amount, 0)));
  const outgo = sum(movements.map(({ amount }) => Math.max(-amount, 0)));
  return {
    payments: payments.length,
    paidFen: sum(payments.map(({ payment }) => payment!.total)),
    feeFen: sum(payments.map(({ payment }) => feeOf(payment!.total, payment!.feeRate))),
    refunds: refunds.length,
    refundedFen: sum(refunds.map(({ amount }) => amount)),
    returnedFeeFen: sum(refunds.map(({ fee }) => fee)),
    movements: movements.length,
    incomeFen: income,
    outgoFen: outgo,
    openingBalanceFen: opening,
    closingBalanceFen: opening + income - outgo,
  };
}

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);
