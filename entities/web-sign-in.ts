import { Entity, Index } from 'typeorm';
import { id, instant, ref, text } from './columns.ts';

/** One trip to WeChat's authorisation page: bound to one browser, used once. */
@Entity('web_sign_ins')
@Index(['stateHash'], { unique: true })
@Index(['startedAt'])
export class WebSignIn {
  @id()
  id!: string;

  /** SHA-256 of the `state` parameter, hex. */
  @text(64)
  stateHash!: string;

  /** SHA-256 of the browser's own cookie, hex. */
  @text(64)
  browserHash!: string;

  @text(24)
  scope!: 'snsapi_base' | 'snsapi_userinfo';

  /** Path, query and fragment on our own origin. */
  @text(1024)
  backTo!: string;

  @instant()
  startedAt!: Date;

  @instant({ nullable: true })
  usedAt: Date | null = null;

  /** Who came back; lets a second load of the same callback by the same browser succeed quietly. */
  @ref({ nullable: true })
  identityId: string | null = null;
}
