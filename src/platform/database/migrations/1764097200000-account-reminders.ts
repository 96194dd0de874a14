import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, instant, type TableSql, uuid, varchar, whole } from './tables.ts';

const tables: Record<string, TableSql> = {
  account_contacts: {
    columns: { id: uuid, accountId: uuid, customerId: uuid, createdAt: instant },
    unique: [['accountId', 'customerId']],
    index: [['customerId']],
  },
  verification_reminders: {
    columns: { id: uuid, accountId: uuid, endDay: varchar(10), days: whole, remindedAt: instant },
    unique: [['accountId', 'endDay', 'days']],
  },
};

/** Who is told of an account, and which reminders went out. */
export class AccountReminders1764097200000 implements MigrationInterface {
  readonly name = 'AccountReminders1764097200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
