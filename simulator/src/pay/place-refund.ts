import { PayError } from '../errors.ts';
import type { World } from '../world.ts';
import { balanceOf, bookRefund, returnedFee } from './account.ts';
import { checkNotifyUrl } from './addresses.ts';
import { noteRefund } from './complaint-life.ts';
import { badField, checkField, type Field } from './fields.ts';
import { beijingDigits, randomDigits } from './numbers.ts';
import type { Order } from './order.ts';
import { canonical } from './place-order.ts';
import { describeRefund, type Refund } from './refund.ts';
import { planEnd } from './refund-life.ts';

const YEAR_MS = 365 * 86_400_000;
const MOST_REFUNDS = 50;

const AMOUNT: Field = {
  is: 'group',
  must: true,
  fields: {
    refund: { is: 'whole', from: 1, must: true },
    total: { is: 'whole', from: 1, must: true },
    currency: { is: 'text', max: 16, must: true, oneOf: ['CNY'] },
  },
};

/** WeChat Pay documentation 4013070371. Profit sharing (`from`) and goods are not part of this stand-in. */
const REFUND_SHAPE: Field = {
  is: 'group',
  fields: {
    transaction_id: { is: 'text', max: 32 },
    out_trade_no: { is: 'text', max: 32 },
    out_refund_no: { is: 'text', max: 64, must: true, matches: /^[0-9A-Za-z_\-|*@]+$/ },
    reason: { is: 'text', max: 80 },
    notify_url: { is: 'text', max: 255 },
    funds_account: { is: 'text', max: 32, oneOf: ['AVAILABLE'] },
    amount: AMOUNT,
  },
};

interface RefundBody {
  transaction_id?: string;
  out_trade_no?: string;
  out_refund_no: string;
  reason?: string;
  notify_url?: string;
  amount: { refund: number; total: number };
}

/** Accepts a refund; that is all that its answer says. The same number with the same content is the same refund. */
export function placeRefund(world: World, body: unknown): Record<string, unknown> {
  checkField(REFUND_SHAPE, body, '');
  const asked = body as RefundBody;
  if (asked.notify_url !== undefined) checkNotifyUrl(asked.notify_url, world.pay.settings);
  const fingerprint = canonical(asked);
  const known = world.pay.refunds.get(asked.out_refund_no);
  if (known) return describeRefund(sameAs(known, fingerprint));

  const order = getPaid(world, asked);
  checkAmount(world, order, asked.amount);
  return describeRefund(openRefund(world, order, asked.amount.refund, { ...pick(asked), fingerprint, byHand: false }));
}

/** In the merchant's portal: the product hears of it by the bill alone. */
export function refundByHand(world: World, order: Order, amount: number): Refund {
  checkAmount(world, order, { refund: amount, total: order.payment!.total });
  const outRefundNo = `PORTAL${beijingDigits(world.clock.now())}${randomDigits(6)}`;
  return openRefund(world, order, amount, {
    outRefundNo,
    reason: null,
    notifyUrl: null,
    fingerprint: '',
    byHand: true,
  });
}

const pick = ({
  out_refund_no,
  reason,
  notify_url,
}: RefundBody): Pick<Refund, 'outRefundNo' | 'reason' | 'notifyUrl'> => ({
  outRefundNo: out_refund_no,
  reason: reason ?? null,
  notifyUrl: notify_url ?? null,
});

function sameAs(known: Refund, fingerprint: string): Refund {
  if (known.fingerprint !== fingerprint) throw invalid('请求参数与首次请求时不一致，请核实后重新发起');
  return known;
}

function getPaid({ pay }: World, { transaction_id: id, out_trade_no: number }: RefundBody): Order {
  if (id === undefined && number === undefined) throw badField('/transaction_id', undefined, '必填字段缺失');
  const order = [...pay.orders.values()].find(
    ({ outTradeNo, payment }) =>
      payment !== null &&
      (id === undefined || payment.transactionId === id) &&
      (number === undefined || outTradeNo === number),
  );
  if (!order) throw new PayError(404, 'RESOURCE_NOT_EXISTS', '订单不存在或未支付');
  return order;
}

function checkAmount(world: World, order: Order, { refund, total }: { refund: number; total: number }): void {
  const now = world.clock.now();
  const { total: paid, paidAt } = order.payment!;
  const earlier = refundsOf(world, order);
  if (total !== paid) throw invalid('订单金额与原订单不一致');
  if (now - paidAt > YEAR_MS) throw invalid('订单已超过可退款的最大期限');
  if (refund > paid - refundedOf(world, order)) throw invalid('申请退款金额大于可退金额');
  if (earlier.length >= MOST_REFUNDS) throw invalid('同一笔订单最多支持50次部分退款');
  const last = Math.max(0, ...earlier.map(({ createdAt }) => createdAt));
  if (now - last < world.pay.settings.refundGapMs)
    throw new PayError(429, 'FREQUENCY_LIMITED', '同一笔订单的退款请求过于频繁，请稍后用原单号重试');
  const fee = returnedFee(paid, refundedOf(world, order), refund, order.payment!.feeRate);
  if (balanceOf(world) < refund - fee) throw new PayError(403, 'NOT_ENOUGH', '商户账户余额不足，请充值后用原单号重试');
}

/** Refunds that hold money: all but the closed ones. */
export const refundsOf = ({ pay }: World, order: Order): Refund[] =>
  [...pay.refunds.values()].filter((refund) => refund.order === order && refund.status !== 'CLOSED');

export const refundedOf = (world: World, order: Order): number =>
  refundsOf(world, order).reduce((sum, { amount }) => sum + amount, 0);

function openRefund(
  world: World,
  order: Order,
  amount: number,
  how: Pick<Refund, 'outRefundNo' | 'reason' | 'notifyUrl' | 'fingerprint' | 'byHand'>,
): Refund {
  const createdAt = world.clock.now();
  const { total, feeRate } = order.payment!;
  const refund: Refund = {
    ...how,
    refundId: `5030${randomDigits(6)}${beijingDigits(createdAt).slice(0, 8)}${randomDigits(11)}`,
    order,
    amount,
    fee: returnedFee(total, refundedOf(world, order), amount, feeRate),
    status: 'PROCESSING',
    createdAt,
    endedAt: null,
    ending: null,
    reroutedTo: null,
  };
  world.pay.refunds.set(refund.outRefundNo, refund);
  order.state = 'REFUND';
  bookRefund(world, refund);
  noteRefund(world, refund, 'started');
  planEnd(world, refund);
  return refund;
}

const invalid = (message: string) => new PayError(400, 'INVALID_REQUEST', message);
