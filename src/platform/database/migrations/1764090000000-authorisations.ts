import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, instant, instantOrNull, text, varchar, varcharOrNull, whole } from './tables.ts';

/** What owners of accounts granted to our third-party platform. */
export class Authorisations1764090000000 implements MigrationInterface {
  readonly name = 'Authorisations1764090000000';

  up(runner: QueryRunner): Promise<void> {
    return createTable(runner, 'authorisations', {
      columns: {
        appid: varchar(32),
        originalId: varcharOrNull(32),
        refreshTokenSealed: text,
        funcScopes: text,
        state: varchar(24),
        generation: whole,
        authorisedAt: instant,
        lostAt: instantOrNull,
        lostReason: varcharOrNull(64),
      },
      key: ['appid'],
    });
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, ['authorisations']);
  }
}
