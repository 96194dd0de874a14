import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  createTable,
  dropColumns,
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
  refund_proposals: {
    columns: {
      id: uuid,
      orderId: uuid,
      amountFen: whole,
      ruleFen: whole,
      reason: varchar(80),
      changeReason: varcharOrNull(200),
      state: varchar(24),
      proposedBy: uuidOrNull,
      createdAt: instant,
      decidedBy: uuidOrNull,
      decidedAt: instantOrNull,
      note: varcharOrNull(200),
    },
    index: [['orderId'], ['state', 'id']],
  },
  refunds: {
    columns: {
      id: uuid,
      number: varchar(64),
      proposalId: uuidOrNull,
      orderId: uuidOrNull,
      paymentId: uuidOrNull,
      disputedId: uuidOrNull,
      transactionId: varchar(64),
      totalFen: whole,
      amountFen: whole,
      governmentFen: whole,
      reason: varchar(80),
      state: varchar(24),
      failure: varcharOrNull(64),
      refundId: varcharOrNull(64),
      receivedBy: varcharOrNull(64),
      createdAt: instant,
      acceptedAt: instantOrNull,
      endedAt: instantOrNull,
    },
    unique: [['number']],
    index: [['orderId'], ['paymentId'], ['proposalId'], ['disputedId'], ['state', 'id']],
  },
};

const ofDisputes: TableSql = {
  columns: { decision: varcharOrNull(24), decidedBy: uuidOrNull, decidedAt: instantOrNull, note: varcharOrNull(200) },
};

/** Money that goes back. */
export class Refunds1764050400000 implements MigrationInterface {
  readonly name = 'Refunds1764050400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
    await addColumns(runner, 'disputed_money', ofDisputes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'disputed_money', ofDisputes);
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
