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

const table: TableSql = {
  columns: {
    id: uuid,
    orderId: uuid,
    amountFen: whole,
    paidOn: varchar(10),
    authority: varchar(64),
    receiptNumber: varchar(64),
    attachmentId: uuidOrNull,
    recordedBy: uuid,
    recordedAt: instant,
    withdrawnOn: varcharOrNull(10),
    withdrawnReason: varcharOrNull(100),
    withdrawnBy: uuidOrNull,
    withdrawnAt: instantOrNull,
  },
  index: [['orderId', 'id']],
};

/** Collected fees that were handed over to an authority. */
export class GovernmentPayments1764072000000 implements MigrationInterface {
  readonly name = 'GovernmentPayments1764072000000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'government_payments', table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, ['government_payments']);
  }
}
