import { Entity, Index } from 'typeorm';
import type { UnknownDecision } from '../src/contracts/campaigns.ts';
import type { DeliveryState } from '../src/contracts/states.ts';
import { id, instant, json, ref, state, text } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

const NEXT: Record<DeliveryState, readonly DeliveryState[]> = {
  waiting: ['sending', 'unreachable', 'blocked', 'refused', 'rate_limited', 'cancelled'],
  sending: ['accepted', 'waiting', 'unknown'],
  accepted: ['delivered', 'blocked', 'failed'],
  unknown: ['delivered', 'blocked', 'failed', 'accepted'],
  delivered: [],
  blocked: [],
  failed: [],
  unreachable: [],
  refused: [],
  rate_limited: [],
  cancelled: [],
};

export type Channel = 'official-account' | 'mini-program';

/** One message to one person, with a known end. */
@Entity('message_deliveries')
@Index(['about', 'message', 'customerId'], { unique: true })
@Index(['appid', 'msgid'])
@Index(['customerId'])
@Index(['campaignId', 'state', 'id'])
export class MessageDelivery {
  /** Also WeChat's `client_msg_id`. */
  @id()
  id!: string;

  /** Which message, for example `order-paid`. */
  @text(64)
  message!: string;

  /** The event that it is about, so that one event is told once, for example `payment:…`. */
  @text(96)
  about!: string;

  @ref()
  customerId!: string;

  /** Typed facts of the message (see templates/messages). */
  @json()
  facts!: Record<string, unknown>;

  @text(24, { nullable: true })
  channel: Channel | null = null;

  @text(32, { nullable: true })
  appid: string | null = null;

  @text(64, { nullable: true })
  openid: string | null = null;

  @text(64, { nullable: true })
  templateId: string | null = null;

  @state()
  state: DeliveryState = 'waiting';

  /** Why it ended as it did; a code of ours. */
  @text(64, { nullable: true })
  reason: string | null = null;

  /** WeChat's id of the message, digits beyond 2^53. */
  @text(32, { nullable: true })
  msgid: string | null = null;

  /** The campaign that it belongs to; null: a message by itself. */
  @ref({ nullable: true })
  campaignId: string | null = null;

  /** The member of staff who said it; null: the product did. */
  @ref({ nullable: true })
  sentBy: string | null = null;

  /** While waiting: not before. */
  @instant({ nullable: true })
  retryAt: Date | null = null;

  /** While it is not known whether it arrived: what staff decided about it. */
  @text(24, { nullable: true })
  decision: UnknownDecision | null = null;

  /** Instead of the message's own page. */
  @text(512, { nullable: true })
  link: string | null = null;

  @instant()
  createdAt!: Date;

  /** When WeChat was, or may have been, first handed what the person gets. */
  @instant({ nullable: true })
  sentAt: Date | null = null;

  /** While sending: until when the worker that took it up may still be at it; null once its attempt has ended. */
  @instant({ nullable: true })
  sendingUntil: Date | null = null;

  @instant({ nullable: true })
  endedAt: Date | null = null;

  moveTo(next: DeliveryState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('message', this.state, next);
    this.state = next;
  }
}
