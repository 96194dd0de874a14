import { Entity, Index, PrimaryColumn } from 'typeorm';
import type { AuditDeed } from '../src/contracts/staff.ts';
import { instant, longText, ref, text, whole } from './columns.ts';

/** Who did what to what, chained to the entry before: none can be altered or taken away unnoticed. Written, never changed. */
@Entity('audit_entries')
@Index(['subjectKind', 'subjectId'])
@Index(['actorId'])
export class AuditEntry {
  /** 1, 2, 3 … without a gap. */
  @PrimaryColumn('int')
  number!: number;

  @instant()
  at!: Date;

  @text(16)
  actorKind!: 'staff' | 'operator' | 'nobody' | 'system' | 'customer' | 'wechat';

  @ref({ nullable: true })
  actorId: string | null = null;

  /** The API key that the actor used. */
  @ref({ nullable: true })
  apiKeyId: string | null = null;

  @text(64)
  deed!: AuditDeed;

  @text(32)
  subjectKind!: string;

  @text(64)
  subjectId!: string;

  /** JSON as it was hashed; nothing personal in it. */
  @longText({ nullable: true })
  before: string | null = null;

  @longText({ nullable: true })
  after: string | null = null;

  @text(64, { nullable: true })
  requestId: string | null = null;

  @text(64)
  previousHash!: string;

  /** Keyed hash over all of the above, hex. */
  @text(64)
  hash!: string;
}

/** Where the chain ends. One row; whoever writes an entry holds it. */
@Entity('audit_heads')
export class AuditHead {
  @PrimaryColumn('varchar', { length: 16 })
  name!: 'audit';

  @whole()
  number!: number;

  @text(64)
  hash!: string;

  /** Keyed hash of number and hash: the end cannot be put further back by who has the database alone. */
  @text(64)
  seal!: string;
}
