import { Entity, Index } from 'typeorm';
import type {
  BillKindName,
  BillSource,
  BillState,
  BillTotals,
  Closing,
  ContraAccount,
  DayState,
  DifferenceCause,
  DifferenceKind,
  DifferenceState,
  DifferenceSubject,
  FetchFailure,
  FetchState,
  PeriodDeed,
  Resolution,
  RunTotals,
} from '../src/contracts/reconciliation.ts';
import { bigFen, day, id, instant, json, ref, state, text, whole } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

/** The file of a bill, kept as evidence. Another content of the same day is another version. */
@Entity('bills')
@Index(['mchid', 'kind', 'day', 'version'], { unique: true })
@Index(['day'])
export class Bill {
  @id()
  id!: string;

  @text(32)
  mchid!: string;

  @text(16)
  kind!: BillKindName;

  @day()
  day!: string;

  @whole()
  version!: number;

  @text(16)
  source!: BillSource;

  @state()
  state!: BillState;

  @text(64, { nullable: true })
  reason: string | null = null;

  /** Of the uncompressed file. */
  @text(40)
  sha1!: string;

  /** Uncompressed. */
  @bigFen()
  bytes!: number;

  @json()
  totals!: BillTotals;

  /** The gzip file. */
  @ref()
  fileId!: string;

  @instant()
  keptAt!: Date;

  @ref({ nullable: true })
  keptBy: string | null = null;
}

/** A day of our merchant's that must be fetched, compared and closed. */
@Entity('reconciliation_days')
@Index(['day'], { unique: true })
@Index(['state', 'day'])
export class ReconciliationDay {
  @id()
  id!: string;

  @day()
  day!: string;

  @state()
  state: DayState = 'waiting';

  @state()
  trade: FetchState = 'wanted';

  @state()
  fundFlow: FetchState = 'wanted';

  @text(24, { nullable: true })
  failure: FetchFailure | null = null;

  @instant({ nullable: true })
  nextTryAt: Date | null = null;

  /** The newest comparison; 0 before the first. */
  @whole()
  version: number = 0;

  @instant({ nullable: true })
  matchedAt: Date | null = null;
}

/** One comparison of a day. */
@Entity('reconciliation_runs')
@Index(['day', 'version'], { unique: true })
export class ReconciliationRun {
  @id()
  id!: string;

  @day()
  day!: string;

  @whole()
  version!: number;

  @ref({ nullable: true })
  tradeBillId: string | null = null;

  @ref({ nullable: true })
  fundBillId: string | null = null;

  @instant()
  startedAt!: Date;

  @instant()
  endedAt!: Date;

  @ref({ nullable: true })
  startedBy: string | null = null;

  @json()
  totals!: RunTotals;

  @whole()
  found!: number;

  @whole()
  appeared!: number;

  @whole()
  gone!: number;
}

const NEXT: Record<DifferenceState, readonly DifferenceState[]> = {
  open: ['proposed', 'closed'],
  proposed: ['open', 'closed'],
  closed: [],
};

/** Something that the three do not agree about. What was decided is never overwritten: a later comparison that finds it otherwise makes another one. */
@Entity('differences')
@Index(['identity'], { unique: true })
@Index(['day'])
@Index(['state', 'id'])
@Index(['reference'])
export class Difference {
  @id()
  id!: string;

  /** Of the same thing, in whatever order and however often it is found. */
  @text(160)
  identity!: string;

  @day()
  day!: string;

  @text(16)
  kind!: DifferenceKind;

  @text(24)
  cause!: DifferenceCause;

  @text(16)
  subject!: DifferenceSubject;

  /** What the books know the event by: WeChat's transaction id, our refund number, a flow's id. */
  @text(64)
  reference!: string;

  @text(64, { nullable: true })
  transactionId: string | null = null;

  @text(64, { nullable: true })
  number: string | null = null;

  @ref({ nullable: true })
  orderId: string | null = null;

  @bigFen({ nullable: true })
  booksFen: number | null = null;

  @bigFen({ nullable: true })
  tradeFen: number | null = null;

  @bigFen({ nullable: true })
  fundsFen: number | null = null;

  @whole()
  count: number = 1;

  /** What must be booked so that the books agree with WeChat's account, fen. */
  @bigFen()
  adjustFen: number = 0;

  @text(200, { nullable: true })
  note: string | null = null;

  @instant()
  happenedAt!: Date;

  @state()
  state: DifferenceState = 'open';

  @text(16, { nullable: true })
  closing: Closing | null = null;

  @text(16, { nullable: true })
  resolution: Resolution | null = null;

  @text(32, { nullable: true })
  account: ContraAccount | null = null;

  @text(200, { nullable: true })
  proposalNote: string | null = null;

  @ref({ nullable: true })
  attachmentId: string | null = null;

  @ref({ nullable: true })
  proposedBy: string | null = null;

  @instant({ nullable: true })
  proposedAt: Date | null = null;

  @ref({ nullable: true })
  decidedBy: string | null = null;

  @instant({ nullable: true })
  decidedAt: Date | null = null;

  @text(200, { nullable: true })
  decisionNote: string | null = null;

  @instant()
  foundAt!: Date;

  moveTo(next: DifferenceState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('difference', this.state, next);
    this.state = next;
  }

  close(closing: Closing, at: Date): void {
    this.moveTo('closed');
    this.closing = closing;
    this.decidedAt = at;
  }
}

/** What was done to a day or a month. Nothing is ever changed or removed here. */
@Entity('period_events')
@Index(['period', 'id'])
export class PeriodEvent {
  @id()
  id!: string;

  @state()
  deed!: PeriodDeed;

  @text(10)
  period!: string;

  @ref()
  by!: string;

  @instant()
  at!: Date;

  @text(200, { nullable: true })
  note: string | null = null;

  /** Of `reopen` and `reopen_refused`: what was asked for. */
  @ref({ nullable: true })
  answers: string | null = null;
}
