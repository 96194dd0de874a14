import { Entity, Index } from 'typeorm';
import type { AudienceListState } from '../src/contracts/audiences.ts';
import { id, instant, json, ref, state, text, whole } from './columns.ts';

/** People whom staff listed in a file, with what each is to be told. */
@Entity('audience_lists')
export class AudienceList {
  @id()
  id!: string;

  @text(64)
  name!: string;

  /** The message that its columns are for, for example `materials-wanted`. */
  @text(64)
  message!: string;

  /** Of the file, so that one can prove which it was. */
  @text(64)
  sha256!: string;

  @state()
  state: AudienceListState = 'reading';

  /** Facts that it gives for each person. */
  @json()
  facts!: string[];

  /** Rows that were kept, and rows that were not. */
  @whole()
  kept: number = 0;

  @whole()
  faulty: number = 0;

  @ref()
  createdBy!: string;

  @instant()
  createdAt!: Date;
}

/** One person of a list. */
@Entity('audience_list_people')
@Index(['listId', 'customerId'], { unique: true })
@Index(['customerId'])
export class ListedPerson {
  @id()
  id!: string;

  @ref()
  listId!: string;

  @ref()
  customerId!: string;

  /** Where they stand in the file. */
  @whole()
  line!: number;

  /** The order that the row names. */
  @ref({ nullable: true })
  orderId: string | null = null;

  @json()
  facts!: Record<string, unknown>;
}

/** One row that was not kept, and why. */
@Entity('audience_list_faults')
@Index(['listId', 'line'], { unique: true })
export class ListFault {
  @id()
  id!: string;

  @ref()
  listId!: string;

  @whole()
  line!: number;

  /** Chinese sentence. */
  @text(255)
  words!: string;
}
