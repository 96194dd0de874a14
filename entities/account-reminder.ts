import { Entity, Index } from 'typeorm';
import { day, id, instant, ref, whole } from './columns.ts';

/** A further customer who is told of an account, besides the one whose it is. */
@Entity('account_contacts')
@Index(['accountId', 'customerId'], { unique: true })
@Index(['customerId'])
export class AccountContact {
  @id()
  id!: string;

  @ref()
  accountId!: string;

  @ref()
  customerId!: string;

  @instant()
  createdAt!: Date;
}

/** The yearly review of an account was called to mind: of each period and step once. */
@Entity('verification_reminders')
@Index(['accountId', 'endDay', 'days'], { unique: true })
export class VerificationReminder {
  @id()
  id!: string;

  @ref()
  accountId!: string;

  /** Shanghai day on which the verification ends; the period is known by it. */
  @day()
  endDay!: string;

  /** The step: so many Shanghai days before the end. */
  @whole()
  days!: number;

  @instant()
  remindedAt!: Date;
}
