import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns, type TableSql, varcharOrNull } from './tables.ts';

const badge: TableSql = { columns: { badgeCode: varcharOrNull(22) }, unique: [['badgeCode']] };

/** Customers show how their accounts stand on a public page. */
export class AccountBadges1764086400000 implements MigrationInterface {
  readonly name = 'AccountBadges1764086400000';

  up(runner: QueryRunner): Promise<void> {
    return addColumns(runner, 'accounts', badge);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropColumns(runner, 'accounts', badge);
  }
}
