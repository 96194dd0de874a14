import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  dropTables,
  instant,
  instantOrNull,
  type TableSql,
  text,
  uuid,
  uuidOrNull,
  varchar,
  varcharOrNull,
  whole,
} from './tables.ts';

const big = 'bigint NOT NULL';
const bigOrNull = 'bigint NULL';
const day = varchar(10);

const tables: Record<string, TableSql> = {
  kept_files: {
    columns: {
      id: uuid,
      name: varchar(100),
      contentType: varchar(100),
      bytes: whole,
      sha256: varchar(64),
      keptAt: instant,
    },
  },
  kept_file_pieces: {
    columns: { fileId: uuid, position: whole, bytes: 'blob NOT NULL' },
    key: ['fileId', 'position'],
  },
  bills: {
    columns: {
      id: uuid,
      mchid: varchar(32),
      kind: varchar(16),
      day,
      version: whole,
      source: varchar(16),
      state: varchar(24),
      reason: varcharOrNull(64),
      sha1: varchar(40),
      bytes: big,
      totals: text,
      fileId: uuid,
      keptAt: instant,
      keptBy: uuidOrNull,
    },
    unique: [['mchid', 'kind', 'day', 'version']],
    index: [['day']],
  },
  reconciliation_days: {
    columns: {
      id: uuid,
      day,
      state: varchar(24),
      trade: varchar(24),
      fundFlow: varchar(24),
      failure: varcharOrNull(24),
      nextTryAt: instantOrNull,
      version: whole,
      matchedAt: instantOrNull,
    },
    unique: [['day']],
    index: [['state', 'day']],
  },
  reconciliation_runs: {
    columns: {
      id: uuid,
      day,
      version: whole,
      tradeBillId: uuidOrNull,
      fundBillId: uuidOrNull,
      startedAt: instant,
      endedAt: instant,
      startedBy: uuidOrNull,
      totals: text,
      found: whole,
      appeared: whole,
      gone: whole,
    },
    unique: [['day', 'version']],
  },
  differences: {
    columns: {
      id: uuid,
      identity: varchar(160),
      day,
      kind: varchar(16),
      cause: varchar(24),
      subject: varchar(16),
      reference: varchar(64),
      transactionId: varcharOrNull(64),
      number: varcharOrNull(64),
      orderId: uuidOrNull,
      booksFen: bigOrNull,
      tradeFen: bigOrNull,
      fundsFen: bigOrNull,
      count: whole,
      adjustFen: big,
      note: varcharOrNull(200),
      happenedAt: instant,
      state: varchar(24),
      closing: varcharOrNull(16),
      resolution: varcharOrNull(16),
      account: varcharOrNull(32),
      proposalNote: varcharOrNull(200),
      attachmentId: uuidOrNull,
      proposedBy: uuidOrNull,
      proposedAt: instantOrNull,
      decidedBy: uuidOrNull,
      decidedAt: instantOrNull,
      decisionNote: varcharOrNull(200),
      foundAt: instant,
    },
    unique: [['identity']],
    index: [['day'], ['state', 'id'], ['reference']],
  },
  period_events: {
    columns: {
      id: uuid,
      deed: varchar(24),
      period: varchar(10),
      by: uuid,
      at: instant,
      note: varcharOrNull(200),
      answers: uuidOrNull,
    },
    index: [['period', 'id']],
  },
};

/** Bills as evidence, comparisons, differences, periods. */
export class Reconciliation1764057600000 implements MigrationInterface {
  readonly name = 'Reconciliation1764057600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
