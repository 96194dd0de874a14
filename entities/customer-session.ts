import { Entity, Index } from 'typeorm';
import { id, instant, ref, text } from './columns.ts';

/** One signed-in device. Only the hash of its token is kept. */
@Entity('customer_sessions')
@Index(['tokenHash'], { unique: true })
@Index(['customerId'])
@Index(['expiresAt'])
export class CustomerSession {
  @id()
  id!: string;

  /** SHA-256 of the token, hex. */
  @text(64)
  tokenHash!: string;

  @ref()
  customerId!: string;

  @ref()
  identityId!: string;

  @text(64)
  device!: string;

  @instant()
  createdAt!: Date;

  @instant()
  lastSeenAt!: Date;

  @instant()
  expiresAt!: Date;

  @instant({ nullable: true })
  revokedAt: Date | null = null;
}
