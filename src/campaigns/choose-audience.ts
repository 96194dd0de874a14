import type { Campaign } from '../../entities/campaign.ts';
import { type Audience, getList, getSegment } from '../audiences/index.ts';
import { invalid } from '../platform/http/accept.ts';
import type { Work } from '../platform/work.ts';

/**
 * Facts that the list of a campaign gives for each person; none where it has no list.
 * @throws {AppError} audience.list_not_found, audience.segment_not_found; request.invalid for a list that was made for another message
 */
export async function listedFacts(work: Work, { audience, message }: Campaign): Promise<string[]> {
  if (audience.kind === 'segment') await getSegment(work, audience.segmentId);
  if (audience.kind !== 'list') return [];
  const list = await getList(work, audience.listId);
  if (list.state !== 'ready') throw invalid([{ field: 'audience.listId', message: '名单尚未读取完成' }]);
  if (list.message !== message) throw invalid([{ field: 'audience.listId', message: '这份名单是为另一种消息准备的' }]);
  return list.facts;
}

/** Whom a campaign is for, as things are now. @throws {AppError} audience.segment_not_found, audience.list_not_found */
export async function resolveAudience(work: Work, { audience }: Campaign): Promise<Audience> {
  if (audience.kind === 'segment') return { kind: 'query', query: (await getSegment(work, audience.segmentId)).query };
  if (audience.kind === 'list') await getList(work, audience.listId);
  return audience;
}

/** Whom a released campaign is for: as it was rehearsed. */
export const releasedAudience = ({ audience, query }: Campaign): Audience =>
  audience.kind === 'segment' ? { kind: 'query', query: query! } : audience;
