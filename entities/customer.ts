import { Entity, Index } from 'typeorm';
import { id, instant, longText, ref, text } from './columns.ts';

/** A person who buys. What WeChat calls them is in `WechatIdentity`. */
@Entity('customers')
@Index(['mergedIntoId'])
@Index(['teamId'])
export class Customer {
  @id()
  id!: string;

  @text(64, { nullable: true })
  nickname: string | null = null;

  /** Encrypted at rest. */
  @longText({ nullable: true })
  phoneSealed: string | null = null;

  /** Set when this customer turned out to be another one; the row stays so that the merge can be undone. */
  @ref({ nullable: true })
  mergedIntoId: string | null = null;

  /** The team that looks after them; null: nobody's in particular. */
  @ref({ nullable: true })
  teamId: string | null = null;

  @instant()
  createdAt!: Date;
}
