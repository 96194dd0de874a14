import { Entity, PrimaryColumn } from 'typeorm';
import { instant, longText, text, whole } from './columns.ts';

/** A credential of one WeChat app, shared by every process. */
@Entity('wechat_tokens')
export class WechatToken {
  /** `appid:access_token`, `appid:jsapi_ticket`; of the third-party platform `appid:verify_ticket`, `appid:component_token`, `appid:authorizer_token` */
  @PrimaryColumn('varchar', { length: 64 })
  name!: string;

  /** Encrypted at rest. */
  @longText({ nullable: true })
  valueSealed: string | null = null;

  @instant({ nullable: true })
  expiresAt: Date | null = null;

  /** Grows with every new value, so that a late failure is not mistaken for a failure of the new one. */
  @whole()
  generation: number = 0;

  /** Who is fetching a new one, and until when the others wait. */
  @text(36, { nullable: true })
  fetchedBy: string | null = null;

  @instant({ nullable: true })
  fetchedUntil: Date | null = null;
}
