import { Entity, Index } from 'typeorm';
import { id, instant, longText, ref, text } from './columns.ts';

export type AppKind = 'official-account' | 'mini-program';

/** One person as one WeChat app knows them. */
@Entity('wechat_identities')
@Index(['appid', 'openid'], { unique: true })
@Index(['unionid'])
@Index(['customerId'])
export class WechatIdentity {
  @id()
  id!: string;

  @text(24)
  appKind!: AppKind;

  @text(32)
  appid!: string;

  @text(64)
  openid!: string;

  /** The same for one person in all apps bound to one Open Platform account; absent until WeChat tells it. */
  @text(64, { nullable: true })
  unionid: string | null = null;

  @ref()
  customerId!: string;

  /** Service account only; null while not known. */
  @text(16, { nullable: true })
  follow: 'following' | 'not_following' | null = null;

  /** When WeChat says the follow state changed; an older event never overrules a newer one. */
  @instant({ nullable: true })
  followChangedAt: Date | null = null;

  /** Mini-program only, encrypted at rest; never leaves the server. */
  @longText({ nullable: true })
  sessionKeySealed: string | null = null;

  @instant()
  createdAt!: Date;

  @instant()
  seenAt!: Date;
}
