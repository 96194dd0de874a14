import { Entity, Index } from 'typeorm';
import type { DeliveryKind, ShipmentState, TradeManaged } from '../src/contracts/shipping.ts';
import { id, instant, ref, state, text } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

/** WeChat may know more than we do: deliveries are uploaded in its console too, and events of it may be lost. */
const NEXT: Record<ShipmentState, readonly ShipmentState[]> = {
  waiting: ['due', 'uploaded', 'confirmed', 'settled', 'not_required'],
  due: ['uploaded', 'confirmed', 'settled', 'not_required', 'failed'],
  uploaded: ['corrected', 'confirmed', 'settled'],
  corrected: ['confirmed', 'settled'],
  confirmed: ['settled'],
  settled: [],
  not_required: ['waiting', 'due', 'uploaded', 'confirmed', 'settled'],
  failed: ['due', 'uploaded', 'confirmed', 'settled', 'not_required'],
};

/** What WeChat is told of the delivery of one payment, so that its money does not stay frozen. */
@Entity('shipments')
@Index(['paymentId'], { unique: true })
@Index(['transactionId'])
@Index(['orderId'])
@Index(['state', 'deadlineAt'])
@Index(['state', 'id'])
export class Shipment {
  @id()
  id!: string;

  @ref()
  paymentId!: string;

  @ref()
  orderId!: string;

  @text(64)
  transactionId!: string;

  @state()
  state: ShipmentState = 'waiting';

  /** Why it is not required, or what stands against it; a code. */
  @text(64, { nullable: true })
  failure: string | null = null;

  @text(24)
  kind!: DeliveryKind;

  /** What the customer reads at WeChat. */
  @text(120)
  item!: string;

  @instant()
  paidAt!: Date;

  /** Until then WeChat wants to know of the delivery. */
  @instant()
  deadlineAt!: Date;

  @instant({ nullable: true })
  remindedAt: Date | null = null;

  /** When the milestone that counts as delivery was found reached, or staff said so. */
  @instant({ nullable: true })
  deliveredAt: Date | null = null;

  @instant({ nullable: true })
  uploadedAt: Date | null = null;

  /** Somebody is telling WeChat of it, and nobody else may meanwhile. */
  @instant({ nullable: true })
  claimedUntil: Date | null = null;

  /** When WeChat was last asked about it, once it is uploaded. */
  @instant({ nullable: true })
  lookedAt: Date | null = null;

  @instant({ nullable: true })
  estimatedSettlementAt: Date | null = null;

  @instant({ nullable: true })
  confirmedAt: Date | null = null;

  @instant({ nullable: true })
  settledAt: Date | null = null;

  /** The correction that was asked for. */
  @text(120, { nullable: true })
  correctionItem: string | null = null;

  @text(24, { nullable: true })
  correctionKind: DeliveryKind | null = null;

  @text(200, { nullable: true })
  correctionReason: string | null = null;

  @ref({ nullable: true })
  correctedBy: string | null = null;

  @instant({ nullable: true })
  correctionAskedAt: Date | null = null;

  /** When WeChat took it. */
  @instant({ nullable: true })
  correctedAt: Date | null = null;

  @instant()
  createdAt!: Date;

  moveTo(next: ShipmentState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('shipment', this.state, next);
    this.state = next;
    this.failure = null;
  }

  /** @param why a code */
  skip(why: string): void {
    this.moveTo('not_required');
    this.failure = why;
  }

  /** Staff may say again what WeChat refused, or once it was thought that nothing is needed. */
  becomeDue(at: Date): void {
    this.moveTo('due');
    this.deliveredAt ??= at;
  }
}

/** What WeChat last said of shipping management of one mini-program. */
@Entity('trade_managements')
export class TradeManagement {
  /** The appid. */
  @id()
  id!: string;

  @text(24)
  managed!: TradeManaged;

  /** Whether every merchant number is authorised or unbound. */
  @text(24)
  confirmed!: TradeManaged;

  @instant()
  askedAt!: Date;

  /** When it last said whether the account is managed. */
  @instant({ nullable: true })
  saidAt: Date | null = null;

  /** Why it did not say; a code. */
  @text(64, { nullable: true })
  failure: string | null = null;
}
