import { Campaign } from '../../entities/campaign.ts';
import type { RehearsalView } from '../contracts/campaigns.ts';
import { notAllowed, permits, type StaffActor } from '../platform/actor.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';
import { lockCampaign, lockOwn, subjectOf } from './draft.ts';
import { nobodyToReach, rehearseFirst, secondPersonNeeded, startsInPast } from './errors.ts';
import { assertRights } from './rights-gate.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** A released campaign: its people are to be written down. */
    'campaign.prepare': { campaignId: string };
  }
}

/** What was tried out longer ago is not what would happen now. */
const REHEARSAL_HOLDS_MS = 24 * 3600_000;

/**
 * Asks a second person to release a campaign.
 * @throws {AppError} campaign.not_found, staff.not_allowed, campaign.rehearse_first, campaign.nobody_to_reach,
 * campaign.rights_lapse
 */
export async function submitCampaign(work: Transaction, who: StaffActor, id: string): Promise<Campaign> {
  const campaign = await lockOwn(work, who, id);
  await assertRights(work, campaign, assertRehearsed(work, campaign));
  campaign.moveTo('awaiting_release');
  await work.db.save(Campaign, campaign);
  work.audit({ deed: 'campaign-submitted', subject: subjectOf(campaign) });
  return campaign;
}

/**
 * Lets a campaign go. Above the configured size the second person does it, who did not prepare it.
 * @throws {AppError} campaign.not_found, campaign.rehearse_first, campaign.nobody_to_reach, campaign.second_person_needed,
 * campaign.starts_in_past, campaign.rights_lapse, campaign.illegal_move when somebody else was faster
 */
export async function releaseCampaign(work: Transaction, who: StaffActor, id: string): Promise<Campaign> {
  const campaign = await lockCampaign(work, id);
  const rehearsal = assertRehearsed(work, campaign);
  const isOwn = campaign.createdBy === who.id;
  if (isOwn && rehearsal.needsSecondPerson) throw secondPersonNeeded();
  if (!isOwn && !permits(who, 'release-campaigns')) throw notAllowed();
  if (campaign.startAt && campaign.startAt <= work.now()) throw startsInPast();
  await assertRights(work, campaign, rehearsal);
  campaign.moveTo('preparing');
  Object.assign(campaign, { releasedBy: who.id, releasedAt: work.now() });
  await work.db.save(Campaign, campaign);
  await enqueue(work, 'campaign.prepare', { campaignId: id }, { key: `campaign.prepare:${id}` });
  const { people, reachable } = rehearsal;
  work.audit({ deed: 'campaign-released', subject: subjectOf(campaign), after: { people, reachable } });
  return campaign;
}

function assertRehearsed({ now }: Transaction, { rehearsal }: Campaign): RehearsalView {
  const isFresh = rehearsal && now().getTime() - Date.parse(rehearsal.rehearsedAt) < REHEARSAL_HOLDS_MS;
  if (!isFresh) throw rehearseFirst();
  if (rehearsal.reachable.every(({ people }) => people === 0)) throw nobodyToReach();
  return rehearsal;
}
