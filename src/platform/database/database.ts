import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, type EntityManager, type Logger as QueryLogger, MigrationExecutor } from 'typeorm';
import { entities } from '../../../entities/index.ts';
import { EmbeddedDriver } from './embedded-driver.ts';
import { isDuplicate, isWorthAnotherTry, isWriterBusy } from './faults.ts';
import { IndexNames } from './index-names.ts';
import { migrations } from './migrations/index.ts';
import { readCommittedDriver } from './mysql-driver.ts';

const MAX_TRIES = 5;
const MIGRATION_WAIT_SECONDS = 120;
const WAIT_FOR_WRITER_MS = 15_000;

/** One database, read freely and written only in transactions. */
export interface Database {
  readonly kind: 'embedded' | 'mysql';
  /** MySQL only: the callback pool of the driver and the database's name, for libraries that keep their own table. */
  readonly pool?: unknown;
  readonly name?: string;
  /** For reading. On the embedded database a write through it fails. */
  readonly reader: EntityManager;
  /**
   * Runs the deed in one transaction. It is run again when the database itself gave the transaction up (deadlock, lock wait)
   * or, where `retryDuplicates` asks for it, when a unique key met a row that another one wrote meanwhile; so the deed must touch nothing but `db`.
   */
  transaction<T>(deed: (db: EntityManager) => Promise<T>, options?: { retryDuplicates?: boolean }): Promise<T>;
  /** Brings the schema up to date; the names of what was applied. */
  migrate(): Promise<string[]>;
  /** What `migrate` would apply; nothing is changed. */
  pendingMigrations(): Promise<string[]>;
  /** Takes the last migration back. */
  migrateDown(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseSettings {
  /** mysql://… ; absent: the embedded database at `file` */
  url?: string | undefined;
  file: string;
  pool: number;
}

export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  return settings.url ? openMysql(settings.url, settings.pool) : openEmbedded(settings.file);
}

async function openMysql(url: string, pool: number): Promise<Database> {
  const source = new DataSource({
    type: 'mysql',
    url: url.replace(/^mariadb:/, 'mysql:'),
    driver: readCommittedDriver,
    entities,
    migrations,
    namingStrategy: new IndexNames(),
    migrationsTableName: 'schema_migrations',
    timezone: 'Z',
    charset: 'utf8mb4',
    dateStrings: ['DATE'],
    poolSize: pool,
    extra: { maxIdle: pool, connectTimeout: 5000 },
    logger: silent,
  });
  await source.initialize();
  return {
    kind: 'mysql',
    pool: (source.driver as unknown as { pool: unknown }).pool,
    name: source.driver.database ?? '',
    reader: source.manager,
    transaction: (deed, options) => withTries(() => source.transaction(deed), options),
    migrate: () => migrateMysql(source),
    pendingMigrations: () => pendingIn(source),
    migrateDown: () => source.undoLastMigration({ transaction: 'none' }),
    ping: async () => void (await source.query('SELECT 1')),
    close: () => source.destroy(),
  };
}

/**
 * TypeORM shares one connection to SQLite, and whatever is written while somebody's transaction is open joins it. So all
 * writes pass one queue of transactions, and reads use a second connection that can only read and sees only what was committed.
 */
async function openEmbedded(file: string): Promise<Database> {
  mkdirSync(dirname(file), { recursive: true });
  const shared = {
    type: 'better-sqlite3',
    database: file,
    driver: EmbeddedDriver,
    entities,
    namingStrategy: new IndexNames(),
    logger: silent,
  } as const;
  const writer = new DataSource({ ...shared, migrations, migrationsTableName: 'schema_migrations', enableWAL: true });
  await writer.initialize();
  // The driver would wait without letting this process do anything else.
  await writer.query('PRAGMA busy_timeout = 0');
  const reader = new DataSource({
    ...shared,
    prepareDatabase: (db: EmbeddedDriver) => void db.pragma('query_only = ON'),
  });
  await reader.initialize();
  const nextInTurn = queue();
  const inTurn = <T>(work: () => Promise<T>) => nextInTurn(() => onceWriterIsFree(work));
  return {
    kind: 'embedded',
    reader: reader.manager,
    transaction: (deed, options) => withTries(() => inTurn(() => writer.transaction(deed)), options),
    migrate: () => inTurn(() => migrateEmbedded(writer)),
    pendingMigrations: () => inTurn(() => pendingIn(writer)),
    migrateDown: () => inTurn(() => writer.undoLastMigration({ transaction: 'none' })),
    ping: async () => void (await reader.query('SELECT 1')),
    close: async () => {
      await inTurn(() => Promise.resolve());
      await reader.destroy();
      await writer.destroy();
    },
  };
}

/** Processes that start at once take turns; whoever comes second finds nothing left to do. */
async function migrateMysql(source: DataSource): Promise<string[]> {
  const lock = `tongban.migrate.${source.driver.database}`.slice(0, 64);
  const holder = source.createQueryRunner();
  try {
    const [{ taken }] = (await holder.query('SELECT GET_LOCK(?, ?) AS taken', [lock, MIGRATION_WAIT_SECONDS])) as [
      { taken: unknown },
    ];
    if (Number(taken) !== 1) throw new Error('another process has been migrating the database for too long');
    // On the same connection: the pool may have no other.
    const executor = new MigrationExecutor(source, holder);
    executor.transaction = 'none';
    return namesOf(await executor.executePendingMigrations());
  } finally {
    await holder.query('SELECT RELEASE_LOCK(?)', [lock]).catch(() => undefined);
    await holder.release();
  }
}

/** All or nothing: SQLite's tables are made in a transaction like rows, and who begins one keeps other processes out. */
function migrateEmbedded(source: DataSource): Promise<string[]> {
  // SQLite has one connection, so the migrations run inside this transaction.
  return source.transaction(async () => namesOf(await source.runMigrations({ transaction: 'none' })));
}

const pendingIn = async (source: DataSource) => namesOf(await new MigrationExecutor(source).getPendingMigrations());

const namesOf = (applied: readonly { name: string }[]) => applied.map(({ name }) => name);

async function withTries<T>(attempt: () => Promise<T>, options: { retryDuplicates?: boolean } = {}): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const again = isWorthAnotherTry(error) || (options.retryDuplicates === true && isDuplicate(error));
      if (!again || tries >= MAX_TRIES) throw error;
      await pause(Math.random() * 20 * tries);
    }
  }
}

/** Another process may be writing to the same file: its transactions are short. */
async function onceWriterIsFree<T>(attempt: () => Promise<T>): Promise<T> {
  for (const giveUpAt = performance.now() + WAIT_FOR_WRITER_MS; ; await pause(1 + Math.random() * 4)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isWriterBusy(error) || performance.now() > giveUpAt) throw error;
    }
  }
}

function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** Statements carry personal data, so none is ever logged; failures surface as errors. */
const silent: QueryLogger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
