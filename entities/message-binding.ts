import { Entity, Index } from 'typeorm';
import type { TemplateFault } from '../src/contracts/messages.ts';
import { id, instant, json, longText, text } from './columns.ts';
import type { AppKind } from './wechat-identity.ts';

/** Which template of WeChat's serves one of our messages in one app, and whether it can. */
@Entity('message_bindings')
@Index(['message', 'appKind'], { unique: true })
export class MessageBinding {
  @id()
  id!: string;

  /** For example `order-paid`. */
  @text(64)
  message!: string;

  @text(24)
  appKind!: AppKind;

  @text(64)
  templateId!: string;

  /** What staff bound stays, whatever the configuration says. */
  @text(16)
  boundBy!: 'configuration' | 'staff';

  /** WeChat's own text of the template, with its places, as last seen. */
  @longText({ nullable: true })
  content: string | null = null;

  /** Why nothing can be sent with it. */
  @json()
  faults: TemplateFault[] = [];

  /** When it was last compared with what WeChat has; null: never yet. */
  @instant({ nullable: true })
  checkedAt: Date | null = null;

  /** Nothing is sent with it from then on, until somebody resumes it: WeChat refused it. */
  @instant({ nullable: true })
  stoppedAt: Date | null = null;

  /** A code of ours. */
  @text(64, { nullable: true })
  stopReason: string | null = null;
}
