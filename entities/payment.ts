import { Entity, Index } from 'typeorm';
import type { PaymentState, PaymentWay } from '../src/contracts/states.ts';
import { fen, id, instant, ref, state, text } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

const NEXT: Record<PaymentState, readonly PaymentState[]> = {
  created: ['open', 'paid', 'closed', 'failed'],
  open: ['paid', 'closed'],
  paid: [],
  // WeChat's signed word that money came outweighs what we believed.
  closed: ['paid'],
  failed: ['paid'],
};

/** One attempt to pay one instalment; WeChat knows it by its number (`out_trade_no`). */
@Entity('payments')
@Index(['number'], { unique: true })
@Index(['transactionId'], { unique: true })
@Index(['orderId'])
@Index(['instalmentId', 'state'])
export class Payment {
  @id()
  id!: string;

  @text(32)
  number!: string;

  @ref()
  orderId!: string;

  @ref()
  instalmentId!: string;

  @text(24)
  way!: PaymentWay;

  @text(32)
  appid!: string;

  @text(32)
  mchid!: string;

  /** Who may pay; JSAPI only. */
  @text(64, { nullable: true })
  openid: string | null = null;

  @text(127)
  description!: string;

  @fen()
  amountFen!: number;

  @state()
  state: PaymentState = 'created';

  /** The last moment that the customer can pay at WeChat (`time_expire`). */
  @instant()
  expiresAt!: Date;

  @text(64, { nullable: true })
  prepayId: string | null = null;

  @text(512, { nullable: true })
  codeUrl: string | null = null;

  @text(1024, { nullable: true })
  h5Url: string | null = null;

  /** Until when the prepay id or the link can be used. */
  @instant({ nullable: true })
  usableUntil: Date | null = null;

  @text(64, { nullable: true })
  transactionId: string | null = null;

  /** WeChat's success time. */
  @instant({ nullable: true })
  paidAt: Date | null = null;

  /** Why WeChat refused it. */
  @text(64, { nullable: true })
  failure: string | null = null;

  @instant()
  createdAt!: Date;

  @instant({ nullable: true })
  closedAt: Date | null = null;

  moveTo(next: PaymentState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('payment', this.state, next);
    this.state = next;
  }

  settle(transactionId: string, at: Date): void {
    this.moveTo('paid');
    this.transactionId = transactionId;
    this.paidAt = at;
  }

  close(at: Date): void {
    this.moveTo('closed');
    this.closedAt = at;
  }

  get isUnderWay(): boolean {
    return this.state === 'created' || this.state === 'open';
  }
}
