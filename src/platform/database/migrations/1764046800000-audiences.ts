import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  createTable,
  dropColumns,
  dropTables,
  instant,
  type TableSql,
  text,
  textOrNull,
  uuid,
  uuidOrNull,
  varchar,
  whole,
} from './tables.ts';

const tables: Record<string, TableSql> = {
  segments: {
    columns: { id: uuid, name: varchar(64), query: text, createdBy: uuid, createdAt: instant, changedAt: instant },
    unique: [['name']],
  },
  audience_lists: {
    columns: {
      id: uuid,
      name: varchar(64),
      message: varchar(64),
      sha256: varchar(64),
      state: varchar(24),
      facts: text,
      kept: whole,
      faulty: whole,
      createdBy: uuid,
      createdAt: instant,
    },
  },
  audience_list_people: {
    columns: { id: uuid, listId: uuid, customerId: uuid, line: whole, orderId: uuidOrNull, facts: text },
    unique: [['listId', 'customerId']],
    index: [['customerId']],
  },
  audience_list_faults: {
    columns: { id: uuid, listId: uuid, line: whole, words: varchar(255) },
    unique: [['listId', 'line']],
  },
};

const ofCampaigns: TableSql = { columns: { query: textOrNull } };

/** Saved segments and uploaded lists. */
export class Audiences1764046800000 implements MigrationInterface {
  readonly name = 'Audiences1764046800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
    await addColumns(runner, 'campaigns', ofCampaigns);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'campaigns', ofCampaigns);
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
