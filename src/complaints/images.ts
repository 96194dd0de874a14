import { ComplaintEntry, ComplaintImage } from '../../entities/complaint.ts';
import type { StaffActor } from '../platform/actor.ts';
import { sha256 } from '../platform/crypto.ts';
import { type ImageKind, imageKindOf } from '../platform/files/image-kind.ts';
import { newId } from '../platform/ids.ts';
import type { Desk, Work } from '../platform/work.ts';
import { imageNotFound, imageUnfit } from './errors.ts';
import { getComplaint, getServed } from './find-complaint.ts';

/** What WeChat takes (partner documentation 4012467222). */
export const MOST_IMAGE_BYTES = 2 * 1024 * 1024;

/** Short, and safe in an address: WeChat's own names are neither. */
export const imageName = (mediaId: string): string => sha256(mediaId).slice(0, 32);

/**
 * Hands an image to WeChat, for an answer to this complaint. An image that no answer uses does nothing.
 * @throws {AppError} complaint.not_found, complaint.image_unfit, staff.not_allowed
 * @throws {UpstreamError}
 */
export async function uploadImage(desk: Desk, who: StaffActor, id: string, bytes: Buffer): Promise<ComplaintImage> {
  await getServed(desk, who, id);
  const kind = imageKindOf(bytes);
  if (!kind) throw imageUnfit();
  const mediaId = await desk.pay.uploadComplaintImage({ bytes, kind });
  return desk.transaction(async (work) => {
    const image = Object.assign(new ComplaintImage(), {
      id: newId(),
      complaintId: id,
      mediaId,
      sha256: sha256(bytes),
      uploadedBy: who.id,
      createdAt: work.now(),
    });
    await work.db.insert(ComplaintImage, image);
    work.audit({
      deed: 'complaint-image-uploaded',
      subject: { kind: 'complaint', id },
      after: { imageId: image.id, sha256: image.sha256 },
    });
    return image;
  });
}

/**
 * An image of a complaint or of its negotiation, as WeChat has it; merchants report that it does not give back their own.
 * @throws {AppError} complaint.not_found, complaint.image_not_found
 * @throws {UpstreamError}
 */
export async function downloadImage(desk: Desk, id: string, name: string): Promise<{ bytes: Buffer; kind: ImageKind }> {
  const mediaId = (await mediaIdsOfComplaint(desk, id)).find((one) => imageName(one) === name);
  if (!mediaId) throw imageNotFound();
  return desk.pay.downloadComplaintImage(mediaId);
}

async function mediaIdsOfComplaint(work: Work, id: string): Promise<string[]> {
  const complaint = await getComplaint(work, id);
  const entries = await work.db.findBy(ComplaintEntry, { complaintId: id });
  return [...complaint.mediaIds, ...entries.flatMap(({ mediaIds }) => mediaIds)];
}
