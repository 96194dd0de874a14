import { Entity, Index, PrimaryColumn } from 'typeorm';
import { instant, text } from './columns.ts';

/** A payment notice that was genuine. Its id is WeChat's, so a repeat is known by itself. */
@Entity('wechat_notices')
@Index(['receivedAt'])
export class WechatNotice {
  @PrimaryColumn('varchar', { length: 64 })
  id!: string;

  @text(64)
  eventType!: string;

  /** The payment it is about. */
  @text(32, { nullable: true })
  paymentNumber: string | null = null;

  /** settled · already_settled · disputed · ignored */
  @text(24)
  outcome!: string;

  @instant()
  receivedAt!: Date;
}
