import { Entity, Index } from 'typeorm';
import { id, instant, json, ref, text } from './columns.ts';

/**
 * The ids of the rows that a merge moved, by table, so that it can be undone. Under `taken_over`: the columns of the merged
 * customer that the survivor did not have and was given.
 */
export type MovedRows = Record<string, string[]>;

/** The trail of two customers found to be one person. */
@Entity('customer_merges')
@Index(['fromCustomerId'])
@Index(['intoCustomerId'])
export class CustomerMerge {
  @id()
  id!: string;

  @ref()
  fromCustomerId!: string;

  @ref()
  intoCustomerId!: string;

  /** What proved it, for example `unionid`. */
  @text(32)
  because!: string;

  @json()
  moved!: MovedRows;

  @instant()
  mergedAt!: Date;

  @instant({ nullable: true })
  undoneAt: Date | null = null;
}
