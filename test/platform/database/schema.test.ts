import { join } from 'node:path';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { entities } from '../../../entities/index.ts';
import { openDatabase } from '../../../src/platform/database/index.ts';
import { migrations } from '../../../src/platform/database/migrations/index.ts';
import { IndexNames } from '../../../src/platform/database/index-names.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { EmbeddedDriver } from '../../../src/platform/database/embedded-driver.ts';

let fresh: TestDatabase;
beforeEach(async () => {
  fresh = await freshDatabase();
});
afterEach(() => fresh.drop());

/** Wider in the database than an entity can say on both databases: a trail of a merge may name thousands of rows. */
const WIDER = new Set(['customer_merges.moved']);

/** What TypeORM would change so that the tables are what these entities say. */
async function changesFor(wanted: DataSource['options']['entities']): Promise<string[]> {
  const { DATABASE_URL, DATA_FOLDER } = fresh.settings;
  const shared = { entities: wanted!, namingStrategy: new IndexNames() };
  const source = new DataSource(
    DATABASE_URL
      ? // Told what it talks to, TypeORM reads MariaDB's defaults as they are meant.
        { ...shared, type: 'mariadb', url: DATABASE_URL }
      : { ...shared, type: 'better-sqlite3', database: join(DATA_FOLDER, 'tongban.sqlite'), driver: EmbeddedDriver },
  );
  await source.initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query).filter((query) => !isWider(query));
  } finally {
    await source.destroy();
  }
}

const isWider = (query: string) =>
  WIDER.has(query.replace(/^ALTER TABLE `(\w+)` (?:DROP COLUMN|ADD) `(\w+)`.*$/, '$1.$2'));

const tables = async (): Promise<string[]> => {
  const sql = fresh.settings.DATABASE_URL ? 'SHOW TABLES' : "SELECT name FROM sqlite_master WHERE type = 'table'";
  const rows = await fresh.database.reader.query<Record<string, string>[]>(sql);
  return rows
    .map((row) => Object.values(row)[0]!)
    .filter((name) => name !== 'sqlite_sequence')
    .toSorted();
};

describe('The schema', () => {
  it('is what the entities say, column by column and index by index', async () => {
    expect(await changesFor(entities)).toEqual([]);
  });

  it('is missed when an entity has a column more', async () => {
    @Entity('schedule_slots')
    class Grown {
      @PrimaryColumn('varchar', { length: 64 }) name!: string;
      @PrimaryColumn('varchar', { length: 32 }) slot!: string;
      @Column('datetime', { precision: 3 }) takenAt!: Date;
      @Column('int') taker!: number;
    }
    expect((await changesFor([Grown])).join('\n')).toContain('taker');
  });

  it('is missed when a column is longer, or an index is not there', async () => {
    @Entity('schedule_slots')
    class Longer {
      @PrimaryColumn('varchar', { length: 64 }) name!: string;
      @PrimaryColumn('varchar', { length: 33 }) slot!: string;
      @Column('datetime', { precision: 3 }) takenAt!: Date;
    }
    expect(await changesFor([Longer])).not.toEqual([]);
    const index = fresh.settings.DATABASE_URL
      ? 'DROP INDEX `ix_jobs_uniqueKey` ON `jobs`'
      : 'DROP INDEX ix_jobs_uniqueKey';
    await fresh.database.transaction((db) => db.query(index));
    expect((await changesFor(entities)).join('\n')).toContain('ix_jobs_uniqueKey');
  });
});

async function allDown(): Promise<void> {
  for (const _each of migrations) await fresh.database.migrateDown();
}

describe('Migrations', () => {
  it('go up, down and up again', async () => {
    const before = await tables();
    expect(before).toEqual(expect.arrayContaining(['customers', 'jobs', 'orders', 'payments']));
    expect(await fresh.database.migrate()).toEqual([]);
    await allDown();
    expect(await tables()).toEqual(['schema_migrations']);
    expect(await fresh.database.migrate()).toHaveLength(migrations.length);
    expect(await tables()).toEqual(before);
    expect(await changesFor(entities)).toEqual([]);
  });

  it('are applied once by processes that start at once', async () => {
    await allDown();
    const others = await Promise.all([fresh.open(), fresh.open(), fresh.open()]);
    const applied = await Promise.all([fresh.database, ...others].map((database) => database.migrate()));
    expect(applied.map(({ length }) => length).toSorted()).toEqual([0, 0, 0, migrations.length]);
    expect(await changesFor(entities)).toEqual([]);
  });

  // SQLite makes tables in a transaction: there is no half way.
  if (process.env.TEST_MYSQL_URL) {
    it('need no more than one connection', async () => {
      const narrow = await openDatabase({ url: fresh.settings.DATABASE_URL, file: '', pool: 1 });
      await narrow.migrateDown();
      expect(await narrow.migrate()).toHaveLength(1);
      await narrow.close();
    });

    it('go on where a process that was killed half way left them', async () => {
      await fresh.database.transaction((db) => db.query('DELETE FROM schema_migrations'));
      for (const last of ['jobs', 'idempotency_records', 'rate_limits'])
        await fresh.database.transaction((db) => db.query(`DROP TABLE ${last}`));
      expect(await fresh.database.migrate()).toHaveLength(migrations.length);
      expect(await changesFor(entities)).toEqual([]);
      expect(await tables()).toContain('rate_limits');
    });
  }
});
