import { LedgerLine, LedgerPosting } from '../../entities/ledger.ts';
import type { LedgerAccount, PostingKind } from '../contracts/ledger.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import { insertAll } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction } from '../platform/work.ts';
import { holdClosedThrough } from './marks.ts';

/** One business event in the books. */
export interface Entry {
  kind: PostingKind;
  /** Makes the event unique among its kind: booked twice, it is refused by the database. */
  reference: string;
  orderId: string | null;
  happenedAt: Date;
  /** Positive is debit, negative is credit, fen; must sum to zero. */
  lines: readonly { account: LedgerAccount; amountFen: number }[];
}

/**
 * Writes entries into the books. Nothing is ever changed or removed there. An event of a day that was closed stands in the
 * books of today and names its own day.
 * @throws {Error} when an entry does not sum to zero in whole fen: nothing is written
 */
export async function post(work: Transaction, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  for (const entry of entries) assertBalanced(entry);
  const closedThrough = await holdClosedThrough(work);
  const postedAt = work.now();
  const postings = entries.map(({ lines: _, ...entry }) => {
    const eventDay = shanghaiDay(entry.happenedAt);
    const day = eventDay > closedThrough ? eventDay : shanghaiDay(postedAt);
    return { id: newId(), ...entry, day, eventDay, postedAt };
  });
  const lines = entries.flatMap((entry, at) =>
    entry.lines
      .filter(({ amountFen }) => amountFen !== 0)
      .map((line, position) => ({ id: newId(), postingId: postings[at]!.id, position: position + 1, ...line })),
  );
  await insertAll(work.db, LedgerPosting, postings);
  await insertAll(work.db, LedgerLine, lines);
}

function assertBalanced({ kind, lines }: Entry): void {
  const sum = lines.reduce((total, { amountFen }) => total + amountFen, 0);
  if (sum !== 0 || !lines.every(({ amountFen }) => Number.isSafeInteger(amountFen)))
    throw new Error(`a ${kind} posting does not sum to zero`);
}
