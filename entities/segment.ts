import { Entity, Index } from 'typeorm';
import type { AudienceQuery } from '../src/contracts/audiences.ts';
import { id, instant, json, ref, text } from './columns.ts';

/** Filters that staff use again and again, under a name. */
@Entity('segments')
@Index(['name'], { unique: true })
export class Segment {
  @id()
  id!: string;

  @text(64)
  name!: string;

  @json()
  query!: AudienceQuery;

  @ref()
  createdBy!: string;

  @instant()
  createdAt!: Date;

  @instant()
  changedAt!: Date;
}
