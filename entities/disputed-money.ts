import { Entity, Index } from 'typeorm';
import type { DisputeReason } from '../src/contracts/states.ts';
import { fen, id, instant, ref, state, text } from './columns.ts';

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
  state: 'open' | 'resolved' = 'open';
}
