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
} from './tables.ts';

const tables: Record<string, TableSql> = {
  teams: { columns: { id: uuid, name: varchar(64), createdAt: instant }, unique: [['name']] },
  staff_members: {
    columns: {
      id: uuid,
      username: varchar(32),
      name: varchar(64),
      roles: text,
      teamId: uuidOrNull,
      state: varchar(24),
      passwordHash: varcharOrNull(255),
      totpSecretSealed: textOrNull,
      totpStep: whole,
      invitationHash: varcharOrNull(64),
      invitationEndsAt: instantOrNull,
      attempts: whole,
      lockedUntil: instantOrNull,
      signedInAt: instantOrNull,
      createdAt: instant,
    },
    unique: [['username'], ['invitationHash']],
  },
  staff_sessions: {
    columns: {
      id: uuid,
      tokenHash: varchar(64),
      memberId: uuid,
      createdAt: instant,
      lastSeenAt: instant,
      expiresAt: instant,
      endsAt: instant,
      revokedAt: instantOrNull,
    },
    unique: [['tokenHash']],
    index: [['memberId'], ['endsAt']],
  },
  api_keys: {
    columns: {
      id: uuid,
      name: varchar(64),
      prefix: varchar(16),
      keyHash: varchar(64),
      memberId: uuid,
      permissions: text,
      createdAt: instant,
      expiresAt: instant,
      revokedAt: instantOrNull,
      lastUsedAt: instantOrNull,
    },
    unique: [['keyHash']],
    index: [['memberId']],
  },
  audit_entries: {
    columns: {
      number: whole,
      at: instant,
      actorKind: varchar(16),
      actorId: uuidOrNull,
      apiKeyId: uuidOrNull,
      deed: varchar(64),
      subjectKind: varchar(32),
      subjectId: varchar(64),
      before: textOrNull,
      after: textOrNull,
      requestId: varcharOrNull(64),
      previousHash: varchar(64),
      hash: varchar(64),
    },
    key: ['number'],
    index: [['subjectKind', 'subjectId'], ['actorId']],
  },
  audit_heads: {
    columns: { name: varchar(16), number: whole, hash: varchar(64), seal: varchar(64) },
    key: ['name'],
  },
};

/** Who works here, what they may do, and what they did. */
export class StaffAndAudit1764028800000 implements MigrationInterface {
  readonly name = 'StaffAndAudit1764028800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, Object.keys(tables).reverse());
  }
}
