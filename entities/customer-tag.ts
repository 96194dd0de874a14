import { Entity, Index } from 'typeorm';
import { id, instant, ref, text } from './columns.ts';

/** A word that staff put on a customer, to find them by. */
@Entity('customer_tags')
@Index(['customerId', 'tag'], { unique: true })
@Index(['tag', 'customerId'])
export class CustomerTag {
  @id()
  id!: string;

  @ref()
  customerId!: string;

  @text(32)
  tag!: string;

  @instant()
  createdAt!: Date;
}
