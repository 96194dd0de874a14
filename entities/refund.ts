import { Entity, Index } from 'typeorm';
import type { ProposalState, RefundState } from '../src/contracts/refunds.ts';
import { fen, id, instant, ref, state, text } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

const DECIDED: Record<ProposalState, readonly ProposalState[]> = {
  proposed: ['approved', 'rejected', 'withdrawn'],
  approved: [],
  rejected: [],
  withdrawn: [],
};

/** Somebody wants money of an order given back; another person decides. */
@Entity('refund_proposals')
@Index(['orderId'])
@Index(['state', 'id'])
export class RefundProposal {
  @id()
  id!: string;

  @ref()
  orderId!: string;

  @fen()
  amountFen!: number;

  /** What the service's rule gave back at that time. */
  @fen()
  ruleFen!: number;

  /** The customer reads it. */
  @text(80)
  reason!: string;

  /** Why it is another amount than the rule's. */
  @text(200, { nullable: true })
  changeReason: string | null = null;

  @state()
  state: ProposalState = 'proposed';

  /** null: the customer asked. */
  @ref({ nullable: true })
  proposedBy: string | null = null;

  @instant()
  createdAt!: Date;

  @ref({ nullable: true })
  decidedBy: string | null = null;

  @instant({ nullable: true })
  decidedAt: Date | null = null;

  @text(200, { nullable: true })
  note: string | null = null;

  decide(next: ProposalState, by: string | null, at: Date): void {
    if (!DECIDED[this.state].includes(next)) throw new IllegalMove('refund proposal', this.state, next);
    Object.assign(this, { state: next, decidedBy: by, decidedAt: at });
  }
}

const NEXT: Record<RefundState, readonly RefundState[]> = {
  approved: ['processing', 'succeeded', 'abnormal', 'closed', 'failed'],
  processing: ['succeeded', 'abnormal', 'closed'],
  // By another way: WeChat takes it up again.
  abnormal: ['processing', 'succeeded', 'closed'],
  succeeded: [],
  closed: [],
  failed: [],
};

/** Money of one payment on its way back; WeChat knows it by its number (`out_refund_no`), which never changes. */
@Entity('refunds')
@Index(['number'], { unique: true })
@Index(['orderId'])
@Index(['paymentId'])
@Index(['proposalId'])
@Index(['disputedId'])
@Index(['state', 'id'])
export class Refund {
  @id()
  id!: string;

  @text(64)
  number!: string;

  /** null: of disputed money. */
  @ref({ nullable: true })
  proposalId: string | null = null;

  /** null: of money that no order is known for. */
  @ref({ nullable: true })
  orderId: string | null = null;

  /** null: of disputed money. */
  @ref({ nullable: true })
  paymentId: string | null = null;

  /** The disputed money that goes back; null: of a sale. */
  @ref({ nullable: true })
  disputedId: string | null = null;

  @text(64)
  transactionId!: string;

  /** What the payment was. */
  @fen()
  totalFen!: number;

  @fen()
  amountFen!: number;

  /** The share of `amountFen` that was collected for an authority. */
  @fen()
  governmentFen!: number;

  @text(80)
  reason!: string;

  @state()
  state: RefundState = 'approved';

  /** Why it is not on its way; a code. */
  @text(64, { nullable: true })
  failure: string | null = null;

  /** WeChat's number of it. */
  @text(64, { nullable: true })
  refundId: string | null = null;

  @text(64, { nullable: true })
  receivedBy: string | null = null;

  @instant()
  createdAt!: Date;

  /** When WeChat took the money from the merchant's account. */
  @instant({ nullable: true })
  acceptedAt: Date | null = null;

  @instant({ nullable: true })
  endedAt: Date | null = null;

  moveTo(next: RefundState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('refund', this.state, next);
    this.state = next;
  }
}
