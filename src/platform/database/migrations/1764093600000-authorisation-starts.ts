import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  dropTables,
  instant,
  instantOrNull,
  type TableSql,
  uuid,
  uuidOrNull,
  varchar,
  varcharOrNull,
} from './tables.ts';

const starts: TableSql = {
  columns: {
    id: uuid,
    customerId: uuid,
    tokenHash: varchar(64),
    preAuthMark: varcharOrNull(64),
    startedBy: uuidOrNull,
    createdAt: instant,
    expiresAt: instant,
    usedAt: instantOrNull,
    appid: varcharOrNull(32),
  },
  unique: [['tokenHash']],
  index: [['preAuthMark'], ['customerId']],
};

/** Links by which customers let us see their accounts. */
export class AuthorisationStarts1764093600000 implements MigrationInterface {
  readonly name = 'AuthorisationStarts1764093600000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'authorisation_starts', starts);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, ['authorisation_starts']);
  }
}
