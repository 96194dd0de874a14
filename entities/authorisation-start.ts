import { Entity, Index } from 'typeorm';
import { id, instant, ref, text } from './columns.ts';

/** A link by which a customer lets us see one of their accounts; it is good for one account. */
@Entity('authorisation_starts')
@Index(['tokenHash'], { unique: true })
@Index(['preAuthMark'])
@Index(['customerId'])
export class AuthorisationStart {
  @id()
  id!: string;

  @ref()
  customerId!: string;

  /** SHA-256 of what stands in the link, hex. */
  @text(64)
  tokenHash!: string;

  /** SHA-256 of the pre-auth code that WeChat's page was opened with last, hex: by it WeChat's event finds the customer. */
  @text(64, { nullable: true })
  preAuthMark: string | null = null;

  /** null: the customer began it. */
  @ref({ nullable: true })
  startedBy: string | null = null;

  @instant()
  createdAt!: Date;

  @instant()
  expiresAt!: Date;

  @instant({ nullable: true })
  usedAt: Date | null = null;

  /** The account that was authorised. */
  @text(32, { nullable: true })
  appid: string | null = null;
}
