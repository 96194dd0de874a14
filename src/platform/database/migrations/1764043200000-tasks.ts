import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  createTable,
  dropColumns,
  dropTables,
  instant,
  instantOrNull,
  type TableSql,
  textOrNull,
  uuid,
  uuidOrNull,
  varchar,
  varcharOrNull,
} from './tables.ts';

const tasks: TableSql = {
  columns: {
    id: uuid,
    kind: varchar(24),
    about: varchar(96),
    title: varchar(64),
    note: varcharOrNull(400),
    place: varcharOrNull(64),
    state: varchar(24),
    ownerId: uuidOrNull,
    teamId: uuidOrNull,
    customerId: uuidOrNull,
    orderNumber: varcharOrNull(32),
    campaignId: uuidOrNull,
    deliveryId: uuidOrNull,
    dueAt: instant,
    outcome: varcharOrNull(24),
    outcomeNote: varcharOrNull(400),
    followsId: uuidOrNull,
    toldAt: instantOrNull,
    createdBy: uuidOrNull,
    createdAt: instant,
    endedBy: uuidOrNull,
    endedAt: instantOrNull,
  },
  unique: [['about']],
  index: [['state', 'dueAt', 'id'], ['ownerId', 'state'], ['customerId'], ['campaignId']],
};

const ofDeliveries: TableSql = { columns: { decision: varcharOrNull(24) } };
const ofCampaigns: TableSql = { columns: { calls: textOrNull } };

/** What staff have to do, and calls in the place of messages. */
export class Tasks1764043200000 implements MigrationInterface {
  readonly name = 'Tasks1764043200000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tasks', tasks);
    await addColumns(runner, 'message_deliveries', ofDeliveries);
    await addColumns(runner, 'campaigns', ofCampaigns);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'campaigns', ofCampaigns);
    await dropColumns(runner, 'message_deliveries', ofDeliveries);
    await dropTables(runner, ['tasks']);
  }
}
