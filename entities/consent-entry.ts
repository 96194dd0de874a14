import { Entity, Index } from 'typeorm';
import { id, instant, ref, text, whole } from './columns.ts';

/** One change of how many messages of a template a person still allows. The sum is what is left. */
@Entity('consent_entries')
@Index(['source'], { unique: true })
@Index(['appid', 'openid', 'templateId'])
@Index(['customerId'])
export class ConsentEntry {
  @id()
  id!: string;

  @ref()
  customerId!: string;

  @text(32)
  appid!: string;

  @text(64)
  openid!: string;

  @text(64)
  templateId!: string;

  /** +1 accepted · −1 sent · 0 asked and refused */
  @whole()
  delta!: number;

  /** What told us; unique, so that a hint and the push that confirms it count once. */
  @text(128)
  source!: string;

  /** The other witness of the same answer: the phone's hint and WeChat's push are one answer, in whichever order they come. */
  @text(128, { nullable: true })
  confirmedBy: string | null = null;

  @instant()
  at!: Date;
}
