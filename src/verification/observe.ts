import { Account, type EntryChange, type Observation, VerificationEntry } from '../../entities/account.ts';
import { type VerificationSource, verificationStates, type VerificationState } from '../contracts/accounts.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';
import { derive } from './derive.ts';
import { type Folded, partOf, saidParts, type Standing, standingOf } from './standing.ts';
import { wordsOf } from './words.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** Something of an account's verification is not as it was: what depends on it follows. */
    'verification.changed': VerificationChanged;
  }
}

export interface VerificationChanged {
  accountId: string;
  entryId: string;
  from: VerificationState;
  to: VerificationState;
  source: VerificationSource;
}

/** Something that a source says. */
export type Word = Pick<VerificationEntry, 'source' | 'said' | 'happenedAt' | 'mark'> &
  Partial<Pick<VerificationEntry, 'event' | 'note' | 'proofId' | 'enteredBy' | 'state'>> & {
    /** The payload as it came. */
    raw?: string;
  };

export const lockAccount = ({ db }: Transaction, accountId: string): Promise<Account> =>
  db.findOneOrFail(Account, { where: { id: accountId }, ...locked<Account>(db) });

/**
 * Writes down what was said of an account and what follows from it. The same thing is written down once.
 * @returns the entry; null when it was known
 */
export async function observe(work: Transaction, accountId: string, word: Word): Promise<VerificationEntry | null> {
  const account = await lockAccount(work, accountId);
  if (await work.db.existsBy(VerificationEntry, { accountId, mark: word.mark })) return null;
  const before = await foldOf(work, account);
  const { raw, ...rest } = word;
  const id = newId();
  const entry = Object.assign(new VerificationEntry(), {
    ...rest,
    id,
    accountId,
    recordedAt: work.now(),
    rawSealed: raw === undefined ? null : work.vault.seal(raw, rawPlace(id)),
  });
  await work.db.insert(VerificationEntry, entry as never);
  await follow(work, account, { entry, before });
  return entry;
}

export const rawPlace = (entryId: string) => `verification-entry:${entryId}:raw`;

/** Puts the account where the entries put it, notes on the entry what changed, and announces it. */
export async function follow(
  work: Transaction,
  account: Account,
  { entry, before }: { entry: VerificationEntry; before: Folded },
): Promise<void> {
  const after = await foldOf(work, account);
  const from = account.state;
  Object.assign(account, derive(after.standing, work.now()), {
    subject: after.standing.subject?.value ?? account.subject,
    kind: after.standing.kind?.value ?? account.kind,
    name: after.standing.name?.value.slice(0, 64) ?? account.name,
  });
  await work.db.save(Account, account);
  entry.changes = changesBetween(before.standing, after.standing, { from, to: account.state });
  await work.db.update(VerificationEntry, { id: entry.id }, { changes: entry.changes as never });
  // A second refusal changes no part, and is news all the same.
  const isRefusedAnew = after.standing.failure && +after.standing.failure.at !== +(before.standing.failure?.at ?? 0);
  if (entry.changes.length === 0 && !isRefusedAnew) return;
  const { id: entryId, source } = entry;
  await enqueue(work, 'verification.changed', { accountId: account.id, entryId, from, to: account.state, source });
}

/** All that counts of an account, folded. */
export async function foldOf(
  { db, now }: Pick<Transaction, 'db' | 'now'>,
  account: Pick<Account, 'id' | 'answeredAt'>,
): Promise<Folded> {
  const where = { accountId: account.id, state: 'counted' as const };
  return foldEntries(await db.find(VerificationEntry, { where, order: { id: 'ASC' } }), account, now());
}

/** WeChat's last answer that was new has been said again when WeChat last answered. @param entries oldest first */
export function foldEntries(
  entries: readonly VerificationEntry[],
  { answeredAt }: Pick<Account, 'answeredAt'>,
  now: Date,
): Folded {
  const last = entries.findLast(({ source }) => source === 'query');
  const isSaidAgain = answeredAt !== null && last !== undefined && answeredAt > last.happenedAt;
  return standingOf(isSaidAgain ? [...entries, { ...last, happenedAt: answeredAt }] : entries, now);
}

function changesBetween(
  before: Standing,
  after: Standing,
  { from, to }: { from: VerificationState; to: VerificationState },
): EntryChange[] {
  const parts = saidParts.map(partOf).flatMap((part): EntryChange[] => {
    const [old, now] = [before[part as keyof Standing], after[part as keyof Standing]] as (
      { value: unknown } | undefined
    )[];
    const words = { before: old ? wordsOf(part, old.value) : null, after: wordsOf(part, now?.value) };
    // What was taken back is known no more.
    return (old || now) && words.before !== words.after ? [{ part, ...words }] : [];
  });
  const states: EntryChange[] =
    from === to ? [] : [{ part: 'state', before: verificationStates[from], after: verificationStates[to] }];
  return [...states, ...parts];
}

/** Two observations say the same. */
export const saysTheSame = (one: Observation, other: Observation): boolean =>
  saidParts.every((name) => (one[name] ?? null) === (other[name] ?? null));
