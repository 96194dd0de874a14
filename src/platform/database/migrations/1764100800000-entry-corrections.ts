import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns, type TableSql, uuidOrNull } from './tables.ts';

const correction: TableSql = { columns: { correctsId: uuidOrNull } };

/** What staff entered by mistake is corrected by an entry of its own. */
export class EntryCorrections1764100800000 implements MigrationInterface {
  readonly name = 'EntryCorrections1764100800000';

  up(runner: QueryRunner): Promise<void> {
    return addColumns(runner, 'verification_entries', correction);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropColumns(runner, 'verification_entries', correction);
  }
}
