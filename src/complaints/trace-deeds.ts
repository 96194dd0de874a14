import { type Complaint, ComplaintDeed, type ComplaintEntry } from '../../entities/complaint.ts';
import type { ComplaintDeedKind, ComplaintEntryKind } from '../contracts/complaints.ts';
import type { Transaction, Work } from '../platform/work.ts';

/** What each deed becomes in the negotiation. */
const BECOMES: Record<ComplaintDeedKind, ComplaintEntryKind> = {
  answer: 'merchant_said',
  grant: 'merchant_granted',
  decline: 'merchant_declined',
  complete: 'merchant_completed',
};

/** WeChat's clock and ours are not the same one. */
const CLOCKS_APART_MS = 60_000;

/** Finds what was done from here in the negotiation: what stands there is done, whatever its answer was. */
export async function traceDeeds(
  work: Transaction,
  complaint: Complaint,
  history: readonly ComplaintEntry[],
): Promise<void> {
  const deeds = await work.db.find(ComplaintDeed, { where: { complaintId: complaint.id }, order: { id: 'ASC' } });
  for (const deed of deeds) {
    if (deed.state === 'refused' || deed.logId) continue;
    const entry = unclaimed(history, deeds, deed).find(({ content }) => isSame(content, deed));
    const isOver = deed.kind === 'complete' && complaint.state === 'processed';
    if (!entry && !isOver) continue;
    deed.logId = entry?.logId ?? null;
    if (deed.state === 'sending') deed.end('done', entry?.at ?? work.now());
    await work.db.save(ComplaintDeed, deed);
  }
}

/** Something of the same kind stands in the negotiation and is nobody's: it may be this one, in other words. */
export async function isUnclear(
  { db }: Work,
  deed: ComplaintDeed,
  history: readonly ComplaintEntry[],
): Promise<boolean> {
  const deeds = await db.findBy(ComplaintDeed, { complaintId: deed.complaintId });
  return unclaimed(history, deeds, deed).length > 0;
}

function unclaimed(
  history: readonly ComplaintEntry[],
  deeds: readonly ComplaintDeed[],
  { kind, createdAt }: ComplaintDeed,
): ComplaintEntry[] {
  const claimed = new Set(deeds.map(({ logId }) => logId));
  const since = createdAt.getTime() - CLOCKS_APART_MS;
  return history.filter(
    (entry) => entry.kind === BECOMES[kind] && entry.at.getTime() >= since && !claimed.has(entry.logId),
  );
}

/** Only an answer is known by its words. */
const isSame = (content: string, deed: ComplaintDeed): boolean =>
  deed.kind !== 'answer' || plain(content) === plain(deed.content ?? '');

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
