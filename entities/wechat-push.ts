import { Entity, Index } from 'typeorm';
import { id, instant, longText, text } from './columns.ts';

/** A genuine push from WeChat, kept before it is worked on; a repeat is known by its key. */
@Entity('wechat_pushes')
@Index(['dedupeKey'], { unique: true })
@Index(['receivedAt'])
export class WechatPush {
  @id()
  id!: string;

  @text(32)
  appid!: string;

  /** `msgid:…`, or `FromUserName:CreateTime:Event:EventKey` hashed. */
  @text(96)
  dedupeKey!: string;

  /** Event name, or the kind of message. */
  @text(64)
  kind!: string;

  /** The opened message as JSON, encrypted at rest: people write personal things. */
  @longText()
  contentSealed!: string;

  @instant()
  receivedAt!: Date;

  @instant({ nullable: true })
  handledAt: Date | null = null;
}
