import { Entity, PrimaryColumn } from 'typeorm';
import { day, instant, whole } from './columns.ts';
import type { AppKind } from './wechat-identity.ts';

/** How much an app may still send: a bucket for the rate, a budget for the day. One row an app, shared by all workers. */
@Entity('send_meters')
export class SendMeter {
  @PrimaryColumn('varchar', { length: 24 })
  appKind!: AppKind;

  /** Thousandths of a message that may be sent at once. */
  @whole()
  milliTokens!: number;

  @instant()
  refilledAt!: Date;

  /** Beijing day that `usedToday` belongs to. */
  @day()
  day!: string;

  @whole()
  usedToday!: number;

  /** WeChat said that the day's quota is used up: nothing is sent until then. */
  @instant({ nullable: true })
  exhaustedUntil: Date | null = null;
}
