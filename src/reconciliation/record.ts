import { In } from 'typeorm';
import { Difference } from '../../entities/reconciliation.ts';
import type { Closing } from '../contracts/reconciliation.ts';
import { dayAfter, dayBefore } from '../platform/calendar.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction } from '../platform/work.ts';
import type { Finding } from './classify.ts';

/** What a comparison found in all, and what is other than in the one before. */
export interface Counts {
  found: number;
  appeared: number;
  gone: number;
}

/**
 * Writes down what a comparison found. What was found before, in the same words, stays as it is, decided or not; what was found
 * before and is not there any more is gone, unless it was decided.
 */
export async function recordFindings(
  work: Transaction,
  day: string,
  { findings, proved }: { findings: readonly Finding[]; proved: readonly Finding[] },
): Promise<Counts> {
  const seen = new Set<string>();
  let appeared = 0;
  const note = async (finding: Finding, closing: Closing | null) => {
    const identity = identityOf(day, finding);
    seen.add(identity);
    const known = await work.db.findOneBy(Difference, { identity });
    if (known) return closing && known.state !== 'closed' ? close(work, known, closing) : undefined;
    if (await isOfNeighbour(work, day, finding)) return;
    await work.db.insert(Difference, newDifference(work, day, identity, finding, closing) as never);
    appeared += 1;
  };
  for (const finding of proved) await note(finding, 'proved');
  for (const finding of findings) await note(finding, finding.kind === 'day_boundary' ? 'explained' : null);
  const gone = await closeGone(work, day, seen);
  return { found: seen.size, appeared, gone };
}

const identityOf = (day: string, { subject, reference, kind, booksFen, tradeFen, fundsFen, count }: Finding): string =>
  `${day}:${subject}:${reference}:${kind}:${[booksFen, tradeFen, fundsFen].map((fen) => fen ?? '').join('/')}:${count}`;

/**
 * Around midnight one event is in the books of one day and in the bills of the next: one difference, of the day that was compared
 * first.
 */
async function isOfNeighbour(work: Transaction, day: string, finding: Finding): Promise<boolean> {
  const { subject, reference } = finding;
  const neighbours = { subject, reference, day: In([dayBefore(day), dayAfter(day)]) };
  if (finding.kind === 'only_here') return work.db.existsBy(Difference, { ...neighbours, kind: 'day_boundary' });
  if (finding.kind !== 'day_boundary') return false;
  const known = await work.db.findOneBy(Difference, { ...neighbours, kind: In(['only_here', 'day_boundary']) });
  if (!known) return false;
  if (known.kind === 'only_here' && known.state !== 'closed') {
    Object.assign(known, {
      kind: 'day_boundary',
      cause: 'clock',
      tradeFen: finding.tradeFen,
      fundsFen: finding.fundsFen,
    });
    known.note = `在 ${day} 的账单中`;
    await close(work, known, 'explained');
  }
  return true;
}

function newDifference(
  work: Transaction,
  day: string,
  identity: string,
  { proof: _, ...finding }: Finding,
  closing: Closing | null,
): Difference {
  const difference = Object.assign(new Difference(), { id: newId(), identity, day, foundAt: work.now(), ...finding });
  if (closing) difference.close(closing, work.now());
  return difference;
}

async function close(work: Transaction, difference: Difference, closing: Closing): Promise<void> {
  difference.close(closing, work.now());
  await work.db.save(Difference, difference);
}

async function closeGone(work: Transaction, day: string, seen: ReadonlySet<string>): Promise<number> {
  const before = await work.db.findBy(Difference, { day, state: In(['open', 'proposed']) });
  const gone = before.filter(({ identity }) => !seen.has(identity));
  for (const difference of gone) await close(work, difference, 'gone');
  return gone.length;
}
