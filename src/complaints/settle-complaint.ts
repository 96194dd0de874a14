import { In } from 'typeorm';
import { Complaint, ComplaintEntry } from '../../entities/complaint.ts';
import { DisputedMoney } from '../../entities/disputed-money.ts';
import { Payment } from '../../entities/payment.ts';
import type { ComplaintEntryKind } from '../contracts/complaints.ts';
import { insertAll, locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { ComplaintFact, NegotiationEntry } from '../platform/wechat-pay/index.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { keepTask } from './keep-task.ts';
import { sealPhone } from './phone.ts';
import { traceDeeds } from './trace-deeds.ts';

const HOUR_MS = 3600_000;
const LONGEST = { title: 256, content: 4000, operator: 64 } as const;

/** What WeChat said of a complaint, and when it began to be asked. */
export interface Reading {
  fact: ComplaintFact;
  entries: readonly NegotiationEntry[];
  /** In full; null when the payer gave none. */
  phone: string | null;
  readAt: Date;
}

const RAISES: readonly ComplaintEntryKind[] = ['user_complained', 'user_went_on'];
const BY_USER: readonly ComplaintEntryKind[] = [...RAISES, 'user_said'];
const BY_US: readonly ComplaintEntryKind[] = [
  'merchant_said',
  'merchant_completed',
  'merchant_granted',
  'merchant_declined',
];

/**
 * The only way in which a complaint changes: it becomes what WeChat said of it last. Steps of the negotiation are only ever added; a
 * reading that began before the one that we have changes nothing else.
 */
export async function settleComplaint(work: Transaction, reading: Reading): Promise<Complaint> {
  const { fact, readAt } = reading;
  const known = await work.db.findOne(Complaint, {
    where: { complaintId: fact.complaintId },
    ...locked<Complaint>(work.db),
  });
  const complaint = known ?? newComplaint(work, reading);
  await addEntries(work, complaint.id, reading.entries);
  if (known && known.readAt > readAt) return known;

  const history = await work.db.find(ComplaintEntry, {
    where: { complaintId: complaint.id },
    order: { at: 'ASC', id: 'ASC' },
  });
  takeOver(work, complaint, reading, history);
  complaint.orderId ??= await findOrderId(work, fact);
  await (known ? work.db.save(Complaint, complaint) : work.db.insert(Complaint, complaint as never));
  await traceDeeds(work, complaint, history);
  await keepTask(work, complaint);
  return complaint;
}

function newComplaint(work: Transaction, { fact, readAt }: Reading): Complaint {
  const { complainedAt, state } = fact;
  return Object.assign(new Complaint(), {
    id: newId(),
    complaintId: fact.complaintId,
    state,
    complainedAt,
    raisedAt: complainedAt,
    readAt,
    createdAt: work.now(),
  });
}

function takeOver(
  work: Transaction,
  complaint: Complaint,
  { fact, phone, readAt }: Reading,
  history: readonly ComplaintEntry[],
): void {
  const [order] = fact.orders;
  const isOver = fact.state === 'processed';
  const isAnew = complaint.completedAt !== null && !isOver;
  if (isAnew) complaint.round += 1;
  complaint.raisedAt = raisedAtOf(complaint, history, isAnew ? readAt : null);
  const ours = history.filter(({ kind, at }) => BY_US.includes(kind) && at >= complaint.raisedAt);
  Object.assign(complaint, {
    state: fact.state,
    problem: fact.problemType,
    title: cut(fact.problem, LONGEST.title),
    content: cut(fact.content, LONGEST.content),
    transactionId: order?.transactionId ?? null,
    paymentNumber: order?.outTradeNo ?? null,
    amountFen: order?.amountFen ?? null,
    askedFen: fact.askedFen,
    times: fact.times,
    phoneSealed: phone === null ? complaint.phoneSealed : sealPhone(work.vault, complaint.id, phone),
    mediaIds: fact.mediaIds,
    fullyRefundedAt: fact.isFullyRefunded ? (complaint.fullyRefundedAt ?? readAt) : null,
    waitingSince: fact.isWaiting ? waitingSinceOf(complaint, history) : null,
    answeredAt: ours[0]?.at ?? null,
    completedAt: isOver ? (complaint.completedAt ?? ours.at(-1)?.at ?? readAt) : null,
    readAt,
  });
  complaint.dueAt = dueAtOf(work, complaint);
}

/** When the payer complained last; of one that began anew without a word, when that was seen. It never goes back. */
function raisedAtOf(complaint: Complaint, history: readonly ComplaintEntry[], seenAnewAt: Date | null): Date {
  const last = history.findLast(({ kind }) => RAISES.includes(kind));
  const said = Math.max(complaint.raisedAt.getTime(), last?.at.getTime() ?? 0);
  const isSilent = seenAnewAt && complaint.completedAt && said <= complaint.completedAt.getTime();
  return isSilent ? seenAnewAt : new Date(said);
}

/** The first word of the payer that nobody of us has answered. */
function waitingSinceOf({ raisedAt }: Complaint, history: readonly ComplaintEntry[]): Date {
  const after = history.slice(history.findLastIndex(({ kind }) => BY_US.includes(kind)) + 1);
  return after.find(({ kind }) => BY_USER.includes(kind))?.at ?? raisedAt;
}

/**
 * WeChat wants the first answer within 24 hours of the complaint, and its end within 72. Source: Tencent customer service, guide to
 * consumer complaints (kf.qq.com/faq/230125a6NbmA230125vMNZnE.html). That the time runs anew when the payer goes on is not confirmed.
 */
function dueAtOf({ config }: Work, { state, raisedAt, answeredAt }: Complaint): Date | null {
  if (state === 'processed') return null;
  const hours = answeredAt ? config.COMPLAINT_COMPLETE_HOURS : config.COMPLAINT_ANSWER_HOURS;
  return new Date(raisedAt.getTime() + hours * HOUR_MS);
}

async function addEntries(work: Transaction, complaintId: string, entries: readonly NegotiationEntry[]): Promise<void> {
  const known = await work.db.find(ComplaintEntry, { select: { logId: true }, where: { complaintId } });
  const logIds = new Set(known.map(({ logId }) => logId));
  const fresh = entries.filter(({ logId }) => !logIds.has(logId));
  const rows = fresh.map((entry) => ({
    ...entry,
    id: newId(),
    complaintId,
    operator: cut(entry.operator, LONGEST.operator),
    content: cut(entry.content, LONGEST.content),
  }));
  await insertAll(work.db, ComplaintEntry, rows, { ifNew: true });
}

/** Ours, by the payment that is named; money that is in dispute may be of an order as well. */
async function findOrderId({ db }: Work, { orders }: ComplaintFact): Promise<string | null> {
  const transactionId = In(orders.map((order) => order.transactionId));
  const number = In(orders.map((order) => order.outTradeNo));
  const payment = await db.findOne(Payment, { where: [{ transactionId }, { number }] });
  if (payment) return payment.orderId;
  return (await db.findOneBy(DisputedMoney, { transactionId }))?.orderId ?? null;
}

const cut = (text: string, most: number): string => [...text].slice(0, most).join('');
