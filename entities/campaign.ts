import { Entity, Index } from 'typeorm';
import type { AudienceBody, AudienceQuery } from '../src/contracts/audiences.ts';
import type { CallsBody, CampaignState, RehearsalView } from '../src/contracts/campaigns.ts';
import { id, instant, json, ref, state, text, whole } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

const NEXT: Record<CampaignState, readonly CampaignState[]> = {
  draft: ['awaiting_release', 'preparing', 'stopped'],
  awaiting_release: ['draft', 'preparing', 'stopped'],
  preparing: ['running', 'sleeping', 'done', 'stopped'],
  running: ['paused', 'sleeping', 'stopped', 'done'],
  sleeping: ['running', 'paused', 'stopped', 'done'],
  paused: ['running', 'sleeping', 'stopped'],
  stopped: [],
  done: [],
};

/** Whose customers a campaign may reach: everybody's, or those of one team and of none. */
export type CampaignScope = { all: true } | { all: false; teamId: string | null };

/** One message to many people whom a service event concerns. */
@Entity('campaigns')
@Index(['state', 'wakeAt'])
export class Campaign {
  @id()
  id!: string;

  @text(64)
  name!: string;

  /** Which message, for example `materials-wanted`. */
  @text(64)
  message!: string;

  /** The service event that it is about, in words. */
  @text(128)
  event!: string;

  /** Facts that are the same for everybody. */
  @json()
  facts!: Record<string, unknown>;

  @json()
  audience!: AudienceBody;

  /** What a segment stood for when the campaign was rehearsed: that is sent to, whatever becomes of the segment. */
  @json({ nullable: true })
  query: AudienceQuery | null = null;

  @json()
  scope!: CampaignScope;

  /** Whoever was not reached is called instead; null: nobody is. */
  @json({ nullable: true })
  calls: CallsBody | null = null;

  /** Instead of the message's own page. */
  @text(512, { nullable: true })
  link: string | null = null;

  @state()
  state: CampaignState = 'draft';

  /** Why it sleeps or was paused; a code. */
  @text(64, { nullable: true })
  stateReason: string | null = null;

  /** Not before; null: as soon as it is released. */
  @instant({ nullable: true })
  startAt: Date | null = null;

  /** Whoever was not reached by then is not written to any more. */
  @instant({ nullable: true })
  endAt: Date | null = null;

  /** While sleeping: when it goes on. */
  @instant({ nullable: true })
  wakeAt: Date | null = null;

  /** What it would do, as last tried out; null after every change. */
  @json({ nullable: true })
  rehearsal: RehearsalView | null = null;

  @ref()
  createdBy!: string;

  @instant()
  createdAt!: Date;

  @ref({ nullable: true })
  releasedBy: string | null = null;

  @instant({ nullable: true })
  releasedAt: Date | null = null;

  /** How far its deliveries are written down: the last customer. */
  @ref({ nullable: true })
  preparedUntil: string | null = null;

  /** People whose deliveries are written down, the unreachable among them. */
  @whole()
  people: number = 0;

  @instant({ nullable: true })
  startedAt: Date | null = null;

  @instant({ nullable: true })
  endedAt: Date | null = null;

  moveTo(next: CampaignState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('campaign', this.state, next);
    this.state = next;
  }
}
