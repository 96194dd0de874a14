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

const reroutings: TableSql = {
  columns: {
    id: uuid,
    refundId: uuid,
    bank: varchar(16),
    cardTail: varchar(8),
    holderMasked: varchar(64),
    cardSealed: varcharOrNull(255),
    holderSealed: varcharOrNull(255),
    note: varchar(200),
    state: varchar(24),
    failure: varcharOrNull(64),
    proposedBy: uuid,
    createdAt: instant,
    decidedBy: uuidOrNull,
    decidedAt: instantOrNull,
    decisionNote: varcharOrNull(200),
  },
  index: [['refundId'], ['state', 'id']],
};

/** Abnormal refunds go to another card. */
export class RefundReroutings1764079200000 implements MigrationInterface {
  readonly name = 'RefundReroutings1764079200000';

  up(runner: QueryRunner): Promise<void> {
    return createTable(runner, 'refund_reroutings', reroutings);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, ['refund_reroutings']);
  }
}
