import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, createTable, dropColumns, dropTables, instant, uuid, uuidOrNull, varchar } from './tables.ts';

/** Which team looks after a customer, and the words that staff put on them. */
export class CustomersForStaff1764036000000 implements MigrationInterface {
  readonly name = 'CustomersForStaff1764036000000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'customer_tags', {
      columns: { id: uuid, customerId: uuid, tag: varchar(32), createdAt: instant },
      unique: [['customerId', 'tag']],
      index: [['tag', 'customerId']],
    });
    await addColumns(runner, 'customers', { columns: { teamId: uuidOrNull }, index: [['teamId']] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'customers', { columns: { teamId: uuidOrNull }, index: [['teamId']] });
    await dropTables(runner, ['customer_tags']);
  }
}
