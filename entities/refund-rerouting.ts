import { Entity, Index } from 'typeorm';
import type { CardBank, ReroutingState } from '../src/contracts/refunds.ts';
import { id, instant, ref, state, text } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

const NEXT: Record<ReroutingState, readonly ReroutingState[]> = {
  proposed: ['approved', 'rejected', 'withdrawn'],
  approved: ['accepted', 'refused'],
  accepted: [],
  refused: [],
  rejected: [],
  withdrawn: [],
};

/** An abnormal refund is to go to a debit card of the payer's; another person decides. */
@Entity('refund_reroutings')
@Index(['refundId'])
@Index(['state', 'id'])
export class RefundRerouting {
  @id()
  id!: string;

  @ref()
  refundId!: string;

  @text(16)
  bank!: CardBank;

  @text(8)
  cardTail!: string;

  /** The first character, and a star for each of the others. */
  @text(64)
  holderMasked!: string;

  /** Sealed; gone once it is not needed any more. */
  @text(255, { nullable: true })
  cardSealed: string | null = null;

  /** Sealed; gone once it is not needed any more. */
  @text(255, { nullable: true })
  holderSealed: string | null = null;

  /** How it was made sure that the card is the payer's. */
  @text(200)
  note!: string;

  @state()
  state: ReroutingState = 'proposed';

  /** WeChat's code of why not. */
  @text(64, { nullable: true })
  failure: string | null = null;

  @ref()
  proposedBy!: string;

  @instant()
  createdAt!: Date;

  @ref({ nullable: true })
  decidedBy: string | null = null;

  @instant({ nullable: true })
  decidedAt: Date | null = null;

  @text(200, { nullable: true })
  decisionNote: string | null = null;

  /** What is over needs no card any more. */
  moveTo(next: ReroutingState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('refund rerouting', this.state, next);
    this.state = next;
    if (NEXT[next].length === 0) Object.assign(this, { cardSealed: null, holderSealed: null });
  }
}
