import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  dropTables,
  instant,
  instantOrNull,
  type TableSql,
  textOrNull,
  uuid,
  uuidOrNull,
  varchar,
  varcharOrNull,
  whole,
} from './tables.ts';

const title = {
  titleKind: varchar(24),
  titleName: varchar(100),
  taxNumber: varcharOrNull(20),
  address: varcharOrNull(100),
  phoneSealed: textOrNull,
  bankName: varcharOrNull(60),
  bankAccountSealed: textOrNull,
};

const tables: Record<string, TableSql> = {
  invoice_titles: {
    columns: { id: uuid, customerId: uuid, ...title, defaultAt: instantOrNull, createdAt: instant },
    index: [['customerId']],
  },
  invoices: {
    columns: {
      id: uuid,
      customerId: uuid,
      state: varchar(24),
      kind: varchar(24),
      ...title,
      note: varcharOrNull(400),
      number: varcharOrNull(20),
      code: varcharOrNull(12),
      issuedDay: varcharOrNull(10),
      refusedReason: varcharOrNull(200),
      changedWhy: varcharOrNull(400),
      fileId: uuidOrNull,
      redWantedSince: instantOrNull,
      decidedBy: uuidOrNull,
      decidedAt: instantOrNull,
      createdAt: instant,
    },
    index: [['customerId', 'id'], ['state', 'id'], ['createdAt'], ['redWantedSince']],
  },
  invoice_lines: {
    columns: {
      id: uuid,
      invoiceId: uuid,
      orderId: uuid,
      position: whole,
      amountFen: whole,
      redFen: whole,
      redWantedFen: whole,
    },
    unique: [['invoiceId', 'position']],
    index: [['orderId']],
  },
  invoice_red_letters: {
    columns: {
      id: uuid,
      invoiceId: uuid,
      number: varchar(20),
      code: varcharOrNull(12),
      issuedDay: varchar(10),
      amountFen: whole,
      fileId: uuidOrNull,
      writtenBy: uuidOrNull,
      createdAt: instant,
    },
    index: [['invoiceId']],
  },
  invoice_numbers: {
    columns: { number: varchar(33), invoiceId: uuid },
    key: ['number'],
  },
};

/** Titles, invoices and red letters. */
export class Invoices1764068400000 implements MigrationInterface {
  readonly name = 'Invoices1764068400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
