import { type EntityManager, MoreThan } from 'typeorm';
import { AuditEntry, AuditHead } from '../../../entities/audit-entry.ts';
import { type Vault, isSame } from '../crypto.ts';
import { BEGINNING, hashOf, sealOf } from './chain.ts';

const AT_ONCE = 2000;
/** So many faults are named; the rest is counted. */
const NAMED = 20;

export interface AuditVerdict {
  entries: number;
  lastHash: string;
  /** English sentences, the first ones. */
  faults: string[];
  faultCount: number;
}

/** Reads the whole trail and finds what was altered, taken away, put in or cut off. */
export async function verifyAudit(db: EntityManager, vault: Vault): Promise<AuditVerdict> {
  const verdict: AuditVerdict = { entries: 0, lastHash: BEGINNING, faults: [], faultCount: 0 };
  const blame = (fault: string) => {
    verdict.faultCount += 1;
    if (verdict.faults.length < NAMED) verdict.faults.push(fault);
  };
  // Read first: entries that are written meanwhile are not missing.
  const head = await db.findOneBy(AuditHead, { name: 'audit' });
  let last = 0;
  for (;;) {
    const entries = await db.find(AuditEntry, {
      where: { number: MoreThan(last) },
      order: { number: 'ASC' },
      take: AT_ONCE,
    });
    for (const entry of entries) {
      if (entry.number !== last + 1) blame(missing(last + 1, entry.number - 1));
      else if (!isSame(entry.previousHash, verdict.lastHash))
        blame(`entry ${entry.number} does not follow entry ${last}`);
      if (!isSame(entry.hash, hashOf(vault, entry))) blame(`entry ${entry.number} was altered`);
      last = entry.number;
      verdict.lastHash = entry.hash;
      verdict.entries += 1;
    }
    if (entries.length < AT_ONCE) break;
  }
  blameHead(head, last, vault, blame);
  return verdict;
}

function blameHead(head: AuditHead | null, last: number, vault: Vault, blame: (fault: string) => void): void {
  if (!head) {
    if (last > 0) blame('the record of where the trail ends is missing');
    return;
  }
  if (!isSame(head.seal, sealOf(vault, head))) blame('the record of where the trail ends was altered');
  else if (head.number > last) blame(missing(last + 1, head.number));
}

const missing = (from: number, to: number): string =>
  from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
