import { type EntityManager, LessThanOrEqual } from 'typeorm';
import { Authorisation } from '../../../entities/authorisation.ts';
import type { Vault } from '../crypto.ts';
import type { Database } from '../database/index.ts';

/** What is held of an account's authorisation. */
export interface HeldAuthorisation {
  appid: string;
  /** Null when it was sealed with another key. */
  refreshToken: string | null;
  generation: number;
  isLost: boolean;
  lostAt: Date | null;
}

export interface Granted {
  appid: string;
  refreshToken: string;
  /** Null: not told, and what is known stays. */
  funcScopes: number[] | null;
  authorisedAt: Date;
}

const aboutOf = (appid: string): string => `authorisation:${appid}`;

/** Refresh tokens of authorised accounts, shared by all processes. Whatever comes late does not replace what is newer. */
export class Authorisations {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async find(appid: string): Promise<HeldAuthorisation | null> {
    const row = await this.database.reader.findOneBy(Authorisation, { appid });
    if (!row) return null;
    const { generation, refreshTokenSealed, state, lostAt } = row;
    return { appid, generation, refreshToken: this.open(refreshTokenSealed, appid), isLost: state === 'lost', lostAt };
  }

  /** The owner has just granted: it counts, whatever was. */
  async keep({ appid, refreshToken, funcScopes, authorisedAt }: Granted): Promise<void> {
    const refreshTokenSealed = this.seal(refreshToken, appid);
    await this.database.transaction(
      async (db) => {
        const row =
          (await db.findOneBy(Authorisation, { appid })) ?? db.create(Authorisation, { appid, generation: 0 });
        Object.assign(row, { refreshTokenSealed, authorisedAt, state: 'authorised', lostAt: null, lostReason: null });
        row.generation += 1;
        row.funcScopes = funcScopes ?? row.funcScopes;
        await db.save(row);
      },
      { retryDuplicates: true },
    );
  }

  /** An account that WeChat tells of, and that is not known here or was lost before; what is known stays. */
  async adopt({
    refreshToken,
    ...told
  }: Omit<Granted, 'refreshToken'> & { refreshToken: string | null }): Promise<boolean> {
    const held = await this.find(told.appid);
    if (refreshToken === null || (held && !isGrantedAgain(held, refreshToken, told.authorisedAt))) return false;
    await this.keep({ ...told, refreshToken });
    return true;
  }

  /** The token that a refresh brought; false when there is a newer one. */
  async replace({ appid, generation }: HeldAuthorisation, refreshToken: string): Promise<boolean> {
    return this.update(appid, generation, {
      refreshTokenSealed: this.seal(refreshToken, appid),
      generation: generation + 1,
    });
  }

  /** False when the owner has authorised again meanwhile. */
  async lose({ appid, generation }: HeldAuthorisation, lostReason: string, lostAt: Date): Promise<boolean> {
    return this.update(appid, generation, { state: 'lost', lostReason, lostAt });
  }

  /** What WeChat says of an account that is authorised. */
  async learn(appid: string, told: Pick<Authorisation, 'originalId' | 'funcScopes'>): Promise<void> {
    await this.database.transaction((db) => db.update(Authorisation, { appid }, told));
  }

  private update(appid: string, generation: number, change: Partial<Authorisation>): Promise<boolean> {
    return this.database.transaction(async (db) => {
      const where = { appid, generation, state: 'authorised' as const };
      const { affected } = await db.update(Authorisation, where, change);
      return affected === 1;
    });
  }

  private seal(refreshToken: string, appid: string): string {
    return this.vault.seal(refreshToken, aboutOf(appid));
  }

  private open(sealed: string, appid: string): string | null {
    try {
      return this.vault.open(sealed, aboutOf(appid));
    } catch {
      return null;
    }
  }
}

/** The list may lag behind: the token with which the account was lost proves nothing, unless it was granted since. */
const isGrantedAgain = (
  { isLost, lostAt, refreshToken }: HeldAuthorisation,
  told: string,
  authorisedAt: Date,
): boolean => isLost && lostAt !== null && (authorisedAt > lostAt || (refreshToken !== null && told !== refreshToken));

/**
 * The owner took it back, as WeChat pushed it. False when there is nothing to take back, or when he has granted again since.
 * @param at when he did, in whole seconds as WeChat tells it
 */
export async function withdrawAuthorisation(db: EntityManager, appid: string, at: Date): Promise<boolean> {
  const change = { state: 'lost', lostReason: 'withdrawn', lostAt: at } as const;
  const endOfSecond = new Date(at.getTime() + 999);
  const where = { appid, state: 'authorised', authorisedAt: LessThanOrEqual(endOfSecond) } as const;
  const { affected } = await db.update(Authorisation, where, change);
  return affected === 1;
}
