import { Entity, Index } from 'typeorm';
import { day, fen, id, instant, ref, text, whole } from './columns.ts';

/** A business event in the books. Its lines sum to zero; nothing is ever changed or removed. */
@Entity('ledger_postings')
@Index(['kind', 'reference'], { unique: true })
@Index(['day'])
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

  /** The Shanghai day that the event belongs to. */
  @day()
  day!: string;

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
