import { In } from 'typeorm';
import { LedgerLine, LedgerPosting } from '../../entities/ledger.ts';
import { DisputedMoney } from '../../entities/disputed-money.ts';
import { Payment } from '../../entities/payment.ts';
import { Refund } from '../../entities/refund.ts';
import type { DifferenceCause, DifferenceKind, DifferenceSubject } from '../contracts/reconciliation.ts';
import { startOfDay } from '../platform/calendar.ts';
import type { Work } from '../platform/work.ts';
import { adjustmentOf, copiesOf, type Entry, isStateRight, type OtherRate, signedFen } from './join.ts';
import type { FundRow } from '../platform/wechat-pay/index.ts';

/** A difference as a comparison finds it. */
export interface Finding {
  kind: DifferenceKind;
  cause: DifferenceCause;
  subject: DifferenceSubject;
  reference: string;
  transactionId: string | null;
  number: string | null;
  orderId: string | null;
  booksFen: number | null;
  tradeFen: number | null;
  fundsFen: number | null;
  count: number;
  /** What must be booked so that the books agree with WeChat's account. */
  adjustFen: number;
  note: string | null;
  happenedAt: Date;
  /** A query to WeChat may prove it. */
  proof: 'payment' | 'refund' | null;
}

/** What is known here of something that the bills name and the books of the day do not. */
interface Known {
  /** Booked under the same reference on another day, or as agreed before. */
  posting: { eventDay: string; amountFen: number; orderId: string | null } | null;
  payment: Payment | null;
  refund: Refund | null;
  /** The payment that a refund is of is ours. */
  isOfOurs: boolean;
}

/** Names what the three do not agree about. Only reads. */
export async function classify(work: Work, day: string, entry: Entry): Promise<Finding | null> {
  if (entry.books) return ofBooks(entry, entry.books);
  return ofBillsAlone(entry, day, await findKnown(work, entry));
}

function ofBooks(entry: Entry, books: NonNullable<Entry['books']>): Finding {
  const { trade, funds, subject } = entry;
  const found = (kind: DifferenceKind, cause: DifferenceCause, note: string | null = null) =>
    finding(entry, { kind, cause, note });
  if (subject === 'closed_refund')
    return funds ? found('amount', 'unknown') : found('only_here', 'unknown', IN_NEITHER);
  if (!trade && !funds) return found('only_here', 'unknown', IN_NEITHER);
  if (!trade) return found('only_here', 'bill_row', '交易账单缺少此笔');
  if (!funds) return found('only_here', 'bill_row', '资金账单缺少此笔');
  const copies = copiesOf(entry);
  if (copies.most > 1)
    return { ...found('duplicate', 'bill_row'), count: copies.most - 1, ...(copies.areBoth ? {} : { adjustFen: 0 }) };
  if (trade.currency !== 'CNY') return found('amount', 'unknown', '币种不是人民币');
  if (books.amountFen !== signedFen(trade)) return found('amount', 'unknown', '账簿与交易账单金额不符');
  if (!isStateRight(books.refundState, trade)) {
    const cause = books.refundState === 'succeeded' ? 'bill_row' : 'refund_not_finished';
    return { ...found('state', cause, `账单状态 ${trade.refundState}`.slice(0, 200)), proof: 'refund' };
  }
  if (entry.fundsFen !== books.amountFen - trade.feeFen)
    return isFeeOff(entry, books.amountFen)
      ? found('fee', 'unknown', '交易账单与资金账单手续费不符')
      : found('amount', 'unknown', '交易账单与资金账单金额不符');
  return found('fee', 'unknown', '手续费与费率不符');
}

/** The two bills agree about the money and not about its fee. */
const isFeeOff = ({ fundsFen, fundsFeeFen }: Entry, amountFen: number): boolean =>
  fundsFeeFen !== 0 ? fundsFen - fundsFeeFen === amountFen : Math.abs(fundsFen - amountFen) < Math.abs(amountFen) / 50;

const IN_NEITHER = '两份账单均无此笔';

function ofBillsAlone(entry: Entry, day: string, known: Known): Finding | null {
  const { subject, trade } = entry;
  const found = (kind: DifferenceKind, cause: DifferenceCause, note: string | null = null) =>
    finding(entry, { kind, cause, note, orderId: orderOf(known) });
  if (known.posting && known.posting.eventDay !== day)
    return { ...found('day_boundary', 'clock'), booksFen: known.posting.amountFen, adjustFen: 0 };
  if (subject === 'payment') {
    if (known.payment) return { ...found('only_there', 'missed_notice'), proof: 'payment' };
    return found('only_there', trade ? 'other_system' : 'unknown', trade ? null : '仅资金账单有此笔');
  }
  if (known.refund) return { ...found('only_there', 'missed_notice'), proof: 'refund' };
  if (known.isOfOurs) return found('only_there', 'refund_by_hand');
  return found('only_there', trade || subject === 'closed_refund' ? 'other_system' : 'unknown');
}

const orderOf = ({ posting, payment, refund }: Known): string | null =>
  posting?.orderId ?? payment?.orderId ?? refund?.orderId ?? null;

function finding(entry: Entry, more: Pick<Finding, 'kind' | 'cause' | 'note'> & { orderId?: string | null }): Finding {
  const { subject, reference, books, trade, tradeRows, funds, fundsFen } = entry;
  return {
    subject,
    reference,
    transactionId: trade?.transactionId ?? (subject === 'payment' ? reference : null),
    number: (subject === 'payment' ? trade?.outTradeNo : trade?.outRefundNo) || funds?.voucher || null,
    orderId: books?.orderId ?? null,
    booksFen: books?.amountFen ?? null,
    tradeFen: trade ? signedFen(trade) * tradeRows : null,
    fundsFen: funds ? fundsFen : null,
    count: 1,
    adjustFen: adjustmentOf(entry),
    happenedAt: books?.happenedAt ?? new Date(`${(trade ?? funds)!.at.replace(' ', 'T')}+08:00`),
    proof: null,
    ...more,
  };
}

async function findKnown({ db }: Work, { subject, reference, trade, funds }: Entry): Promise<Known> {
  const kinds =
    subject === 'payment' ? ['payment', 'disputed_payment'] : [subject === 'refund' ? 'refund' : 'refund_closed'];
  const posting = await db.findOneBy(LedgerPosting, { kind: In(kinds), reference });
  const line = posting && (await db.findOneBy(LedgerLine, { postingId: posting.id, account: 'wechat_pay' }));
  const number = trade?.outTradeNo || (subject === 'payment' ? funds?.voucher : undefined);
  const transactionId = trade?.transactionId;
  return {
    posting: posting && { eventDay: posting.eventDay, orderId: posting.orderId, amountFen: line?.amountFen ?? 0 },
    payment: subject === 'payment' && number ? await db.findOneBy(Payment, { number }) : null,
    refund: subject === 'payment' ? null : await db.findOneBy(Refund, { number: reference }),
    isOfOurs: transactionId
      ? (await db.existsBy(Payment, { transactionId })) || (await db.existsBy(DisputedMoney, { transactionId }))
      : false,
  };
}

/** Another rate than the agreed one: one difference for all payments of the day. */
export const ofRate = (day: string, { rate, count, feeFen, expectedFen }: OtherRate): Finding => ({
  kind: 'fee',
  cause: 'rate_changed',
  subject: 'fee',
  reference: `rate:${rate}`.slice(0, 64),
  transactionId: null,
  number: null,
  orderId: null,
  booksFen: -expectedFen,
  tradeFen: -feeFen,
  fundsFen: null,
  count,
  adjustFen: 0,
  note: `账单费率 ${rate}`.slice(0, 200),
  happenedAt: startOfDay(day),
  proof: null,
});

/** Money that moved without a payment or a refund, and not to or from the bank. */
export const ofMovement = ({ flowId, businessId, business, kind, amountFen, at }: FundRow): Finding => ({
  kind: 'only_there',
  cause: 'other_system',
  subject: 'movement',
  reference: flowId.slice(0, 64),
  transactionId: businessId.slice(0, 64),
  number: null,
  orderId: null,
  booksFen: null,
  tradeFen: null,
  fundsFen: amountFen,
  count: 1,
  adjustFen: amountFen,
  note: `${business} · ${kind}`.slice(0, 200),
  happenedAt: new Date(`${at.replace(' ', 'T')}+08:00`),
  proof: null,
});
