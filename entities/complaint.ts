import { Entity, Index } from 'typeorm';
import type {
  ComplaintDeedKind,
  ComplaintDeedState,
  ComplaintEntryKind,
  ComplaintProblem,
  ComplaintState,
} from '../src/contracts/complaints.ts';
import { fen, id, instant, json, longText, ref, state, text, whole } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

/** What a payer complains of at WeChat Pay, as WeChat said last. Its state is WeChat's: it may go back when the payer goes on. */
@Entity('complaints')
@Index(['complaintId'], { unique: true })
@Index(['orderId'])
@Index(['state', 'id'])
@Index(['dueAt'])
export class Complaint {
  @id()
  id!: string;

  /** WeChat's number of it. */
  @text(64)
  complaintId!: string;

  @state()
  state!: ComplaintState;

  @text(24)
  problem!: ComplaintProblem;

  /** What the payer chose from. */
  @text(256)
  title!: string;

  /** The payer's own words. */
  @longText()
  content!: string;

  @text(64, { nullable: true })
  transactionId: string | null = null;

  /** The number of the payment at WeChat, whether we know it or not. */
  @text(64, { nullable: true })
  paymentNumber: string | null = null;

  /** null: no order of ours is known for it. */
  @ref({ nullable: true })
  orderId: string | null = null;

  @fen({ nullable: true })
  amountFen: number | null = null;

  /** What the payer asked to have back. */
  @fen({ nullable: true })
  askedFen: number | null = null;

  /** How often the payer complained. */
  @whole()
  times!: number;

  /** Encrypted at rest; null when the payer gave none. */
  @longText({ nullable: true })
  phoneSealed: string | null = null;

  /** WeChat's names of the payer's images. */
  @json()
  mediaIds!: string[];

  @instant()
  complainedAt!: Date;

  /** When the payer complained, or went on with it, last: WeChat's time runs from then. */
  @instant()
  raisedAt!: Date;

  /** Since when the payer waits for an answer to what was said last. */
  @instant({ nullable: true })
  waitingSince: Date | null = null;

  @instant({ nullable: true })
  fullyRefundedAt: Date | null = null;

  /** Our first word after `raisedAt`. */
  @instant({ nullable: true })
  answeredAt: Date | null = null;

  @instant({ nullable: true })
  completedAt: Date | null = null;

  /** By when WeChat wants the first answer, then the end; null once it is over. */
  @instant({ nullable: true })
  dueAt: Date | null = null;

  /** How often it began anew after it was over; each time has a task of its own. */
  @whole()
  round: number = 1;

  /** The refund that was proposed for it last. */
  @ref({ nullable: true })
  proposalId: string | null = null;

  /** When the reading began that this is from: an older one changes nothing. */
  @instant()
  readAt!: Date;

  @instant()
  createdAt!: Date;
}

/** One step of the negotiation. Written once, never changed; ids are in the order of what happened within one second. */
@Entity('complaint_entries')
@Index(['complaintId', 'logId'], { unique: true })
export class ComplaintEntry {
  @id()
  id!: string;

  /** Our complaint's id. */
  @ref()
  complaintId!: string;

  /** WeChat's number of it. */
  @text(64)
  logId!: string;

  @text(24)
  kind!: ComplaintEntryKind;

  /** As WeChat names who did it. */
  @text(64)
  operator!: string;

  @longText()
  content!: string;

  @json()
  mediaIds!: string[];

  @instant()
  at!: Date;
}

/** An image that was handed to WeChat for an answer. */
@Entity('complaint_images')
@Index(['complaintId'])
export class ComplaintImage {
  @id()
  id!: string;

  @ref()
  complaintId!: string;

  @text(512)
  mediaId!: string;

  /** Of the bytes, hex. */
  @text(64)
  sha256!: string;

  @ref()
  uploadedBy!: string;

  @instant()
  createdAt!: Date;
}

const NEXT: Record<ComplaintDeedState, readonly ComplaintDeedState[]> = {
  sending: ['done', 'refused'],
  done: [],
  refused: [],
};

/** Something that staff do about a complaint at WeChat: written down before it is sent, so that nothing is sent twice unasked. */
@Entity('complaint_deeds')
@Index(['complaintId', 'id'])
@Index(['state', 'id'])
export class ComplaintDeed {
  @id()
  id!: string;

  @ref()
  complaintId!: string;

  @text(24)
  kind!: ComplaintDeedKind;

  /** The answer, or why there is no refund. */
  @longText({ nullable: true })
  content: string | null = null;

  @json()
  mediaIds!: string[];

  /** Of a refund that is granted: working days until it is on its way. */
  @whole({ nullable: true })
  withinDays: number | null = null;

  @state()
  state: ComplaintDeedState = 'sending';

  /** Why WeChat refused it; a code. */
  @text(64, { nullable: true })
  failure: string | null = null;

  /** The step of the negotiation that it became. */
  @text(64, { nullable: true })
  logId: string | null = null;

  @ref()
  createdBy!: string;

  @instant()
  createdAt!: Date;

  @instant({ nullable: true })
  endedAt: Date | null = null;

  end(next: ComplaintDeedState, at: Date): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('complaint deed', this.state, next);
    this.state = next;
    this.endedAt = at;
  }
}
