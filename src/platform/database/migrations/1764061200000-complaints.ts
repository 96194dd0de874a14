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
  whole,
  wholeOrNull,
} from './tables.ts';

const tables: Record<string, TableSql> = {
  complaints: {
    columns: {
      id: uuid,
      complaintId: varchar(64),
      state: varchar(24),
      problem: varchar(24),
      title: varchar(256),
      content: text,
      transactionId: varcharOrNull(64),
      paymentNumber: varcharOrNull(64),
      orderId: uuidOrNull,
      amountFen: wholeOrNull,
      askedFen: wholeOrNull,
      times: whole,
      phoneSealed: textOrNull,
      mediaIds: text,
      complainedAt: instant,
      raisedAt: instant,
      waitingSince: instantOrNull,
      fullyRefundedAt: instantOrNull,
      answeredAt: instantOrNull,
      completedAt: instantOrNull,
      dueAt: instantOrNull,
      round: whole,
      proposalId: uuidOrNull,
      readAt: instant,
      createdAt: instant,
    },
    unique: [['complaintId']],
    index: [['orderId'], ['state', 'id'], ['dueAt']],
  },
  complaint_entries: {
    columns: {
      id: uuid,
      complaintId: uuid,
      logId: varchar(64),
      kind: varchar(24),
      operator: varchar(64),
      content: text,
      mediaIds: text,
      at: instant,
    },
    unique: [['complaintId', 'logId']],
  },
  complaint_images: {
    columns: {
      id: uuid,
      complaintId: uuid,
      mediaId: varchar(512),
      sha256: varchar(64),
      uploadedBy: uuid,
      createdAt: instant,
    },
    index: [['complaintId']],
  },
  complaint_deeds: {
    columns: {
      id: uuid,
      complaintId: uuid,
      kind: varchar(24),
      content: textOrNull,
      mediaIds: text,
      withinDays: wholeOrNull,
      state: varchar(24),
      failure: varcharOrNull(64),
      logId: varcharOrNull(64),
      createdBy: uuid,
      createdAt: instant,
      endedAt: instantOrNull,
    },
    index: [
      ['complaintId', 'id'],
      ['state', 'id'],
    ],
  },
};

/** What payers complain of at WeChat Pay, and what is done about it. */
export class Complaints1764061200000 implements MigrationInterface {
  readonly name = 'Complaints1764061200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
