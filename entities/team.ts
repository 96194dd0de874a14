import { Entity, Index } from 'typeorm';
import { id, instant, text } from './columns.ts';

/** Staff who look after the same customers. */
@Entity('teams')
@Index(['name'], { unique: true })
export class Team {
  @id()
  id!: string;

  @text(64)
  name!: string;

  @instant()
  createdAt!: Date;
}
