import { Complaint, ComplaintDeed, ComplaintEntry } from '../../entities/complaint.ts';
import type { AuditDeed } from '../contracts/staff.ts';
import { UpstreamError } from '../platform/errors.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';
import { complaintOver, deedUnderWay } from './errors.ts';
import { lockComplaint } from './find-complaint.ts';
import { readComplaint } from './look.ts';
import { isUnclear } from './trace-deeds.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** What became of a deed of which nobody knows? */
    'complaint.settle_deed': { deedId: string };
  }
}

/** By then a call has had its answer or none, and what it did stands in the negotiation. */
const SETTLES_MS = 2 * 60_000;

const AUDITED: Record<ComplaintDeed['kind'], AuditDeed> = {
  answer: 'complaint-answered',
  grant: 'complaint-refund-granted',
  decline: 'complaint-refund-declined',
  complete: 'complaint-completed',
};

export type NewDeed = Pick<ComplaintDeed, 'kind' | 'createdBy'> &
  Partial<Pick<ComplaintDeed, 'content' | 'mediaIds' | 'withinDays'>>;

/**
 * Writes down what is to be done about a complaint, before WeChat hears of it. One at a time: the next one waits until it is known
 * what became of the last.
 * @throws {AppError} complaint.not_found, complaint.over, complaint.deed_under_way
 */
export async function beginDeed(work: Transaction, complaintId: string, wanted: NewDeed): Promise<ComplaintDeed> {
  const complaint = await lockComplaint(work, complaintId);
  if (complaint.state === 'processed') throw complaintOver();
  if (await work.db.existsBy(ComplaintDeed, { complaintId, state: 'sending' })) throw deedUnderWay();
  const deed = Object.assign(new ComplaintDeed(), {
    mediaIds: [],
    ...wanted,
    id: newId(),
    complaintId,
    createdAt: work.now(),
  });
  await work.db.insert(ComplaintDeed, deed as never);
  await enqueue(work, 'complaint.settle_deed', { deedId: deed.id }, settling(work, deed.id));
  const { kind, mediaIds, withinDays } = deed;
  work.audit({
    deed: AUDITED[kind],
    subject: { kind: 'complaint', id: complaintId },
    after: { deedId: deed.id, images: mediaIds.length, ...(withinDays === null ? {} : { withinDays }) },
  });
  return deed;
}

const settling = ({ config, now }: Work, id: string) => ({
  runAt: new Date(now().getTime() + Math.max(SETTLES_MS, 2 * config.WECHAT_PAY_TIMEOUT_MS)),
  key: `complaint.settle_deed:${id}`,
});

/**
 * Does a deed at WeChat, once. After an outcome that nobody knows it stays as it is: the job asks the negotiation first.
 * @returns the deed as it is then
 */
export async function carryOut(desk: Desk, { id }: Pick<ComplaintDeed, 'id'>): Promise<ComplaintDeed> {
  try {
    await send(desk, id);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    desk.log.warn({ deed: id, kind: error.kind, code: error.code }, 'it is not known what became of a deed');
  }
  return desk.db.findOneByOrFail(ComplaintDeed, { id });
}

/**
 * The job `complaint.settle_deed`: the negotiation is asked whether the deed is there. What is not there, and had no answer, is sent
 * again, unless something stands there that may be it; that is for a person.
 * @throws {UpstreamError} when WeChat gives no answer, or the outcome is unknown once more
 */
export async function settleDeed(desk: Desk, { deedId }: { deedId: string }): Promise<void> {
  const deed = await desk.db.findOneByOrFail(ComplaintDeed, { id: deedId });
  if (deed.state === 'refused' || deed.logId) return;
  const { complaintId: id } = deed;
  await readComplaint(desk, (await desk.db.findOneByOrFail(Complaint, { id })).complaintId);
  const history = await desk.db.findBy(ComplaintEntry, { complaintId: id });
  if (await isUnclear(desk, deed, history)) return endDeed(desk, deedId, 'refused', 'unclear');
  await send(desk, deedId);
}

/** @throws {UpstreamError} when nobody knows the outcome */
async function send(desk: Desk, id: string): Promise<void> {
  const deed = await desk.db.findOneByOrFail(ComplaintDeed, { id });
  if (deed.state !== 'sending') return;
  const { complaintId } = await desk.db.findOneByOrFail(Complaint, { id: deed.complaintId });
  try {
    await call(desk, complaintId, deed);
  } catch (error) {
    if (!(error instanceof UpstreamError) || (error.kind !== 'refused' && error.kind !== 'rate_limited')) throw error;
    // A refusal is not signed: what became of the deed is what the negotiation says.
    await readComplaint(desk, complaintId);
    return endDeed(desk, id, 'refused', error.code);
  }
  await endDeed(desk, id, 'done');
  await readComplaint(desk, complaintId);
}

function call({ pay }: Desk, complaintId: string, { kind, content, mediaIds, withinDays }: ComplaintDeed) {
  const text = content ?? '';
  if (kind === 'answer') return pay.answerComplaint({ complaintId, content: text, mediaIds });
  if (kind === 'complete') return pay.completeComplaint(complaintId);
  return pay.decideComplaintRefund(
    kind === 'grant'
      ? { complaintId, grants: true, withinDays: withinDays ?? 0 }
      : { complaintId, grants: false, reason: text, mediaIds },
  );
}

async function endDeed(desk: Desk, id: string, state: 'done' | 'refused', failure: string | null = null) {
  await desk.as({ kind: 'system' }).transaction(async (work) => {
    const deed = await work.db.findOneOrFail(ComplaintDeed, { where: { id }, ...locked<ComplaintDeed>(work.db) });
    if (deed.state !== 'sending') return;
    deed.end(state, work.now());
    deed.failure = failure?.slice(0, 64) ?? null;
    await work.db.save(ComplaintDeed, deed);
  });
}
