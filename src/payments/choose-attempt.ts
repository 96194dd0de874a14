import type { Order } from '../../entities/order.ts';
import { Instalment } from '../../entities/order-parts.ts';
import { Payment } from '../../entities/payment.ts';
import type { PaymentWay } from '../contracts/states.ts';
import { findDueInstalment, lockOrder, takesMoney } from '../orders/index.ts';
import { newId, newPaymentNumber } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';
import { chaseAt } from './chase-payment.ts';
import { alreadyPaid, orderNotPayable } from './errors.ts';

/** Who pays, and where. */
export interface Payer {
  way: PaymentWay;
  appid: string;
  /** JSAPI only. */
  openid: string | null;
}

/** What to do next: use this attempt, or first end these. */
export type Choice = { use: Payment } | { closeFirst: Payment[] };

/** A prepay id lives two hours at WeChat. */
const ATTEMPT_MS = 2 * 3600_000;
/** With less time than this an attempt is not worth opening. */
const LEAST_MS = 90_000;

/**
 * Decides which attempt serves a payer: the one under way when it is for the same payer and still has time, else a new one, saved
 * before WeChat hears of it. Attempts for another payer or way are to be ended first, so that an instalment cannot be paid twice.
 * @throws {AppError} payment.already_paid, order.not_payable
 */
export async function chooseAttempt(work: Transaction, orderId: string, payer: Payer): Promise<Choice> {
  const order = await lockOrder(work, orderId);
  const instalments = await work.db.find(Instalment, { where: { orderId }, order: { position: 'ASC' } });
  const due = takesMoney(order) ? findDueInstalment(instalments) : null;
  if (!due) throw instalments.every(({ state }) => state === 'paid') ? alreadyPaid() : orderNotPayable(order.state);

  const attempts = await work.db.findBy(Payment, { instalmentId: due.id });
  const underWay = attempts.filter((attempt) => attempt.isUnderWay);
  const fitting = underWay.find((attempt) => servesStill(attempt, payer, due, work.now()));
  const others = underWay.filter((attempt) => attempt !== fitting);
  if (others.length > 0) return { closeFirst: others };
  return { use: fitting ?? (await openAttempt(work, order, due, payer)) };
}

const servesStill = (attempt: Payment, payer: Payer, due: Instalment, now: Date): boolean =>
  attempt.way === payer.way &&
  attempt.appid === payer.appid &&
  attempt.openid === payer.openid &&
  attempt.amountFen === due.amountFen &&
  attempt.expiresAt.getTime() - now.getTime() > LEAST_MS / 2;

async function openAttempt(work: Transaction, order: Order, due: Instalment, payer: Payer): Promise<Payment> {
  const now = work.now();
  const end = Math.min(now.getTime() + ATTEMPT_MS, order.expiresAt?.getTime() ?? Infinity);
  // WeChat counts whole seconds.
  const expiresAt = new Date(Math.ceil(Math.max(end, now.getTime() + LEAST_MS) / 1000) * 1000);
  const payment = Object.assign(new Payment(), {
    id: newId(),
    number: newPaymentNumber(now),
    orderId: order.id,
    instalmentId: due.id,
    ...payer,
    mchid: work.config.WECHAT_PAY_MCHID,
    description: [...`${order.serviceName} ${order.packageName} ${due.name}`].slice(0, 60).join(''),
    amountFen: due.amountFen,
    expiresAt,
    createdAt: now,
  });
  await work.db.insert(Payment, payment);
  await enqueue(work, 'payment.chase', { paymentId: payment.id, step: 0 }, { runAt: chaseAt(work, payment, 0) });
  return payment;
}
