import { Entity, PrimaryColumn } from 'typeorm';
import { instant, json, longText, state, text, whole } from './columns.ts';

/** What an account's owner granted to our third-party platform (第三方平台), and the key to it. */
@Entity('authorisations')
export class Authorisation {
  /** The account's. */
  @PrimaryColumn('varchar', { length: 32 })
  appid!: string;

  /** `gh_…`, the account's id in pushes; null until WeChat was asked. */
  @text(32, { nullable: true })
  originalId: string | null = null;

  /** authorizer_refresh_token, encrypted at rest. Lost, only the owner can give another one. */
  @longText()
  refreshTokenSealed!: string;

  /** Ids of the permission sets (权限集) that were granted; the owner may grant fewer than were asked for. */
  @json()
  funcScopes: number[] = [];

  @state()
  state: 'authorised' | 'lost' = 'authorised';

  /** Grows with every refresh token, so that what comes late does not replace what is newer. */
  @whole()
  generation: number = 1;

  @instant()
  authorisedAt!: Date;

  @instant({ nullable: true })
  lostAt: Date | null = null;

  /** Ours: `withdrawn`, `not_authorised`, `refresh_token_invalid`. */
  @text(64, { nullable: true })
  lostReason: string | null = null;
}
