import type { Complaint } from '../../entities/complaint.ts';
import type { Desk } from '../platform/work.ts';
import { settleComplaint } from './settle-complaint.ts';

/** The job `complaint.look`: a notice came, or a list tells of a change. WeChat is asked for all of it, and that is what counts. */
export async function lookAtComplaint(desk: Desk, { complaintId }: { complaintId: string }): Promise<void> {
  await readComplaint(desk, complaintId);
}

/**
 * @returns the complaint as it is now; null when it is none of ours
 * @throws {UpstreamError}
 */
export async function readComplaint(desk: Desk, complaintId: string): Promise<Complaint | null> {
  const readAt = desk.now();
  const fact = await desk.pay.findComplaint(complaintId);
  if (fact?.mchid !== desk.config.WECHAT_PAY_MCHID) {
    desk.log.warn({ complaint: complaintId, isKnown: fact !== null }, 'a complaint that is not ours');
    return null;
  }
  const entries = await desk.pay.listNegotiation(complaintId);
  const phone = desk.pay.openPhone(fact);
  // It is WeChat's word that is written down, whoever asked for it.
  return desk
    .as({ kind: 'system' })
    .transaction((work) => settleComplaint(work, { fact, entries, phone, readAt }), { retryDuplicates: true });
}
