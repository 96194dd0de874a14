import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { type Database, openDatabase } from '../../src/platform/database/index.ts';

export interface TestDatabase {
  /** Open and migrated. */
  database: Database;
  /** How a server finds the same database by its configuration. */
  settings: { DATABASE_URL?: string; DATA_FOLDER: string };
  /** Another connection to the same database, as a second process has; closed by `drop`. */
  open(): Promise<Database>;
  /** Closes it and removes every trace. */
  drop(): Promise<void>;
}

/** A database of one's own: a new schema on the MariaDB of `TEST_MYSQL_URL`, or an embedded one in a temporary folder. */
export async function freshDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'tongban-test-'));
  const schema = process.env.TEST_MYSQL_URL ? await freshSchema(process.env.TEST_MYSQL_URL) : null;
  const opened: Database[] = [];
  const open = async () => {
    const database = await openDatabase({ url: schema?.url, file: join(folder, 'tongban.sqlite'), pool: 16 });
    opened.push(database);
    return database;
  };
  const database = await open();
  await database.migrate();
  return {
    database,
    settings: { DATA_FOLDER: folder, ...(schema ? { DATABASE_URL: schema.url } : {}) },
    open,
    async drop() {
      await Promise.all(opened.map((each) => each.close()));
      await schema?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An empty schema of a random name on a MariaDB server. */
export async function freshSchema(server: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `tongban_${randomBytes(6).toString('hex')}`;
  await command(server, `CREATE DATABASE \`${name}\``);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => command(server, `DROP DATABASE \`${name}\``) };
}

async function command(server: string, sql: string): Promise<void> {
  const connection = await createConnection(server);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
