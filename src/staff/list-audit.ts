import { type FindOptionsWhere, In, LessThan } from 'typeorm';
import { ApiKey } from '../../entities/api-key.ts';
import { AuditEntry } from '../../entities/audit-entry.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type { AuditDeed } from '../contracts/staff.ts';
import type { Work } from '../platform/work.ts';

export interface AuditQuery {
  after?: number | undefined;
  limit: number;
  deed?: AuditDeed | undefined;
  /** User name of a member of staff. */
  actor?: string | undefined;
  subjectKind?: string | undefined;
  subjectId?: string | undefined;
}

export interface ToldEntry {
  entry: AuditEntry;
  actorName: string | null;
  apiKeyName: string | null;
}

/** The trail, newest first, one row more than the page holds. */
export async function listAudit(
  work: Work,
  { after, limit, deed, actor, ...subject }: AuditQuery,
): Promise<ToldEntry[]> {
  const where: FindOptionsWhere<AuditEntry> = {};
  if (after) where.number = LessThan(after);
  if (deed) where.deed = deed;
  if (subject.subjectKind) where.subjectKind = subject.subjectKind;
  if (subject.subjectId) where.subjectId = subject.subjectId;
  if (actor) {
    const member = await work.db.findOneBy(StaffMember, { username: actor });
    if (!member) return [];
    where.actorId = member.id;
  }
  const entries = await work.db.find(AuditEntry, { where, order: { number: 'DESC' }, take: limit + 1 });
  return withNames(work, entries);
}

async function withNames({ db }: Work, entries: readonly AuditEntry[]): Promise<ToldEntry[]> {
  const ids = (of: (entry: AuditEntry) => string | null) =>
    In([...new Set(entries.map(of).filter((id) => id !== null))]);
  const members = await db.findBy(StaffMember, { id: ids(({ actorId }) => actorId) });
  const keys = await db.findBy(ApiKey, { id: ids(({ apiKeyId }) => apiKeyId) });
  const nameOf = new Map([...members, ...keys].map(({ id, name }) => [id, name]));
  return entries.map((entry) => ({
    entry,
    actorName: nameOf.get(entry.actorId ?? '') ?? null,
    apiKeyName: nameOf.get(entry.apiKeyId ?? '') ?? null,
  }));
}
