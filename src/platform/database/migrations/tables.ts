import type { QueryRunner } from 'typeorm';
import { indexName } from '../index-names.ts';

/** A column as SQL for both databases. */
type ColumnSql = string;

export const varchar = (length: number): ColumnSql => `varchar(${length}) NOT NULL`;
export const varcharOrNull = (length: number): ColumnSql => `varchar(${length}) NULL`;
export const uuid = varchar(36);
export const uuidOrNull = varcharOrNull(36);
export const text: ColumnSql = 'text NOT NULL';
export const textOrNull: ColumnSql = 'text NULL';
/** Up to 16 MB, where `text` ends at 64 KB. */
export const longText: ColumnSql = 'mediumtext NOT NULL';
export const whole: ColumnSql = 'integer NOT NULL';
export const wholeOrNull: ColumnSql = 'integer NULL';
export const instant: ColumnSql = 'datetime(3) NOT NULL';
export const instantOrNull: ColumnSql = 'datetime(3) NULL';

export interface TableSql {
  columns: Record<string, ColumnSql>;
  key?: readonly string[];
  unique?: readonly (readonly string[])[];
  index?: readonly (readonly string[])[];
}

export const isMysql = (runner: QueryRunner) => runner.connection.options.type === 'mysql';
const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

/**
 * Creates one table. Text is compared byte by byte on both databases, so that no two openids are “the same but for case”.
 * MySQL commits every statement by itself, so there a table comes with its indexes in one statement, and one that is there
 * already, because the process ended half way, is passed over.
 */
export async function createTable(runner: QueryRunner, name: string, table: TableSql): Promise<void> {
  const columns = Object.entries(table.columns).map(([column, sql]) => `\`${column}\` ${sql}`);
  const key = `PRIMARY KEY (${list(table.key ?? ['id'])})`;
  const indexes = indexesOf(name, table);
  if (isMysql(runner)) {
    const inside = indexes.map(({ kind, index, on }) => `${kind} \`${index}\` (${on})`);
    await runner.query(
      `CREATE TABLE IF NOT EXISTS \`${name}\` (${[...columns, key, ...inside].join(', ')}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
    );
    return;
  }
  // SQLite has texts of one length only.
  const body = [...columns.map((column) => column.replace('mediumtext', 'text')), key].join(', ');
  await runner.query(`CREATE TABLE \`${name}\` (${body})`);
  for (const { kind, index, on } of indexes) await runner.query(`CREATE ${kind} \`${index}\` ON \`${name}\` (${on})`);
}

const indexesOf = (table: string, { unique = [], index = [] }: TableSql) => [
  ...unique.map((columns) => ({ kind: 'UNIQUE INDEX', index: indexName(table, columns), on: list(columns) })),
  ...index.map((columns) => ({ kind: 'INDEX', index: indexName(table, columns), on: list(columns) })),
];

export async function dropTables(runner: QueryRunner, names: readonly string[]): Promise<void> {
  for (const name of names) await runner.query(`DROP TABLE \`${name}\``);
}

/** Adds columns with their indexes. What is there already, because the process ended half way, is passed over. */
export async function addColumns(runner: QueryRunner, name: string, table: TableSql): Promise<void> {
  for (const [column, sql] of Object.entries(table.columns)) {
    if (await runner.hasColumn(name, column)) continue;
    await runner.query(`ALTER TABLE \`${name}\` ADD COLUMN \`${column}\` ${sql}`);
  }
  for (const { kind, index, on } of indexesOf(name, table)) {
    if (await hasIndex(runner, name, index)) continue;
    await runner.query(`CREATE ${kind} \`${index}\` ON \`${name}\` (${on})`);
  }
}

/** Takes them away again. */
export async function dropColumns(runner: QueryRunner, name: string, table: TableSql): Promise<void> {
  for (const { index } of indexesOf(name, table)) {
    if (!(await hasIndex(runner, name, index))) continue;
    await runner.query(`DROP INDEX \`${index}\`${isMysql(runner) ? ` ON \`${name}\`` : ''}`);
  }
  for (const column of Object.keys(table.columns))
    if (await runner.hasColumn(name, column)) await runner.query(`ALTER TABLE \`${name}\` DROP COLUMN \`${column}\``);
}

async function hasIndex(runner: QueryRunner, table: string, index: string): Promise<boolean> {
  const sql = isMysql(runner)
    ? 'SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ?'
    : "SELECT 1 FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND name = ?";
  const found = (await runner.query(sql, [table, index])) as unknown[];
  return found.length > 0;
}
