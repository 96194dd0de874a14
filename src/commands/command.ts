import path from 'node:path';
import process from 'node:process';
import { ConfigError, loadPart } from '../../config/index.ts';
import { errorWords } from '../contracts/errors.ts';
import { createVault, type Vault } from '../platform/crypto.ts';
import { type Database, openDatabase } from '../platform/database/index.ts';
import { AppError } from '../platform/errors.ts';
import type { Enqueuer } from '../platform/jobs/index.ts';
import { audited, type Deed } from '../platform/work.ts';

/** What a command on the machine's shell works with: the database and the key, no WeChat. */
export interface Command {
  database: Database;
  vault: Vault;
  /** One transaction; the trail says that somebody with a shell did it. */
  deed<T>(deed: (work: Deed & Enqueuer) => Promise<T>): Promise<T>;
}

/** Runs one command and says in one sentence why it cannot. `act` gives false when it does not understand the words. */
export async function runCommand(
  usage: string,
  act: (command: Command, words: string[]) => Promise<boolean>,
): Promise<void> {
  try {
    const settings = loadPart(process.env, ['DATABASE_URL', 'DATA_FOLDER', 'SECRET_KEY']);
    const database = await openDatabase({
      url: settings.DATABASE_URL,
      file: path.join(settings.DATA_FOLDER, 'tongban.sqlite'),
      pool: 2,
    });
    try {
      await database.migrate();
      const understood = await act(commandOn(database, createVault(settings.SECRET_KEY)), process.argv.slice(2));
      if (!understood) fail(usage);
    } finally {
      await database.close();
    }
  } catch (error) {
    fail(sentenceFor(error));
  }
}

function commandOn(database: Database, vault: Vault): Command {
  const now = () => new Date();
  const context = { actor: { kind: 'operator' }, vault, now } as const;
  // Whoever works on jobs finds new ones by themselves.
  const jobs = { afterCommit: () => undefined, wakeJobs: () => undefined };
  return {
    database,
    vault,
    deed: (deed) =>
      database.transaction((db) => audited(db, context, ({ audit }) => deed({ db, now, vault, audit, ...jobs }))),
  };
}

export function sentenceFor(error: unknown): string {
  if (error instanceof AppError) return `${errorWords[error.code].zh} · ${errorWords[error.code].en}`;
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

export function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
