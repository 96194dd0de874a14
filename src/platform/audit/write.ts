import type { EntityManager } from 'typeorm';
import { AuditEntry, AuditHead } from '../../../entities/audit-entry.ts';
import type { AuditDeed } from '../../contracts/staff.ts';
import type { Actor } from '../actor.ts';
import type { Vault } from '../crypto.ts';
import { insertAll, locked } from '../database/index.ts';
import { BEGINNING, hashOf, sealOf } from './chain.ts';

/** What is said of a deed. Nothing personal: names of what changed and codes, never a phone number or an openid. */
export interface Audited {
  deed: AuditDeed;
  subject: { kind: string; id: string };
  before?: Record<string, unknown> | undefined;
  after?: Record<string, unknown> | undefined;
}

export interface AuditContext {
  actor: Actor;
  vault: Vault;
  now: () => Date;
}

/** Appends to the chain. The last thing that a transaction does: everybody else who writes waits for its end. */
export async function writeAudit(
  db: EntityManager,
  { actor, vault, now }: AuditContext,
  deeds: readonly Audited[],
): Promise<void> {
  const head = await takeHead(db, vault);
  const entries: AuditEntry[] = [];
  for (const { deed, subject, before, after } of deeds) {
    const entry = Object.assign(new AuditEntry(), {
      number: head.number + 1,
      at: now(),
      actorKind: actor.kind,
      actorId: 'id' in actor ? actor.id : null,
      apiKeyId: actor.kind === 'staff' ? (actor.apiKey?.id ?? null) : null,
      deed,
      subjectKind: subject.kind,
      subjectId: subject.id,
      before: before ? JSON.stringify(before) : null,
      after: after ? JSON.stringify(after) : null,
      requestId: 'requestId' in actor ? (actor.requestId ?? null) : null,
      previousHash: head.hash,
    });
    entry.hash = hashOf(vault, entry);
    entries.push(entry);
    Object.assign(head, { number: entry.number, hash: entry.hash });
  }
  await insertAll(db, AuditEntry, entries);
  await db.update(AuditHead, { name: 'audit' }, { number: head.number, hash: head.hash, seal: sealOf(vault, head) });
}

async function takeHead(db: EntityManager, vault: Vault): Promise<AuditHead> {
  const find = () => db.findOne(AuditHead, { where: { name: 'audit' }, ...locked<AuditHead>(db) });
  const known = await find();
  if (known) return known;
  const first = { name: 'audit', number: 0, hash: BEGINNING } as const;
  await insertAll(db, AuditHead, [{ ...first, seal: sealOf(vault, first) }], { ifNew: true });
  return (await find())!;
}
