import type { AuditEntry, AuditHead } from '../../../entities/audit-entry.ts';
import type { Vault } from '../crypto.ts';

/** What the first entry follows. */
export const BEGINNING = '0'.repeat(64);

/** Keyed hash over everything that an entry says, its place in the chain included. */
export const hashOf = (vault: Vault, entry: Omit<AuditEntry, 'hash'>): string =>
  vault.fingerprint(
    JSON.stringify([
      entry.number,
      entry.at.toISOString(),
      entry.actorKind,
      entry.actorId,
      entry.apiKeyId,
      entry.deed,
      entry.subjectKind,
      entry.subjectId,
      entry.before,
      entry.after,
      entry.requestId,
      entry.previousHash,
    ]),
    'audit entry',
  );

export const sealOf = (vault: Vault, { number, hash }: Pick<AuditHead, 'number' | 'hash'>): string =>
  vault.fingerprint(`${number} ${hash}`, 'audit head');
