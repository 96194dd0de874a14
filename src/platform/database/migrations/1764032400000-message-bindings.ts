import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, instantOrNull, text, textOrNull, uuid, varchar, varcharOrNull } from './tables.ts';

/** Which template of WeChat's serves which message. */
export class MessageBindings1764032400000 implements MigrationInterface {
  readonly name = 'MessageBindings1764032400000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'message_bindings', {
      columns: {
        id: uuid,
        message: varchar(64),
        appKind: varchar(24),
        templateId: varchar(64),
        boundBy: varchar(16),
        content: textOrNull,
        faults: text,
        checkedAt: instantOrNull,
        stoppedAt: instantOrNull,
        stopReason: varcharOrNull(64),
      },
      unique: [['message', 'appKind']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, ['message_bindings']);
  }
}
