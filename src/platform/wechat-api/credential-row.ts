import { type FindOptionsWhere, IsNull, LessThan, LessThanOrEqual } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { WechatToken } from '../../../entities/wechat-token.ts';
import type { Vault } from '../crypto.ts';
import type { Database } from '../database/index.ts';

/** A credential as it is stored. */
export interface Held {
  value: string;
  /** Grows with every fetch: a failure of an older one says nothing about this one. */
  generation: number;
  expiresAt: Date;
}

const NEXT = () => 'generation + 1';
const NOBODY = { fetchedBy: null, fetchedUntil: null };

/**
 * One row of `wechat_tokens`, shared by all processes. Every move is one conditional UPDATE, so neither a row lock nor a
 * second look is needed, and it is the same on both databases.
 */
export class CredentialRow {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly name: string,
  ) {}

  /**
   * What is stored, and its generation, in one look: read one after the other, somebody's new generation could pass for one that
   * is to be replaced. `held` is null when nothing can be used: no value yet, or one that was sealed with another key.
   */
  async look(): Promise<{ held: Held | null; generation: number }> {
    const row = await this.database.reader.findOneBy(WechatToken, { name: this.name });
    if (!row) await this.create();
    const { valueSealed = null, expiresAt = null, generation = 0 } = row ?? {};
    const value = valueSealed && this.open(valueSealed);
    return { held: value && expiresAt ? { value, generation, expiresAt } : null, generation };
  }

  /** Takes the right to fetch the next generation; false when somebody else has it, or when it is there already. */
  async lease(generation: number, fetchedBy: string, now: Date, until: Date): Promise<boolean> {
    const where = { name: this.name, generation };
    return this.update(
      [
        { ...where, fetchedUntil: IsNull() },
        { ...where, fetchedUntil: LessThanOrEqual(now) },
      ],
      { fetchedBy, fetchedUntil: until },
    );
  }

  /** False when the lease ran out and went to somebody else. */
  async store(fetchedBy: string, { value, generation, expiresAt }: Held): Promise<boolean> {
    const valueSealed = this.vault.seal(value, this.name);
    return this.update([{ name: this.name, fetchedBy }], { valueSealed, generation, expiresAt, ...NOBODY });
  }

  /** Stores a value whoever is fetching one: his comes too late then. */
  async replace(value: string, expiresAt: Date): Promise<void> {
    await this.look();
    const valueSealed = this.vault.seal(value, this.name);
    await this.update([{ name: this.name }], { valueSealed, generation: NEXT, expiresAt, ...NOBODY });
  }

  /** Stores a value unless there is one that ends as late or later. */
  async storeLater(value: string, expiresAt: Date): Promise<boolean> {
    await this.look();
    const valueSealed = this.vault.seal(value, this.name);
    return this.update(
      [
        { name: this.name, expiresAt: IsNull() },
        { name: this.name, expiresAt: LessThan(expiresAt) },
      ],
      { valueSealed, generation: NEXT, expiresAt },
    );
  }

  /** Gives the lease back without a new value. */
  async giveBack(fetchedBy: string): Promise<void> {
    await this.update([{ name: this.name, fetchedBy }], NOBODY);
  }

  private async create(): Promise<void> {
    const values = { name: this.name, generation: 0 };
    await this.database.transaction((db) =>
      db.createQueryBuilder().insert().into(WechatToken).values(values).orIgnore().execute(),
    );
  }

  private update(either: FindOptionsWhere<WechatToken>[], next: QueryDeepPartialEntity<WechatToken>): Promise<boolean> {
    return this.database.transaction(async (db) => {
      const { affected } = await db.createQueryBuilder().update(WechatToken).set(next).where(either).execute();
      return affected === 1;
    });
  }

  private open(sealed: string): string | null {
    try {
      return this.vault.open(sealed, this.name);
    } catch {
      return null;
    }
  }
}
