import type { DifferenceSubject, SideTotals } from '../contracts/reconciliation.ts';
import type { RefundState } from '../contracts/refunds.ts';
import type { FundRow, TradeRow } from '../platform/wechat-pay/index.ts';

/** An event of the books that moved what WeChat Pay holds for us. */
export interface BooksRow {
  kind: 'payment' | 'disputed_payment' | 'refund' | 'refund_closed';
  /** WeChat's transaction id, or our refund number. */
  reference: string;
  orderId: string | null;
  happenedAt: Date;
  /** Debit of the account; negative when money went out. */
  amountFen: number;
  /** Of a refund: how it stands here now. */
  refundState?: RefundState | undefined;
}

/** What the three say of one event, as far as it was read. Amounts are signed like the account. */
export interface Entry {
  subject: Exclude<DifferenceSubject, 'fee'>;
  reference: string;
  books: BooksRow | null;
  trade: TradeRow | null;
  tradeRows: number;
  funds: FundRow | null;
  fundsFen: number;
  fundsRows: number;
  /** The part of `fundsFen` that is a fee of its own row; negative. */
  fundsFeeFen: number;
}

interface Place {
  subject: Entry['subject'];
  reference: string;
  /** Known by WeChat's refund id alone, as far as it was read. */
  isNameless?: boolean;
}

export interface JoinOptions {
  /** The rate agreed with WeChat Pay, parts of ten thousand. */
  feeRate: number;
  /** Reads only these, and forgets nothing: what is said of something once more after it was agreed about. */
  only?: ReadonlySet<string>;
}

/** Payments whose fee was taken at another rate than the agreed one. */
export interface OtherRate {
  rate: string;
  count: number;
  feeFen: number;
  expectedFen: number;
}

const RATE = /^(\d{1,3})(?:\.(\d{1,2}))?%$/;
const TEN_THOUSAND = 10_000;
/** All refunds of a payment together give back its whole fee, so one of them may be a fen off. */
const RETURNED_SLACK_FEN = 1;

const SUBJECTS: Record<BooksRow['kind'], Entry['subject']> = {
  payment: 'payment',
  disputed_payment: 'payment',
  refund: 'refund',
  refund_closed: 'closed_refund',
};
const NO_FUNDS = { fundsFen: 0, fundsRows: 0, fundsFeeFen: 0 };

const noTotals = (): SideTotals => ({ payments: 0, paidFen: 0, refunds: 0, refundedFen: 0, feeFen: 0 });

/**
 * Compares the books, the trade bill and the fund-flow bill, read side by side in any order. What all three agree about is
 * forgotten at once, so memory grows with what is still unmatched, not with the day.
 */
export class ThreeWayJoin {
  readonly totals = { books: noTotals(), trade: noTotals(), funds: noTotals() };
  readonly otherRates = new Map<string, OtherRate>();
  /** Money that moved without a payment or a refund: withdrawals, fees of other products … */
  readonly movements: FundRow[] = [];
  /** Fees that came back with refunds that were closed since. */
  reclaimedFeeFen = 0;
  fundsClosingFen: number | null = null;

  private readonly entries = new Map<string, Entry>();
  /** What a fund-flow row calls a refund, and the trade bill too. */
  private readonly refundNumbers = new Map<string, string>();

  constructor(private readonly options: JoinOptions) {}

  addBooks(rows: readonly BooksRow[]): void {
    for (const row of rows) {
      const subject = SUBJECTS[row.kind];
      add(this.totals.books, subject, Math.abs(row.amountFen));
      const entry = this.entryOf(subject, row.reference);
      if (!entry) continue;
      entry.books = row;
      this.forgetIfAgreed(entry);
    }
  }

  addTrade(rows: readonly TradeRow[]): void {
    for (const row of rows) {
      const subject = row.kind === 'payment' ? 'payment' : 'refund';
      const totals = this.totals.trade;
      add(totals, subject, row.amountFen);
      totals.feeFen += row.feeFen;
      const reference = subject === 'payment' ? row.transactionId : row.outRefundNo;
      if (subject === 'refund') this.refundNumbers.set(row.refundId, row.outRefundNo);
      this.noteRate(row);
      const entry = this.entryOf(subject, reference);
      if (!entry) continue;
      entry.trade ??= row;
      entry.tradeRows += 1;
      this.forgetIfAgreed(entry);
    }
  }

  addFunds(rows: readonly FundRow[]): void {
    for (const row of rows) {
      this.fundsClosingFen = row.balanceFen;
      const place = this.placeOf(row);
      if (!place) {
        this.movements.push(row);
        continue;
      }
      this.countFunds(row, place.subject);
      const entry = this.entryOf(place.subject, place.reference, place.isNameless);
      if (!entry) continue;
      entry.funds ??= row;
      entry.fundsFen += row.amountFen;
      if (isFee(row)) entry.fundsFeeFen += row.amountFen;
      entry.fundsRows += 1;
      this.forgetIfAgreed(entry);
    }
  }

  /** 业务名称 and 业务类型 (documentation 4013071249); both lists are open, and what they do not name is a movement. */
  private placeOf({ business, kind, businessId, voucher }: FundRow): Place | null {
    if (business === '交易') return { subject: 'payment', reference: businessId };
    if (business !== '退款') return null;
    const number = voucher || this.refundNumbers.get(businessId);
    const subject = kind === '退款关闭' ? 'closed_refund' : 'refund';
    // The trade row that names our number may still come.
    return number ? { subject, reference: number } : { subject, reference: businessId, isNameless: true };
  }

  private countFunds(row: FundRow, subject: Entry['subject']): void {
    const { funds } = this.totals;
    if (isFee(row)) funds.feeFen -= row.amountFen;
    else add(funds, subject, Math.abs(row.amountFen));
  }

  private entryOf(subject: Entry['subject'], reference: string, isNameless = false): Entry | null {
    const key = keyOf({ subject, reference });
    const known = this.entries.get(key);
    if (known) return known;
    if (!isNameless && !this.isWanted(key)) return null;
    const entry = { subject, reference, books: null, trade: null, tradeRows: 0, funds: null, ...NO_FUNDS };
    this.entries.set(key, entry);
    return entry;
  }

  private isWanted(key: string): boolean {
    return !this.options.only || this.options.only.has(key);
  }

  private forgetIfAgreed(entry: Entry): void {
    const { books, trade, funds } = entry;
    if (!books || !funds || this.options.only) return;
    if (entry.subject === 'closed_refund') {
      const keptFen = books.amountFen - entry.fundsFen;
      if (keptFen < 0 || keptFen > this.feeOf(books.amountFen) + RETURNED_SLACK_FEN) return;
      this.reclaimedFeeFen += keptFen;
    } else if (!trade || entry.tradeRows > 1 || !this.agrees(entry, books, trade)) return;
    this.entries.delete(keyOf(entry));
  }

  private agrees({ fundsFen }: Entry, { amountFen, refundState }: BooksRow, trade: TradeRow): boolean {
    return (
      isStateRight(refundState, trade) &&
      amountFen === signedFen(trade) &&
      fundsFen === amountFen - trade.feeFen &&
      this.isFeeRight(trade) &&
      trade.currency === 'CNY'
    );
  }

  /** By the rate that the row itself names; another rate than the agreed one is one difference, not one of each payment. */
  isFeeRight({ kind, amountFen, feeFen, rate }: TradeRow): boolean {
    const told = partsOf(rate);
    if (told === null) return false;
    if (kind === 'payment') return feeFen === feeAt(amountFen, told);
    return feeFen <= 0 && Math.abs(-feeFen - feeAt(amountFen, told)) <= RETURNED_SLACK_FEN;
  }

  private noteRate({ kind, rate, amountFen, feeFen }: TradeRow): void {
    if (kind !== 'payment' || partsOf(rate) === this.options.feeRate) return;
    const known = this.otherRates.get(rate) ?? { rate, count: 0, feeFen: 0, expectedFen: 0 };
    known.count += 1;
    known.feeFen += feeFen;
    known.expectedFen += this.feeOf(amountFen);
    this.otherRates.set(rate, known);
  }

  private feeOf(amountFen: number): number {
    return feeAt(amountFen, this.options.feeRate);
  }

  /** What the three do not agree about, in an order that does not depend on how they were read. */
  leftovers(): Entry[] {
    for (const entry of this.entries.values()) this.renumber(entry);
    return [...this.entries.values()]
      .filter((entry) => this.isWanted(keyOf(entry)))
      .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  }

  /** A refund whose fund-flow row came before the trade row that names its number, and without a voucher. */
  private renumber(entry: Entry): void {
    const reference = this.refundNumbers.get(entry.reference);
    if (entry.subject === 'payment' || entry.books || entry.trade || reference === undefined) return;
    this.entries.delete(keyOf(entry));
    const other = this.entryOf(entry.subject, reference);
    if (!other) return;
    other.funds ??= entry.funds;
    other.fundsFen += entry.fundsFen;
    other.fundsFeeFen += entry.fundsFeeFen;
    other.fundsRows += entry.fundsRows;
    this.forgetIfAgreed(other);
  }
}

export const keyOf = ({ subject, reference }: Pick<Entry, 'subject' | 'reference'>): string =>
  `${subject}:${reference}`;

const isFee = ({ kind }: FundRow): boolean => kind.includes('手续费');

/** The bill is a snapshot: a refund that it calls under way may have ended since, but not the other way round. */
export function isStateRight(ours: RefundState | undefined, { refundState }: TradeRow): boolean {
  if (ours === undefined) return true;
  if (refundState === 'SUCCESS') return ours === 'succeeded';
  return refundState !== 'CLOSED' || ours !== 'succeeded';
}

/** As the account moves. */
export const signedFen = ({ kind, amountFen }: TradeRow): number => (kind === 'payment' ? amountFen : -amountFen);

function add(totals: SideTotals, subject: Entry['subject'], amountFen: number): void {
  if (subject === 'payment') {
    totals.payments += 1;
    totals.paidFen += amountFen;
  } else if (subject === 'refund') {
    totals.refunds += 1;
    totals.refundedFen += amountFen;
  }
}

/** `0.60%` as 60 of ten thousand. */
function partsOf(rate: string): number | null {
  const parts = RATE.exec(rate);
  return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0')) : null;
}

/** Rounded half up to whole fen, without fractions on the way. */
const feeAt = (amountFen: number, rate: number): number =>
  Math.floor((amountFen * rate * 2 + TEN_THOUSAND) / (2 * TEN_THOUSAND));

/**
 * What WeChat took for itself in the day, less what it gave back, as its own account has it: where the two bills are not of one
 * mind, the account counts.
 */
export function bookedFeeOf(join: ThreeWayJoin, leftovers: readonly Entry[]): number {
  return leftovers.reduce(
    (sum, entry) => sum + feeInAccount(entry) - (entry.trade?.feeFen ?? 0) * entry.tradeRows,
    join.totals.trade.feeFen + join.reclaimedFeeFen,
  );
}

/** How often the bills have it; only when both say so did the account move so often. */
export function copiesOf({ books, trade, tradeRows, fundsFen }: Entry): { most: number; areBoth: boolean } {
  const netFen = (books?.amountFen ?? 0) - (trade?.feeFen ?? 0);
  const movements = Number.isInteger(fundsFen / netFen) ? fundsFen / netFen : 1;
  return { most: Math.max(tradeRows, movements), areBoth: tradeRows > 1 && movements > 1 };
}

/** What is missing in the books of what WeChat's account did, its fee aside. */
export function adjustmentOf(entry: Entry): number {
  const { books, trade, funds, fundsFen } = entry;
  const booksFen = books?.amountFen ?? 0;
  if (funds) return fundsFen + feeInAccount(entry) - booksFen;
  // The trade bill alone does not say that the account moved otherwise than the books have it.
  return trade ? (books ? 0 : signedFen(trade)) : -booksFen;
}

function feeInAccount(entry: Entry): number {
  const { subject, books, trade, funds, fundsFen, fundsFeeFen } = entry;
  const copies = copiesOf(entry);
  // A row too many in one of the bills is no second fee.
  if (!funds || (books && trade && copies.most > 1 && !copies.areBoth)) return trade?.feeFen ?? 0;
  if (fundsFeeFen !== 0) return -fundsFeeFen;
  const wholeFen = books?.amountFen ?? (trade ? signedFen(trade) : null);
  // Without either nobody can tell the fee from the rest; of an amount that differs, neither.
  if (wholeFen === null || (subject === 'payment' && fundsFen === wholeFen)) return 0;
  const fee = wholeFen - fundsFen;
  return Math.abs(fee) <= Math.abs(wholeFen) / 50 ? fee : (trade?.feeFen ?? 0);
}
