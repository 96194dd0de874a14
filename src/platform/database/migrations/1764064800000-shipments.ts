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

const tables: Record<string, TableSql> = {
  shipments: {
    columns: {
      id: uuid,
      paymentId: uuid,
      orderId: uuid,
      transactionId: varchar(64),
      state: varchar(24),
      failure: varcharOrNull(64),
      kind: varchar(24),
      item: varchar(120),
      paidAt: instant,
      deadlineAt: instant,
      remindedAt: instantOrNull,
      deliveredAt: instantOrNull,
      uploadedAt: instantOrNull,
      claimedUntil: instantOrNull,
      lookedAt: instantOrNull,
      estimatedSettlementAt: instantOrNull,
      confirmedAt: instantOrNull,
      settledAt: instantOrNull,
      correctionItem: varcharOrNull(120),
      correctionKind: varcharOrNull(24),
      correctionReason: varcharOrNull(200),
      correctedBy: uuidOrNull,
      correctionAskedAt: instantOrNull,
      correctedAt: instantOrNull,
      createdAt: instant,
    },
    unique: [['paymentId']],
    index: [['transactionId'], ['orderId'], ['state', 'deadlineAt'], ['state', 'id']],
  },
  trade_managements: {
    columns: {
      id: uuid,
      managed: varchar(24),
      confirmed: varchar(24),
      askedAt: instant,
      saidAt: instantOrNull,
      failure: varcharOrNull(64),
    },
  },
};

/** What WeChat is told of deliveries. */
export class Shipments1764064800000 implements MigrationInterface {
  readonly name = 'Shipments1764064800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
