import { Entity, Index } from 'typeorm';
import type {
  AccountKind,
  ApiRights,
  AskFailure,
  Attempt,
  RealName,
  VerificationEntryState,
  VerificationPart,
  VerificationSource,
  VerificationState,
} from '../src/contracts/accounts.ts';
import { id, instant, json, longText, ref, state, text } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

/** A service account, subscription account or mini-program: the agency's own, or a customer's. What is known of its verification stands in the entries; here is what follows from them. */
@Entity('accounts')
@Index(['appid'], { unique: true })
@Index(['badgeCode'], { unique: true })
@Index(['customerId'])
@Index(['state', 'id'])
@Index(['expiresAt', 'id'])
@Index(['nextAskAt'])
@Index(['nextTurnAt'])
export class Account {
  @id()
  id!: string;

  @text(16)
  kind!: AccountKind;

  /** null while the account is still to be opened. */
  @text(32, { nullable: true })
  appid: string | null = null;

  @text(64)
  name!: string;

  /** 主体名称 */
  @text(128, { nullable: true })
  subject: string | null = null;

  /** null: the agency's own. */
  @ref({ nullable: true })
  customerId: string | null = null;

  /** Who looks after it; null: nobody in particular. */
  @ref({ nullable: true })
  consultantId: string | null = null;

  @state()
  state: VerificationState = 'unknown';

  @text(16)
  rights: ApiRights = 'unknown';

  /** The tick; '' when there is none. */
  @text(8)
  tick: 'shown' | '' = '';

  @instant({ nullable: true })
  expiresAt: Date | null = null;

  @instant({ nullable: true })
  reviewFrom: Date | null = null;

  /** When the state changes by itself. */
  @instant({ nullable: true })
  nextTurnAt: Date | null = null;

  /** null: WeChat cannot be asked about it. */
  @instant({ nullable: true })
  nextAskAt: Date | null = null;

  @instant({ nullable: true })
  askedAt: Date | null = null;

  @instant({ nullable: true })
  answeredAt: Date | null = null;

  @text(24, { nullable: true })
  askFailure: AskFailure | null = null;

  /** Of the public page that the customer shows; null: switched off. */
  @text(22, { nullable: true })
  badgeCode: string | null = null;

  @instant()
  createdAt!: Date;

  get isOwn(): boolean {
    return this.customerId === null;
  }

  /** Whether what verification unlocks will be there at this time, as far as is known now; null: not known. */
  hasRightsAt(at: Date): boolean | null {
    if (this.rights === 'unknown') return null;
    return this.rights === 'granted' && (this.expiresAt === null || at <= this.expiresAt);
  }
}

/** What one source said at one time; what it did not speak of is left out. Instants are ISO texts. */
export interface Observation {
  isQualified?: boolean;
  isNamed?: boolean;
  attempt?: Attempt;
  realName?: RealName;
  /** null: there is none any more. */
  expiresAt?: string | null;
  reviewFrom?: string | null;
  /** Why the qualification or the name was refused, in WeChat's words. */
  reason?: string | null;
  subject?: string;
  kind?: AccountKind;
  name?: string;
}

/** A change of one part, in the words of that time. */
export interface EntryChange {
  part: VerificationPart | 'state';
  before: string | null;
  after: string;
}

const NEXT: Record<VerificationEntryState, readonly VerificationEntryState[]> = {
  waiting: ['counted', 'refused'],
  counted: [],
  refused: [],
};

/** One thing that was said of an account. Nothing is ever altered but the second person's word on what staff entered. */
@Entity('verification_entries')
@Index(['accountId', 'mark'], { unique: true })
@Index(['accountId', 'id'])
@Index(['state', 'id'])
export class VerificationEntry {
  @id()
  id!: string;

  @ref()
  accountId!: string;

  /** What makes it one and the same thing when it is said again. */
  @text(96)
  mark!: string;

  @text(16)
  source!: VerificationSource;

  /** WeChat's name of the event. */
  @text(64, { nullable: true })
  event: string | null = null;

  @json()
  said!: Observation;

  @json()
  changes: EntryChange[] = [];

  @state()
  state: VerificationEntryState = 'counted';

  /** When it was so, by whoever says it. */
  @instant()
  happenedAt!: Date;

  @instant()
  recordedAt!: Date;

  /** The payload as it came, encrypted at rest. */
  @longText({ nullable: true })
  rawSealed: string | null = null;

  @text(300, { nullable: true })
  note: string | null = null;

  @ref({ nullable: true })
  proofId: string | null = null;

  /** An entry of staff that was wrong, and does not count any more once this one does. */
  @ref({ nullable: true })
  correctsId: string | null = null;

  @ref({ nullable: true })
  enteredBy: string | null = null;

  @ref({ nullable: true })
  decidedBy: string | null = null;

  @instant({ nullable: true })
  decidedAt: Date | null = null;

  @text(300, { nullable: true })
  decisionNote: string | null = null;

  decide(to: 'counted' | 'refused', by: string, at: Date, note: string | null): void {
    if (!NEXT[this.state].includes(to)) throw new IllegalMove('verification entry', this.state, to);
    Object.assign(this, { state: to, decidedBy: by, decidedAt: at, decisionNote: note });
  }
}
