import { Entity, Index } from 'typeorm';
import type { DisputedDecision, DisputedState } from '../src/contracts/refunds.ts';
import type { DisputeReason } from '../src/contracts/states.ts';
import { fen, id, instant, ref, state, text } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

/** Money that arrived and was not counted as a sale: never lost, waiting for a decision. */
@Entity('disputed_money')
@Index(['transactionId'], { unique: true })
@Index(['orderId'])
@Index(['state', 'id'])
export class DisputedMoney {
  @id()
  id!: string;

  @text(64)
  transactionId!: string;

  /** The number WeChat named, whether we know it or not. */
  @text(32)
  paymentNumber!: string;

  @ref({ nullable: true })
  paymentId: string | null = null;

  @ref({ nullable: true })
  orderId: string | null = null;

  @text(24)
  reason!: DisputeReason;

  @fen()
  amountFen!: number;

  /** What we expected; null when we expected nothing. */
  @fen({ nullable: true })
  expectedFen: number | null = null;

  @text(16)
  currency!: string;

  @text(32)
  appid!: string;

  @text(32)
  mchid!: string;

  @instant()
  paidAt!: Date;

  @instant()
  receivedAt!: Date;

  @state()
  state: DisputedState = 'open';

  @text(24, { nullable: true })
  decision: DisputedDecision | null = null;

  /** null while it is open, and when the product decided by itself. */
  @ref({ nullable: true })
  decidedBy: string | null = null;

  @instant({ nullable: true })
  decidedAt: Date | null = null;

  /** Why it was kept. */
  @text(200, { nullable: true })
  note: string | null = null;

  resolve(decision: DisputedDecision, by: string | null, at: Date): void {
    if (this.state !== 'open') throw new IllegalMove('disputed money', this.state, 'resolved');
    Object.assign(this, { state: 'resolved', decision, decidedBy: by, decidedAt: at });
  }

  /** What was decided did not come about. */
  reopen(): void {
    Object.assign(this, { state: 'open', decision: null, decidedBy: null, decidedAt: null });
  }
}
