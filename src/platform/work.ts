import type { EntityManager } from 'typeorm';
import type { Config } from '../../config/index.ts';
import type { Actor } from './actor.ts';
import { type AuditContext, type Audited, writeAudit } from './audit/index.ts';
import type { Vault } from './crypto.ts';
import type { Database } from './database/index.ts';
import type { Logger } from './log.ts';
import type { MiniProgram } from './mini-program/index.ts';
import type { OpenPlatform } from './open-platform/index.ts';
import type { OfficialAccount } from './official-account/index.ts';
import type { WechatPay } from './wechat-pay/index.ts';

/** What every deed is given: nothing is fetched from the air. Outside a transaction `db` is for reading only. */
export interface Work {
  readonly db: EntityManager;
  readonly config: Config;
  readonly vault: Vault;
  readonly log: Logger;
  readonly actor: Actor;
  readonly now: () => Date;
}

/** Work inside one database transaction: may write, cannot call WeChat. */
export interface Transaction extends Work {
  readonly isTransaction: true;
  /** Runs once the transaction is committed; never when it is not. */
  afterCommit(then: () => void): void;
  /** Says of a deed who did it, in the trail that cannot be altered. Staff can write nothing without saying so. */
  audit(deed: Audited): void;
  /** Nothing was written, so there is nothing to say of it. */
  unchanged(): void;
  /** Tells the job engine, after the commit, that something may be due. */
  readonly wakeJobs: () => void;
}

/** What a deed has that needs neither settings nor jobs; a command has no more. */
export type Deed = Pick<Transaction, 'db' | 'now' | 'vault' | 'audit'>;

/** The ways out. */
export interface Gateways {
  readonly pay: WechatPay;
  readonly officialAccount: OfficialAccount;
  readonly miniProgram: MiniProgram;
  /** The third-party platform by which customers' accounts are seen; null where none is configured. */
  readonly openPlatform: OpenPlatform | null;
}

/** Work outside a transaction: may call WeChat and open transactions. */
export interface Desk extends Work, Gateways {
  /** Runs `deed` in one transaction; it may run more than once before it is committed, so it touches nothing but the database. */
  transaction<T>(deed: (work: Transaction) => Promise<T>, options?: { retryDuplicates?: boolean }): Promise<T>;
  /** Tells the job engine that something may be due. */
  readonly wakeJobs: () => void;
  /** The same desk, with somebody else working at it. */
  as(actor: Actor): Desk;
}

export interface DeskParts extends Gateways {
  database: Database;
  config: Config;
  vault: Vault;
  log: Logger;
  readonly now: () => Date;
  readonly wakeJobs: () => void;
}

export function createDesk({ database, ...shared }: DeskParts): Desk {
  const { config, vault, log, now, wakeJobs } = shared;
  const as = (actor: Actor): Desk => ({
    ...shared,
    actor,
    as,
    db: database.reader,
    async transaction(deed, options) {
      const afterCommit: (() => void)[] = [];
      const result = await database.transaction((db) => {
        afterCommit.length = 0;
        const work = { db, config, vault, log, actor, now, wakeJobs };
        return audited(db, work, (trail) =>
          deed({ ...work, ...trail, isTransaction: true, afterCommit: (then) => void afterCommit.push(then) }),
        );
      }, options);
      for (const then of afterCommit) then();
      return result;
    },
  });
  return as({ kind: 'system' });
}

/**
 * Runs a deed inside its transaction and then writes down what it says of itself.
 * @throws {Error} when a member of staff wrote something and nothing was said of it: then it is not written
 */
export async function audited<T>(
  db: EntityManager,
  context: AuditContext,
  deed: (trail: Pick<Transaction, 'audit' | 'unchanged'>) => Promise<T>,
): Promise<T> {
  const said: Audited[] = [];
  let isUnchanged = false;
  const result = await deed({ audit: (one) => void said.push(one), unchanged: () => void (isUnchanged = true) });
  if (said.length > 0) await writeAudit(db, context, said);
  else if (context.actor.kind === 'staff' && !isUnchanged) throw new Error('staff wrote something without audit');
  return result;
}
