import { In, LessThan } from 'typeorm';
import { Complaint, ComplaintDeed } from '../../entities/complaint.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import { UpstreamError } from '../platform/errors.ts';
import { enqueueAll } from '../platform/jobs/index.ts';
import type { ListedComplaint } from '../platform/wechat-pay/index.ts';
import type { Desk } from '../platform/work.ts';

const DAY_MS = 24 * 3600_000;
/** WeChat lists at most thirty days at once. */
const DAYS = 30;
const SLICE = 500;
/** A list that never ends must not keep us for ever. */
const MOST = 50_000;
const FORGOTTEN_MS = 10 * 60_000;
/** Of an open one that was read as long ago, something may have been said that the list does not tell. */
const STALE_MS = 20 * 60_000;
/** A change that came with a lost notice is asked about once, however often it is listed. */
const keyOf = (complaintId: string) => `complaint.look:${complaintId}`;

/** Makes up for lost notices: lists the last thirty days, and asks about whatever is not as we know it, and about what is open. */
export async function pullComplaints(desk: Desk): Promise<void> {
  if (desk.config.COMPLAINTS === 'off') return;
  try {
    const listed = await listAll(desk);
    const changed = new Set([...(await changedOf(desk, listed)), ...(await openOf(desk))]);
    await desk.transaction((work) =>
      enqueueAll(
        work,
        'complaint.look',
        [...changed].map((complaintId) => ({ payload: { complaintId }, key: keyOf(complaintId) })),
      ),
    );
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.retryable) throw error;
    desk.log.error({ code: error.code }, 'WeChat does not list complaints');
  }
  await settleForgotten(desk);
}

async function listAll(desk: Desk): Promise<Map<string, ListedComplaint>> {
  const until = shanghaiDay(desk.now());
  const from = shanghaiDay(new Date(desk.now().getTime() - (DAYS - 1) * DAY_MS));
  const all = new Map<string, ListedComplaint>();
  let whole: number | null = null;
  for (let offset = 0; offset < MOST;) {
    const { complaints, rows, total } = await desk.pay.listComplaints({ from, until, offset });
    for (const complaint of complaints) all.set(complaint.complaintId, complaint);
    whole ??= total;
    offset += rows;
    if (rows === 0 || (whole !== null && offset >= whole)) break;
  }
  return all;
}

async function changedOf({ db }: Desk, listed: ReadonlyMap<string, ListedComplaint>): Promise<string[]> {
  const ids = [...listed.keys()];
  const known = new Map<string, Complaint>();
  for (let at = 0; at < ids.length; at += SLICE) {
    const found = await db.findBy(Complaint, { complaintId: In(ids.slice(at, at + SLICE)) });
    for (const complaint of found) known.set(complaint.complaintId, complaint);
  }
  return ids.filter((id) => {
    const complaint = known.get(id);
    return !complaint || isOtherwise(complaint, listed.get(id)!);
  });
}

const isOtherwise = (known: Complaint, listed: ListedComplaint): boolean =>
  known.state !== listed.state ||
  known.times !== listed.times ||
  (known.waitingSince !== null) !== listed.isWaiting ||
  (known.fullyRefundedAt !== null) !== listed.isFullyRefunded;

/** Open ones, also of before the days of the list; those that were read longest ago. */
async function openOf({ db, now }: Desk): Promise<string[]> {
  const readAt = LessThan(new Date(now().getTime() - STALE_MS));
  const open = await db.find(Complaint, {
    where: { state: In(['pending', 'processing']), readAt },
    order: { readAt: 'ASC' },
    take: SLICE,
  });
  return open.map(({ complaintId }) => complaintId);
}

/** Deeds whose end should be known by now, and whose job was given up. */
async function settleForgotten(desk: Desk): Promise<void> {
  const since = LessThan(new Date(desk.now().getTime() - FORGOTTEN_MS));
  const forgotten = await desk.db.find(ComplaintDeed, { where: { state: 'sending', createdAt: since }, take: SLICE });
  await desk.transaction((work) =>
    enqueueAll(
      work,
      'complaint.settle_deed',
      forgotten.map(({ id }) => ({ payload: { deedId: id }, key: `complaint.settle_deed:${id}` })),
    ),
  );
}
