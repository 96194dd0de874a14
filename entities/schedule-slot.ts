import { Entity, PrimaryColumn } from 'typeorm';
import { instant } from './columns.ts';

/** One turn of a piece of timed work. Who inserts the row runs the turn; nobody else does. */
@Entity('schedule_slots')
export class ScheduleSlot {
  @PrimaryColumn('varchar', { length: 64 })
  name!: string;

  /** The planned instant, ISO. */
  @PrimaryColumn('varchar', { length: 32 })
  slot!: string;

  @instant()
  takenAt!: Date;
}
