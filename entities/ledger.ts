import { Entity, Index, PrimaryColumn } from 'typeorm';
import { bigFen, day, fen, id, instant, ref, text, whole } from './columns.ts';

/** A business event in the books. Its lines sum to zero; nothing is ever changed or removed. */
@Entity('ledger_postings')
@Index(['kind', 'reference'], { unique: true })
@Index(['day'])
@Index(['eventDay', 'kind', 'id'])
@Index(['postedAt'])
@Index(['orderId'])
export class LedgerPosting {
  @id()
  id!: string;

  /** payment · disputed_payment · … (names in docs/ledger.md) */
  @text(32)
  kind!: string;

  /** What makes the event unique, for example WeChat's transaction id. */
  @text(64)
  reference!: string;

  @ref({ nullable: true })
  orderId: string | null = null;

  /** The Shanghai day in whose books it stands: the event's, or the day of booking when that one was closed before. */
  @day()
  day!: string;

  /** The Shanghai day of the event. */
  @day({ default: '' })
  eventDay!: string;

  @instant()
  happenedAt!: Date;

  @instant()
  postedAt!: Date;
}

/** One side of a posting: positive is debit, negative is credit. */
@Entity('ledger_lines')
@Index(['postingId', 'position'], { unique: true })
@Index(['account'])
export class LedgerLine {
  @id()
  id!: string;

  @ref()
  postingId!: string;

  @whole()
  position!: number;

  @text(32)
  account!: string;

  @fen()
  amountFen!: number;
}

/** What was booked on one account in one day, summed up of all lines that were booked before the mark `totals_before`. */
@Entity('ledger_totals')
export class LedgerTotal {
  @PrimaryColumn('varchar', { length: 10 })
  day!: string;

  @PrimaryColumn('varchar', { length: 32 })
  account!: string;

  @bigFen()
  debitFen!: number;

  /** Not negative. */
  @bigFen()
  creditFen!: number;
}

/** A place in the books that moves forward: `closed_through`, a day; `totals_before`, an instant. */
@Entity('ledger_marks')
export class LedgerMark {
  @PrimaryColumn('varchar', { length: 24 })
  name!: 'closed_through' | 'totals_before';

  @text(32)
  value!: string;
}
