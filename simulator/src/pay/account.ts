import type { World } from '../world.ts';
import { beijingDigits, randomDigits } from './numbers.ts';
import type { Order } from './order.ts';
import type { Refund } from './refund.ts';

/** One movement of the merchant's money, as the fund-flow bill lists it (WeChat Pay documentation 4013071249). */
export interface Movement {
  /** Virtual Unix milliseconds. */
  at: number;
  /** WeChat's number of the payment, the refund or the withdrawal. */
  businessId: string;
  flowId: string;
  /** 业务名称 and 业务类型. */
  business: string;
  kind: string;
  /** Fen; negative: paid out. */
  amount: number;
  /** Fen, afterwards. */
  balance: number;
  applicant: string;
  remark: string;
  /** Our own number of it, where there is one. */
  voucher: string;
}

const HUNDRED_PERCENT = 10_000;

/** Fee of an amount, fen, rounded half up; the rate in parts of ten thousand. */
export const feeOf = (amount: number, rate: number): number => Math.round((amount * rate) / HUNDRED_PERCENT);

export const balanceOf = ({ pay }: World): number => pay.movements.at(-1)?.balance ?? 0;

/** What is held back from a refund because its share of the fee is given back: all refunds together give back the whole fee. */
export function returnedFee(total: number, refundedBefore: number, amount: number, rate: number): number {
  const left = total - refundedBefore;
  return feeOf(left, rate) - feeOf(left - amount, rate);
}

export function bookPayment(world: World, order: Order): void {
  const { transactionId: businessId, paidAt: at, total, feeRate } = order.payment!;
  const shared = { at, businessId, business: '交易', applicant: 'system', remark: '', voucher: order.outTradeNo };
  move(world, { ...shared, kind: '交易', amount: total });
  const fee = feeOf(total, feeRate);
  if (fee > 0) move(world, { ...shared, kind: '扣除交易手续费', amount: -fee });
}

/** Net of the fee that comes back with it, or the fee by itself: the settings say which. */
export function bookRefund(world: World, refund: Refund): void {
  const { refundId: businessId, createdAt: at, amount, fee, outRefundNo } = refund;
  const isNet = world.pay.settings.refundFeeBooking === 'net';
  const shared = {
    at,
    businessId,
    business: '退款',
    applicant: refund.byHand ? `admin@${world.kit.mchid}` : `${world.kit.mchid}API`,
    remark: refundRemark(amount, fee),
    voucher: outRefundNo,
  };
  if (!isNet && fee > 0) move(world, { ...shared, kind: '退还交易手续费', amount: fee });
  move(world, { ...shared, kind: '退款', amount: isNet ? -(amount - fee) : -amount });
}

export const refundRemark = (amount: number, fee: number): string =>
  `退款总金额${yuan(amount)}元;含手续费${yuan(fee)}元`;

/** The refund did not come about: the money is back. */
export function bookClosedRefund(world: World, { refundId: businessId, amount, fee, outRefundNo }: Refund): void {
  const at = world.clock.now();
  const shared = { at, businessId, business: '退款', applicant: 'system', remark: '', voucher: outRefundNo };
  move(world, { ...shared, kind: '退款关闭', amount: amount - fee });
}

export function bookWithdrawal(world: World, amount: number): void {
  const businessId = `1000${randomDigits(24)}`;
  const at = world.clock.now();
  const applicant = `admin@${world.kit.mchid}`;
  const shared = { at, businessId, business: '充值/提现', applicant, remark: '', voucher: '' };
  move(world, { ...shared, kind: amount < 0 ? '充值' : '提现', amount: -amount });
}

/** In its place in time: what is booked for an earlier day moves every later balance. */
function move({ kit, pay }: World, movement: Omit<Movement, 'flowId' | 'balance'>): void {
  const { movements } = pay;
  const { at, amount } = movement;
  const flowId = `${kit.mchid}${beijingDigits(at).slice(0, 8)}${randomDigits(14)}`;
  const place = movements.findLastIndex((earlier) => earlier.at <= at) + 1;
  const balance = (movements[place - 1]?.balance ?? 0) + amount;
  for (const later of movements.slice(place)) later.balance += amount;
  movements.splice(place, 0, { ...movement, flowId, balance });
}

/** Fen as `100.00`. */
export const yuan = (fen: number): string => {
  const [whole, cents] = [Math.trunc(Math.abs(fen) / 100), Math.abs(fen) % 100];
  return `${fen < 0 ? '-' : ''}${whole}.${String(cents).padStart(2, '0')}`;
};
