import { LessThan } from 'typeorm';
import { Segment } from '../../entities/segment.ts';
import type { SegmentBody } from '../contracts/audiences.ts';
import type { StaffActor } from '../platform/actor.ts';
import { isDuplicate, locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { segmentNameTaken, segmentNotFound } from './errors.ts';

/** Newest first, one row more than the page holds. */
export const listSegments = (
  { db }: Work,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<Segment[]> =>
  db.find(Segment, { where: after ? { id: LessThan(after) } : {}, order: { id: 'DESC' }, take: limit + 1 });

/** @throws {AppError} audience.segment_not_found */
export async function getSegment({ db }: Work, id: string): Promise<Segment> {
  const segment = await db.findOneBy(Segment, { id });
  if (!segment) throw segmentNotFound();
  return segment;
}

/** @throws {AppError} audience.segment_name_taken */
export async function saveSegment(work: Transaction, who: StaffActor, body: SegmentBody): Promise<Segment> {
  const at = work.now();
  const segment = Object.assign(new Segment(), {
    id: newId(),
    ...body,
    createdBy: who.id,
    createdAt: at,
    changedAt: at,
  });
  await write(() => work.db.insert(Segment, segment as never));
  work.audit({ deed: 'segment-saved', subject: subjectOf(segment), after: { ...body } });
  return segment;
}

/**
 * Campaigns that were rehearsed with it stay as they were rehearsed.
 * @throws {AppError} audience.segment_not_found, audience.segment_name_taken
 */
export async function changeSegment(work: Transaction, id: string, news: Partial<SegmentBody>): Promise<Segment> {
  const segment = await lockSegment(work, id);
  const before = { name: segment.name, query: segment.query };
  if (news.name !== undefined) segment.name = news.name;
  if (news.query !== undefined) segment.query = news.query;
  segment.changedAt = work.now();
  await write(() => work.db.save(Segment, segment));
  const after = { name: segment.name, query: segment.query };
  work.audit({ deed: 'segment-saved', subject: subjectOf(segment), before, after });
  return segment;
}

/** @throws {AppError} audience.segment_not_found */
export async function removeSegment(work: Transaction, id: string): Promise<void> {
  const segment = await lockSegment(work, id);
  await work.db.delete(Segment, { id });
  work.audit({ deed: 'segment-removed', subject: subjectOf(segment), before: { name: segment.name } });
}

const subjectOf = ({ id }: Segment) => ({ kind: 'segment', id });

async function lockSegment({ db }: Transaction, id: string): Promise<Segment> {
  const segment = await db.findOne(Segment, { where: { id }, ...locked<Segment>(db) });
  if (!segment) throw segmentNotFound();
  return segment;
}

async function write(deed: () => Promise<unknown>): Promise<void> {
  try {
    await deed();
  } catch (error) {
    throw isDuplicate(error) ? segmentNameTaken() : error;
  }
}
