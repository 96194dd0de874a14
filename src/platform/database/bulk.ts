import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/**
 * Many rows in one statement. TypeORM's own builder spends more time on parameters than the database does on the rows, and its
 * `upsert` would overwrite a foreign row that happens to hold one of the unique values.
 */

/** Inserts new rows. Columns that a row leaves out are null. `ifNew` leaves out those that meet a unique key. */
export async function insertAll<Entity extends ObjectLiteral>(
  db: EntityManager,
  entity: EntityTarget<Entity>,
  rows: readonly Partial<Entity>[],
  { ifNew = false } = {},
): Promise<void> {
  if (rows.length === 0) return;
  const { tableName, columns, primaryColumns } = db.connection.getMetadata(entity);
  const { driver } = db.connection;
  const values = rows.flatMap((row) =>
    columns.map((column) => driver.preparePersistentValue(column.getEntityValue(row as Entity) ?? null, column)),
  );
  const oneRow = `(${columns.map(() => '?').join(', ')})`;
  const names = columns.map((column) => driver.escape(column.databaseName)).join(', ');
  const key = driver.escape(primaryColumns[0]!.databaseName);
  // MySQL's `INSERT IGNORE` would swallow other faults too.
  const leaveOutKnown =
    db.connection.options.type === 'mysql' ? ` ON DUPLICATE KEY UPDATE ${key} = ${key}` : ' ON CONFLICT DO NOTHING';
  await db.query(
    `INSERT INTO ${driver.escape(tableName)} (${names}) VALUES ${rows.map(() => oneRow).join(', ')}${ifNew ? leaveOutKnown : ''}`,
    values,
  );
}

/** Writes the named columns of rows that the caller holds locked; the key is `id`. */
export async function updateAll<Entity extends ObjectLiteral & { id: string }>(
  db: EntityManager,
  entity: EntityTarget<Entity>,
  rows: readonly Entity[],
  changed: readonly (keyof Entity & string)[],
): Promise<void> {
  if (rows.length === 0) return;
  const metadata = db.connection.getMetadata(entity);
  const { driver } = db.connection;
  const columns = changed.map((name) => metadata.findColumnWithPropertyName(name)!);
  const whens = rows.map(() => 'WHEN ? THEN ?').join(' ');
  const sets = columns.map((column) => `${driver.escape(column.databaseName)} = CASE id ${whens} END`);
  const values = columns.flatMap((column) =>
    rows.flatMap((row) => [row.id, driver.preparePersistentValue(column.getEntityValue(row) ?? null, column)]),
  );
  const ids = rows.map(({ id }) => id);
  const places = ids.map(() => '?').join(', ');
  await db.query(`UPDATE ${driver.escape(metadata.tableName)} SET ${sets.join(', ')} WHERE id IN (${places})`, [
    ...values,
    ...ids,
  ]);
}
