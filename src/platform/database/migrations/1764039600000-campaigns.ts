import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  createTable,
  dropColumns,
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
} from './tables.ts';

const tables: Record<string, TableSql> = {
  campaigns: {
    columns: {
      id: uuid,
      name: varchar(64),
      message: varchar(64),
      event: varchar(128),
      facts: text,
      audience: text,
      scope: text,
      link: varcharOrNull(512),
      state: varchar(24),
      stateReason: varcharOrNull(64),
      startAt: instantOrNull,
      endAt: instantOrNull,
      wakeAt: instantOrNull,
      rehearsal: textOrNull,
      createdBy: uuid,
      createdAt: instant,
      releasedBy: uuidOrNull,
      releasedAt: instantOrNull,
      preparedUntil: uuidOrNull,
      people: whole,
      startedAt: instantOrNull,
      endedAt: instantOrNull,
    },
    index: [['state', 'wakeAt']],
  },
  send_meters: {
    columns: {
      appKind: varchar(24),
      milliTokens: whole,
      refilledAt: instant,
      day: varchar(10),
      usedToday: whole,
      exhaustedUntil: instantOrNull,
    },
    key: ['appKind'],
  },
};

const ofDeliveries: TableSql = {
  columns: { campaignId: uuidOrNull, sentBy: uuidOrNull, retryAt: instantOrNull, link: varcharOrNull(512) },
  index: [['campaignId', 'state', 'id']],
};

/** Messages to many, and what each app may send. */
export class Campaigns1764039600000 implements MigrationInterface {
  readonly name = 'Campaigns1764039600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
    await addColumns(runner, 'message_deliveries', ofDeliveries);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'message_deliveries', ofDeliveries);
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
