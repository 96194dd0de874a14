import { type FindOptionsWhere, IsNull, LessThanOrEqual } from 'typeorm';
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

  /** Null when nothing can be used: no row, no value yet, or a value that was sealed with another key. */
  async find(): Promise<Held | null> {
    const row = await this.database.reader.findOneBy(WechatToken, { name: this.name });
    if (!row?.valueSealed || !row.expiresAt) return null;
    const value = this.open(row.valueSealed);
    return value === null ? null : { value, generation: row.generation, expiresAt: row.expiresAt };
  }

  /** 0 when nothing was fetched yet. */
  async generation(): Promise<number> {
    const row = await this.database.reader.findOne(WechatToken, {
      select: { name: true, generation: true },
      where: { name: this.name },
    });
    if (row) return row.generation;
    await this.database.transaction((db) =>
      db
        .createQueryBuilder()
        .insert()
        .into(WechatToken)
        .values({ name: this.name, generation: 0 })
        .orIgnore()
        .execute(),
    );
    return 0;
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

  /** Gives the lease back without a new value. */
  async giveBack(fetchedBy: string): Promise<void> {
    await this.update([{ name: this.name, fetchedBy }], NOBODY);
  }

  private update(either: FindOptionsWhere<WechatToken>[], next: Partial<WechatToken>): Promise<boolean> {
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
