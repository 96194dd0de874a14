import { Entity, Index } from 'typeorm';
import type { CancelReason, OrderState } from '../src/contracts/states.ts';
import { fen, id, instant, json, longText, ref, state, text, whole } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

const NEXT: Record<OrderState, readonly OrderState[]> = {
  awaiting_payment: ['paid', 'cancelled'],
  paid: ['in_service', 'refunded'],
  in_service: ['completed', 'refunded'],
  completed: ['refunded'],
  cancelled: [],
  refunded: [],
};

/** What the customer answered before anything was sold. */
export interface PreCheckRecord {
  code: string;
  question: string;
  answer: 'yes' | 'no' | 'unknown';
  verdict: 'pass' | 'fail' | 'unknown';
  advice: string | null;
}

/** One package, bought by one customer. `paid` means: the first instalment is, so that work may begin. */
@Entity('orders')
@Index(['number'], { unique: true })
@Index(['customerId', 'id'])
@Index(['state', 'expiresAt'])
export class Order {
  @id()
  id!: string;

  /** What people say on the telephone. */
  @text(32)
  number!: string;

  @ref()
  customerId!: string;

  @ref()
  serviceVersionId!: string;

  @text(64)
  serviceCode!: string;

  @whole()
  serviceVersion!: number;

  @text(64)
  serviceName!: string;

  @text(64)
  packageCode!: string;

  @text(64)
  packageName!: string;

  @text(64)
  planCode!: string;

  @text(32, { nullable: true })
  province: string | null = null;

  @text(16)
  buyerKind!: 'company' | 'person';

  @text(128, { nullable: true })
  companyName: string | null = null;

  /** Unified social credit code (统一社会信用代码). */
  @text(18, { nullable: true })
  creditCode: string | null = null;

  @text(64)
  contactName!: string;

  /** Encrypted at rest. */
  @longText()
  contactPhoneSealed!: string;

  @text(400, { nullable: true })
  note: string | null = null;

  @json()
  preCheck!: PreCheckRecord[];

  /** Service and government fees together. Copied from the catalogue, so later price changes cannot touch it. */
  @fen()
  amountFen!: number;

  /** What has been settled so far. */
  @fen()
  paidFen: number = 0;

  @state()
  state: OrderState = 'awaiting_payment';

  @text(24, { nullable: true })
  cancelReason: CancelReason | null = null;

  @instant()
  placedAt!: Date;

  /** While unpaid: when it is closed. */
  @instant({ nullable: true })
  expiresAt: Date | null = null;

  @instant({ nullable: true })
  paidAt: Date | null = null;

  @instant({ nullable: true })
  cancelledAt: Date | null = null;

  moveTo(next: OrderState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('order', this.state, next);
    this.state = next;
  }

  /** First money arrived. Later instalments leave the state alone. */
  receive(amountFen: number, at: Date): void {
    if (this.state === 'awaiting_payment') {
      this.moveTo('paid');
      this.paidAt = at;
      this.expiresAt = null;
    }
    this.paidFen += amountFen;
  }

  cancel(reason: CancelReason, at: Date): void {
    this.moveTo('cancelled');
    this.cancelReason = reason;
    this.cancelledAt = at;
    this.expiresAt = null;
  }
}
