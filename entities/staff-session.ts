import { Entity, Index } from 'typeorm';
import { id, instant, ref, text } from './columns.ts';

/** One signed-in browser or program of a staff member. Only the hash of its token is kept. */
@Entity('staff_sessions')
@Index(['tokenHash'], { unique: true })
@Index(['memberId'])
@Index(['endsAt'])
export class StaffSession {
  @id()
  id!: string;

  /** SHA-256 of the token, hex. */
  @text(64)
  tokenHash!: string;

  @ref()
  memberId!: string;

  @instant()
  createdAt!: Date;

  @instant()
  lastSeenAt!: Date;

  /** Unused until then it is over; use moves it, not beyond `endsAt`. */
  @instant()
  expiresAt!: Date;

  @instant()
  endsAt!: Date;

  @instant({ nullable: true })
  revokedAt: Date | null = null;
}
