import { In, LessThan, LessThanOrEqual } from 'typeorm';
import { DisputedMoney } from '../../entities/disputed-money.ts';
import { Order } from '../../entities/order.ts';
import { Refund } from '../../entities/refund.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import {
  type DisputedDecisionBody,
  disputedDecisions,
  type DisputedListQuery,
  type DisputedMoneyView,
  disputedStates,
} from '../contracts/refunds.ts';
import { type DisputeReason, disputeReasons } from '../contracts/states.ts';
import { lockOrder } from '../orders/index.ts';
import { post } from '../ledger/index.ts';
import { applyMoney } from '../payments/index.ts';
import type { StaffActor } from '../platform/actor.ts';
import { locked } from '../platform/database/index.ts';
import { newId, newRefundNumber } from '../platform/ids.ts';
import { doEach, enqueue } from '../platform/jobs/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';
import { aboveLimit, disputedNotFound, notRefundable } from './errors.ts';
import { approvalLimitFen } from './policy.ts';
import { getOrder } from './propose-refund.ts';

const HOUR_MS = 3600_000;
/** Nobody wants such money to stay: it goes back by itself. */
const BY_ITSELF: readonly DisputeReason[] = ['late', 'double'];
/** It is not in our merchant's account, or not in fen. */
const ELSEWHERE: readonly DisputeReason[] = ['currency', 'foreign_merchant'];

/** What the customer reads at WeChat. */
const REASONS: Partial<Record<DisputeReason, string>> = {
  late: '订单关闭后付款，退回',
  double: '重复付款，退回',
  short: '付款金额不足，退回',
  over: '付款金额有误，退回',
};

/**
 * Finance decides what becomes of money that is no sale: it goes back to who paid, is what was due of an order, or is kept
 * for a reason.
 * @throws {AppError} disputed.not_found, disputed.not_refundable, disputed.amount_differs, order.not_found, order.not_payable, refund.above_limit, disputed.illegal_move when it was decided before
 */
export async function decideDisputed(
  work: Transaction,
  who: StaffActor,
  id: string,
  body: DisputedDecisionBody,
): Promise<DisputedMoney> {
  // An order before what belongs to it, like everybody.
  const target = body.decision === 'apply' ? await lockTarget(work, body.orderNumber) : null;
  const money = await lockMoney(work, id);
  const limitFen = approvalLimitFen(work, who);
  if (body.decision === 'refund' && money.amountFen > limitFen) throw aboveLimit(limitFen);
  money.resolve(body.decision, who.id, work.now());
  if (body.decision === 'keep') await keep(work, money, body.note);
  if (body.decision === 'refund') await giveBack(work, money);
  if (target) await apply(work, money, target);
  await work.db.save(DisputedMoney, money);
  work.audit({ deed: 'disputed-decided', subject: { kind: 'disputed-money', id }, after: { ...body } });
  return money;
}

/** Late and double payments go back by themselves after the configured time, each tried once. */
export async function refundByItself(desk: Desk): Promise<void> {
  const hours = desk.config.DISPUTED_REFUND_AFTER_HOURS;
  if (hours === 0) return;
  const until = LessThanOrEqual(new Date(desk.now().getTime() - hours * HOUR_MS));
  const open = { state: 'open' as const, reason: In([...BY_ITSELF]), receivedAt: until };
  const those = {
    of: await desk.db.find(DisputedMoney, { select: { id: true }, where: open, order: { id: 'ASC' } }),
    about: ({ id }: Pick<DisputedMoney, 'id'>) => ({ disputed: id }),
    fault: 'disputed money could not be given back',
  };
  await doEach(desk, those, ({ id }) => desk.transaction((work) => giveBackIfOpen(work, id)));
}

/** One that came back closed or refused is for a person. */
async function giveBackIfOpen(work: Transaction, id: string): Promise<void> {
  const money = await lockMoney(work, id);
  if (money.state !== 'open' || (await work.db.existsBy(Refund, { disputedId: id }))) return;
  money.resolve('refund', null, work.now());
  await giveBack(work, money);
  await work.db.save(DisputedMoney, money);
}

async function giveBack(work: Transaction, money: DisputedMoney): Promise<void> {
  if (ELSEWHERE.includes(money.reason)) throw notRefundable();
  const refund = Object.assign(new Refund(), {
    id: newId(),
    number: newRefundNumber(work.now()),
    disputedId: money.id,
    orderId: money.orderId,
    transactionId: money.transactionId,
    totalFen: money.amountFen,
    amountFen: money.amountFen,
    governmentFen: 0,
    reason: REASONS[money.reason] ?? '款项退回',
    createdAt: work.now(),
  });
  await work.db.insert(Refund, refund);
  await enqueue(work, 'refund.send', { refundId: refund.id });
}

const lockTarget = async (work: Transaction, number: string): Promise<Order> =>
  lockOrder(work, (await getOrder(work, number)).id);

async function apply(work: Transaction, money: DisputedMoney, order: Order): Promise<void> {
  if (ELSEWHERE.includes(money.reason)) throw notRefundable();
  await applyMoney(work, money, order);
}

async function keep(work: Transaction, money: DisputedMoney, note: string): Promise<void> {
  money.note = note;
  // Another currency's cents never came into these books.
  if (money.reason === 'currency') return;
  const { amountFen, orderId, transactionId } = money;
  const lines = [
    { account: 'disputed_money', amountFen },
    { account: 'other_income', amountFen: -amountFen },
  ] as const;
  await post(work, [{ kind: 'disputed_kept', reference: transactionId, orderId, happenedAt: work.now(), lines }]);
}

async function lockMoney({ db }: Transaction, id: string): Promise<DisputedMoney> {
  const money = await db.findOne(DisputedMoney, { where: { id }, ...locked<DisputedMoney>(db) });
  if (!money) throw disputedNotFound();
  return money;
}

/** Newest first, one row more than the page holds. */
export async function listDisputed(
  work: Work,
  { after, limit, state }: DisputedListQuery & { limit: number },
): Promise<DisputedMoneyView[]> {
  const where = { ...(after ? { id: LessThan(after) } : {}), ...(state ? { state } : {}) };
  const rows = await work.db.find(DisputedMoney, { where, order: { id: 'DESC' }, take: limit + 1 });
  return presentDisputed(work, rows);
}

export async function presentDisputed(work: Work, rows: readonly DisputedMoney[]): Promise<DisputedMoneyView[]> {
  const { db, config } = work;
  const orders = await db.findBy(Order, { id: In(rows.flatMap(({ orderId }) => orderId ?? [])) });
  const members = await db.findBy(StaffMember, { id: In(rows.flatMap(({ decidedBy }) => decidedBy ?? [])) });
  const numbers = new Map(orders.map(({ id, number }) => [id, number]));
  const names = new Map(members.map(({ id, name }) => [id, name]));
  const hours = config.DISPUTED_REFUND_AFTER_HOURS;
  return rows.map((money) => ({
    id: money.id,
    transactionId: money.transactionId,
    paymentNumber: money.paymentNumber,
    orderNumber: numbers.get(money.orderId ?? '') ?? null,
    reason: money.reason,
    reasonWords: disputeReasons[money.reason],
    amountFen: money.amountFen,
    expectedFen: money.expectedFen,
    currency: money.currency,
    paidAt: money.paidAt.toISOString(),
    receivedAt: money.receivedAt.toISOString(),
    state: money.state,
    stateWords: disputedStates[money.state],
    decision: money.decision,
    decisionWords: money.decision && disputedDecisions[money.decision],
    note: money.note,
    decidedBy: names.get(money.decidedBy ?? '') ?? null,
    decidedAt: money.decidedAt?.toISOString() ?? null,
    refundsAt:
      money.state === 'open' && hours > 0 && BY_ITSELF.includes(money.reason)
        ? new Date(money.receivedAt.getTime() + hours * HOUR_MS).toISOString()
        : null,
  }));
}
