import { DefaultNamingStrategy, type Table } from 'typeorm';

/** Says what an index is called, for the migrations that make it and for the check that the schema is what the entities say. */
export const indexName = (table: string, columns: readonly string[]): string => `ix_${table}_${columns.join('_')}`;

/** Names that a person can read in a query plan, where TypeORM would take a hash. */
export class IndexNames extends DefaultNamingStrategy {
  override indexName(tableOrName: Table | string, columns: string[]): string {
    return indexName(typeof tableOrName === 'string' ? tableOrName : tableOrName.name, columns);
  }
}
