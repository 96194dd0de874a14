import { join } from 'node:path';
import Libsql from 'libsql';
import { freshDatabase, type TestDatabase } from './database.ts';
import { openGate } from './gate.ts';

/** A database of one's own whose commits can be held back, so that a server stands still inside a transaction. */
export interface BrakedDatabase extends TestDatabase {
  brake: Brake;
}

export interface Brake {
  /** From now on nothing more is committed by the server. */
  pull(): void;
  release(): void;
  /**
   * MariaDB: the tables that the transactions which stand before their commit have written. Null on the embedded database,
   * which gives the server no place to write before the brake is released.
   */
  standing(): string[] | null;
}

export async function brakedDatabase(): Promise<BrakedDatabase> {
  const fresh = await freshDatabase();
  return fresh.settings.DATABASE_URL ? withGate(fresh, fresh.settings.DATABASE_URL) : withLock(fresh);
}

/** SQLite has one writer; as long as that is us, the server waits. */
function withLock(fresh: TestDatabase): BrakedDatabase {
  const writer = new Libsql(join(fresh.settings.DATA_FOLDER, 'tongban.sqlite'), { timeout: 5000 } as never);
  return {
    ...fresh,
    brake: {
      pull: () => void writer.exec('BEGIN IMMEDIATE'),
      release: () => void (writer.inTransaction && writer.exec('ROLLBACK')),
      standing: () => null,
    },
    async drop() {
      writer.close();
      await fresh.drop();
    },
  };
}

/** Between the server and MariaDB stands a gate that reads the statements and keeps `COMMIT` back. */
async function withGate(fresh: TestDatabase, address: string): Promise<BrakedDatabase> {
  const url = new URL(address);
  const database = Number(url.port);
  /** What the transaction under way on a connection has written. */
  const written = new WeakMap<object, string[]>();
  let held: { tables: string[]; letGo: () => void }[] = [];
  let isPulled = false;
  const gate = await openGate(() => database, {
    request(bytes, connection, pass) {
      const statement = statementIn(bytes) ?? '';
      // The rate limiter's package says BEGIN; its count is not what is to be held.
      if (statement === 'START TRANSACTION' || statement === 'BEGIN') written.set(connection, []);
      const tables = written.get(connection) ?? [];
      const table = /^(?:INSERT INTO|INSERT IGNORE INTO|UPDATE|DELETE FROM) `(\w+)`(?!\.)/.exec(statement)?.[1];
      if (table) tables.push(table);
      if (!isPulled || statement !== 'COMMIT' || tables.length === 0) return true;
      held.push({ tables, letGo: pass });
      return false;
    },
  });
  url.port = String(gate.port);
  return {
    ...fresh,
    settings: { ...fresh.settings, DATABASE_URL: url.href },
    brake: {
      pull: () => void (isPulled = true),
      release() {
        isPulled = false;
        for (const { letGo } of held) letGo();
        held = [];
      },
      standing: () => held.flatMap(({ tables }) => tables),
    },
    async drop() {
      await gate.close();
      await fresh.drop();
    },
  };
}

const COM_QUERY = 3;

/** The text of a command: 3 bytes of length, 1 of sequence, 1 of kind. Source: MariaDB, client/server protocol, COM_QUERY. */
function statementIn(bytes: Buffer): string | null {
  return bytes.length > 5 && bytes[3] === 0 && bytes[4] === COM_QUERY
    ? bytes.toString('utf8', 5, Math.min(bytes.length, 200))
    : null;
}
