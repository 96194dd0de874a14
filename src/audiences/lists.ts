import { In, LessThan, MoreThan } from 'typeorm';
import { AudienceList, ListedPerson, ListFault } from '../../entities/audience-list.ts';
import { Campaign } from '../../entities/campaign.ts';
import { notAllowed, permits, type StaffActor } from '../platform/actor.ts';
import { locked } from '../platform/database/index.ts';
import type { Desk, Work } from '../platform/work.ts';
import { listInUse, listNotFound } from './errors.ts';

const AT_ONCE = 5000;
/** A list that is still being read after so long belongs to a process that ended. */
const LEFT_BEHIND_MS = 3600_000;

interface Slice<After> {
  after?: After | undefined;
  limit: number;
}

/** Newest first, one row more than the page holds. */
export const listLists = (
  { db }: Work,
  { after, limit, message }: Slice<string> & { message?: string | undefined },
): Promise<AudienceList[]> =>
  db.find(AudienceList, {
    where: { ...(after ? { id: LessThan(after) } : {}), ...(message ? { message } : {}) },
    order: { id: 'DESC' },
    take: limit + 1,
  });

/** @throws {AppError} audience.list_not_found */
export async function getList({ db }: Work, id: string): Promise<AudienceList> {
  const list = await db.findOneBy(AudienceList, { id });
  if (!list) throw listNotFound();
  return list;
}

/** Rows that were not kept, in the order of the file, one more than the page holds. */
export const listFaults = ({ db }: Work, listId: string, { after = 0, limit }: Slice<number>): Promise<ListFault[]> =>
  db.find(ListFault, { where: { listId, line: MoreThan(after) }, order: { line: 'ASC' }, take: limit + 1 });

/**
 * Removes a list with everything in it, unless a campaign still needs it.
 * @throws {AppError} audience.list_not_found, audience.list_in_use, staff.not_allowed for somebody else's, unless one releases campaigns
 */
export async function removeList(desk: Desk, who: StaffActor, id: string): Promise<void> {
  await desk.transaction(async (work) => {
    const list = await work.db.findOne(AudienceList, { where: { id }, ...locked<AudienceList>(work.db) });
    if (!list) throw listNotFound();
    if (list.createdBy !== who.id && !permits(who, 'release-campaigns')) throw notAllowed();
    if (await isInUse(work, id)) throw listInUse();
    // Of no use to anybody from now on; should the server end before its rows are gone, housekeeping finds it.
    await work.db.update(AudienceList, { id }, { state: 'reading' });
    const { name, message, kept } = list;
    work.audit({ deed: 'list-removed', subject: { kind: 'audience-list', id }, before: { name, message, kept } });
  });
  await removeParts(desk, id);
}

/** Who is written down needs no list any more; a draft can be given another one. */
async function isInUse({ db }: Work, listId: string): Promise<boolean> {
  const campaigns = await db.findBy(Campaign, { state: In(['awaiting_release', 'preparing']) });
  return campaigns.some(({ audience }) => audience.kind === 'list' && audience.listId === listId);
}

/** Takes away what a list left: many rows, a few at a time. */
export async function removeParts(desk: Desk, listId: string): Promise<void> {
  for (const entity of [ListedPerson, ListFault]) {
    for (let ids = ['']; ids.length > 0;) {
      const rows = await desk.db.find(entity, { select: { id: true }, where: { listId }, take: AT_ONCE });
      ids = rows.map(({ id }) => id);
      if (ids.length === 0) break;
      await desk.transaction(async (work) => {
        await work.db.delete(entity, { id: In(ids) });
        work.unchanged();
      });
    }
  }
  await desk.transaction(async (work) => {
    await work.db.delete(AudienceList, { id: listId });
    work.unchanged();
  });
}

/** Lists that were never read to their end, because the server ended. */
export async function removeUnread(desk: Desk): Promise<void> {
  const before = LessThan(new Date(desk.now().getTime() - LEFT_BEHIND_MS));
  for (const { id } of await desk.db.findBy(AudienceList, { state: 'reading', createdAt: before }))
    await removeParts(desk, id);
}
