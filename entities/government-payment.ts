import { Entity, Index } from 'typeorm';
import { day, fen, id, instant, ref, text } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

/** A fee of an order that was collected for an authority and handed over to it. Never changed; only withdrawn, with its reason. */
@Entity('government_payments')
@Index(['orderId', 'id'])
export class GovernmentPayment {
  @id()
  id!: string;

  @ref()
  orderId!: string;

  @fen()
  amountFen!: number;

  @day()
  paidOn!: string;

  @text(64)
  authority!: string;

  @text(64)
  receiptNumber!: string;

  /** A kept file. */
  @ref({ nullable: true })
  attachmentId: string | null = null;

  @ref()
  recordedBy!: string;

  @instant()
  recordedAt!: Date;

  /** The day of the reversing entry. */
  @day({ nullable: true })
  withdrawnOn: string | null = null;

  @text(100, { nullable: true })
  withdrawnReason: string | null = null;

  @ref({ nullable: true })
  withdrawnBy: string | null = null;

  @instant({ nullable: true })
  withdrawnAt: Date | null = null;

  withdraw(on: string, reason: string, by: string, at: Date): void {
    if (this.withdrawnAt) throw new IllegalMove('government payment', 'withdrawn', 'withdrawn');
    Object.assign(this, { withdrawnOn: on, withdrawnReason: reason, withdrawnBy: by, withdrawnAt: at });
  }
}
