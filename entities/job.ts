import { Entity, Index } from 'typeorm';
import { id, instant, json, state, text, whole } from './columns.ts';

/** Something that must happen, written in the transaction that decided it. */
@Entity('jobs')
@Index(['state', 'runAt'])
@Index(['uniqueKey'], { unique: true })
export class Job {
  @id()
  id!: string;

  @text(64)
  kind!: string;

  @json()
  payload!: Record<string, unknown>;

  /** waiting · running · dead (given up, kept for a person). A finished job is removed. */
  @state()
  state: 'waiting' | 'running' | 'dead' = 'waiting';

  /** Two jobs with one key are one job. */
  @text(128, { nullable: true })
  uniqueKey: string | null = null;

  @instant()
  runAt!: Date;

  @whole()
  attempts: number = 0;

  @text(36, { nullable: true })
  leasedBy: string | null = null;

  @instant({ nullable: true })
  leasedUntil: Date | null = null;

  /** What went wrong last; a code or an error's name, nothing of the payload. */
  @text(255, { nullable: true })
  lastFault: string | null = null;

  @instant()
  createdAt!: Date;
}
