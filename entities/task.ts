import { Entity, Index } from 'typeorm';
import type { TaskKind, TaskOutcome, TaskState } from '../src/contracts/tasks.ts';
import { id, instant, ref, state, text } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

const NEXT: Record<TaskState, readonly TaskState[]> = {
  open: ['done', 'cancelled'],
  done: ['open'],
  cancelled: ['open'],
};

/** Something that a member of staff has to do by a time, and how it ended. */
@Entity('tasks')
@Index(['about'], { unique: true })
@Index(['state', 'dueAt', 'id'])
@Index(['ownerId', 'state'])
@Index(['customerId'])
@Index(['campaignId'])
export class Task {
  @id()
  id!: string;

  @text(24)
  kind!: TaskKind;

  /** What made it, so that one thing makes one task. */
  @text(96)
  about!: string;

  @text(64)
  title!: string;

  @text(400, { nullable: true })
  note: string | null = null;

  /** Where an appointment is kept. */
  @text(64, { nullable: true })
  place: string | null = null;

  @state()
  state: TaskState = 'open';

  /** null: whoever of the team takes it. */
  @ref({ nullable: true })
  ownerId: string | null = null;

  /** null: nobody's in particular. */
  @ref({ nullable: true })
  teamId: string | null = null;

  @ref({ nullable: true })
  customerId: string | null = null;

  @text(32, { nullable: true })
  orderNumber: string | null = null;

  @ref({ nullable: true })
  campaignId: string | null = null;

  /** The message that it stands in for. */
  @ref({ nullable: true })
  deliveryId: string | null = null;

  /** Of an appointment: when it is. */
  @instant()
  dueAt!: Date;

  @text(24, { nullable: true })
  outcome: TaskOutcome | null = null;

  @text(400, { nullable: true })
  outcomeNote: string | null = null;

  /** The task that this one goes on with. */
  @ref({ nullable: true })
  followsId: string | null = null;

  /** The customer was told of it, and is told when it moves. */
  @instant({ nullable: true })
  toldAt: Date | null = null;

  /** null: the system. */
  @ref({ nullable: true })
  createdBy: string | null = null;

  @instant()
  createdAt!: Date;

  @ref({ nullable: true })
  endedBy: string | null = null;

  @instant({ nullable: true })
  endedAt: Date | null = null;

  moveTo(next: TaskState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('task', this.state, next);
    this.state = next;
  }

  /** @param by null: the system */
  end(state: 'done' | 'cancelled', by: string | null, at: Date): void {
    this.moveTo(state);
    this.endedBy = by;
    this.endedAt = at;
  }

  reopen(): void {
    this.moveTo('open');
    Object.assign(this, { outcome: null, outcomeNote: null, endedBy: null, endedAt: null });
  }
}
