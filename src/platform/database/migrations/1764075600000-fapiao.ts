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
  whole,
} from './tables.ts';

const tables: Record<string, TableSql> = {
  invoice_fapiao: {
    columns: {
      id: uuid,
      invoiceId: uuid,
      transactionId: varchar(64),
      amountFen: whole,
      state: varchar(24),
      appliedBy: uuid,
      reversals: whole,
      reversedBy: uuidOrNull,
      reverseSentAt: instantOrNull,
      failure: varcharOrNull(200),
      inCardPackAt: instantOrNull,
      changedAt: instant,
      createdAt: instant,
    },
    index: [['invoiceId'], ['transactionId'], ['state', 'changedAt']],
  },
};

/** Invoices that WeChat is asked to issue. */
export class Fapiao1764075600000 implements MigrationInterface {
  readonly name = 'Fapiao1764075600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, Object.keys(tables));
  }
}
