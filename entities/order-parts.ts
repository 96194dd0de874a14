import { Entity, Index } from 'typeorm';
import type { InstalmentState, LineKind } from '../src/contracts/states.ts';
import { fen, id, instant, ref, state, text, whole } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

/** One line of the price: our service, or a fee that we only pass on to an authority. */
@Entity('order_lines')
@Index(['orderId', 'position'], { unique: true })
export class OrderLine {
  @id()
  id!: string;

  @ref()
  orderId!: string;

  @whole()
  position!: number;

  @text(24)
  kind!: LineKind;

  @text(64)
  name!: string;

  @fen()
  amountFen!: number;
}

const NEXT: Record<InstalmentState, readonly InstalmentState[]> = {
  not_due: ['due', 'void'],
  due: ['paid', 'void'],
  paid: [],
  void: [],
};

/** A part of the price that is paid in one go, due when its milestone is reached. */
@Entity('instalments')
@Index(['orderId', 'position'], { unique: true })
export class Instalment {
  @id()
  id!: string;

  @ref()
  orderId!: string;

  /** 1, 2, … */
  @whole()
  position!: number;

  @text(64)
  name!: string;

  /** Code of the milestone that makes it due; `placed` is reached by ordering. */
  @text(64)
  milestone!: string;

  @fen()
  amountFen!: number;

  /** The share of `amountFen` that is collected for an authority. */
  @fen()
  governmentFen!: number;

  @state()
  state!: InstalmentState;

  @instant({ nullable: true })
  paidAt: Date | null = null;

  /** The payment that settled it. */
  @ref({ nullable: true })
  paymentId: string | null = null;

  moveTo(next: InstalmentState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('instalment', this.state, next);
    this.state = next;
  }

  settle(paymentId: string, at: Date): void {
    this.moveTo('paid');
    this.paymentId = paymentId;
    this.paidAt = at;
  }
}

/** A point in the work that the customer and the money care about. */
@Entity('milestones')
@Index(['orderId', 'position'], { unique: true })
@Index(['orderId', 'code'], { unique: true })
export class Milestone {
  @id()
  id!: string;

  @ref()
  orderId!: string;

  @whole()
  position!: number;

  @text(64)
  code!: string;

  @text(64)
  name!: string;

  @instant({ nullable: true })
  reachedAt: Date | null = null;
}
