import { In } from 'typeorm';
import { type ComplaintDeed, ComplaintImage } from '../../entities/complaint.ts';
import type { AnswerComplaintBody } from '../contracts/complaints.ts';
import type { StaffActor } from '../platform/actor.ts';
import type { Transaction } from '../platform/work.ts';
import { beginDeed } from './deeds.ts';
import { imageNotFound } from './errors.ts';
import { getServed } from './find-complaint.ts';

/** @throws {AppError} complaint.not_found, complaint.over, complaint.deed_under_way, complaint.image_not_found, staff.not_allowed */
export async function answerComplaint(
  work: Transaction,
  who: StaffActor,
  id: string,
  { content, images = [] }: AnswerComplaintBody,
): Promise<ComplaintDeed> {
  await getServed(work, who, id);
  const mediaIds = await mediaIdsOf(work, id, images);
  return beginDeed(work, id, { kind: 'answer', content, mediaIds, createdBy: who.id });
}

/** @throws {AppError} complaint.not_found, complaint.over, complaint.deed_under_way, staff.not_allowed */
export async function completeComplaint(work: Transaction, who: StaffActor, id: string): Promise<ComplaintDeed> {
  await getServed(work, who, id);
  return beginDeed(work, id, { kind: 'complete', createdBy: who.id });
}

/** What WeChat calls images that were uploaded for this complaint. @throws {AppError} complaint.image_not_found */
export async function mediaIdsOf({ db }: Transaction, complaintId: string, ids: readonly string[]): Promise<string[]> {
  const found = await db.findBy(ComplaintImage, { complaintId, id: In([...ids]) });
  const mediaIds = new Map(found.map(({ id, mediaId }) => [id, mediaId]));
  return ids.map((id) => {
    const mediaId = mediaIds.get(id);
    if (!mediaId) throw imageNotFound();
    return mediaId;
  });
}
