import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  dropTables,
  instant,
  instantOrNull,
  type TableSql,
  text,
  textOrNull,
  uuid,
  uuidOrNull,
  varchar,
  varcharOrNull,
} from './tables.ts';

const tables: Record<string, TableSql> = {
  accounts: {
    columns: {
      id: uuid,
      kind: varchar(16),
      appid: varcharOrNull(32),
      name: varchar(64),
      subject: varcharOrNull(128),
      customerId: uuidOrNull,
      consultantId: uuidOrNull,
      state: varchar(24),
      rights: varchar(16),
      tick: varchar(8),
      expiresAt: instantOrNull,
      reviewFrom: instantOrNull,
      nextTurnAt: instantOrNull,
      nextAskAt: instantOrNull,
      askedAt: instantOrNull,
      answeredAt: instantOrNull,
      askFailure: varcharOrNull(24),
      createdAt: instant,
    },
    unique: [['appid']],
    index: [['customerId'], ['state', 'id'], ['expiresAt', 'id'], ['nextAskAt'], ['nextTurnAt']],
  },
  verification_entries: {
    columns: {
      id: uuid,
      accountId: uuid,
      mark: varchar(96),
      source: varchar(16),
      event: varcharOrNull(64),
      said: text,
      changes: text,
      state: varchar(24),
      happenedAt: instant,
      recordedAt: instant,
      rawSealed: textOrNull,
      note: varcharOrNull(300),
      proofId: uuidOrNull,
      enteredBy: uuidOrNull,
      decidedBy: uuidOrNull,
      decidedAt: instantOrNull,
      decisionNote: varcharOrNull(300),
    },
    unique: [['accountId', 'mark']],
    index: [
      ['accountId', 'id'],
      ['state', 'id'],
    ],
  },
};

/** Accounts, and what is known of their verification. */
export class Accounts1764082800000 implements MigrationInterface {
  readonly name = 'Accounts1764082800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
