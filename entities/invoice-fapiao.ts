import { Entity, Index } from 'typeorm';
import type { FapiaoState } from '../src/contracts/states.ts';
import { fen, id, instant, ref, state, text, whole } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

const NEXT: Record<FapiaoState, readonly FapiaoState[]> = {
  applying: ['issuing', 'issued', 'failed'],
  issuing: ['issued', 'failed'],
  issued: ['reversing', 'reversed'],
  reversing: ['issued', 'reversed'],
  reversed: [],
  failed: [],
};

/** Until WeChat has said how it ends, nobody else does anything about the invoice. */
export const FAPIAO_UNDER_WAY = ['applying', 'issuing', 'reversing'] as const satisfies FapiaoState[];

/** An invoice that WeChat is asked to issue, as an electronic fapiao; after a failure another row is another try. */
@Entity('invoice_fapiao')
@Index(['invoiceId'])
@Index(['transactionId'])
@Index(['state', 'changedAt'])
export class InvoiceFapiao {
  @id()
  id!: string;

  @ref()
  invoiceId!: string;

  /** WeChat's number of the payment: that of the application too, the same on every repeat and every try. */
  @text(64)
  transactionId!: string;

  /** What is asked for. A refund meanwhile does not change it. */
  @fen()
  amountFen!: number;

  @state()
  state: FapiaoState = 'applying';

  /** Who of staff asked for it. */
  @ref()
  appliedBy!: string;

  /** How often WeChat was to take it back. */
  @whole()
  reversals: number = 0;

  /** Who of staff wants it taken back. */
  @ref({ nullable: true })
  reversedBy: string | null = null;

  /** WeChat took the wish to take it back; what it says of a failure before that is of an earlier one. */
  @instant({ nullable: true })
  reverseSentAt: Date | null = null;

  /** Why the last thing that was wanted failed, in WeChat's words or by its code. */
  @text(200, { nullable: true })
  failure: string | null = null;

  /** It lies in the payer's card pack. */
  @instant({ nullable: true })
  inCardPackAt: Date | null = null;

  @instant()
  changedAt!: Date;

  @instant()
  createdAt!: Date;

  /** What WeChat knows it by (`fapiao_id`): 32 characters. */
  get fapiaoId(): string {
    return this.id.replaceAll('-', '');
  }

  get isUnderWay(): boolean {
    return (FAPIAO_UNDER_WAY as readonly FapiaoState[]).includes(this.state);
  }

  moveTo(next: FapiaoState, at: Date): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('fapiao', this.state, next);
    Object.assign(this, { state: next, changedAt: at });
  }
}
