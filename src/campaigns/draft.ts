import type { z } from 'zod';
import { Campaign, type CampaignScope } from '../../entities/campaign.ts';
import { findTemplate, type MessageTemplate } from '../../templates/messages/index.ts';
import type { CampaignBody, ChangeCampaignBody } from '../contracts/campaigns.ts';
import type { FieldFault } from '../contracts/errors.ts';
import { notAllowed, permits, type StaffActor } from '../platform/actor.ts';
import { locked } from '../platform/database/index.ts';
import { check, invalid } from '../platform/http/accept.ts';
import { newId } from '../platform/ids.ts';
import { marketingIn } from '../messages/index.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { findOwner } from '../tasks/index.ts';
import { campaignNotFound, marketingRefused, notEditable, startsInPast } from './errors.ts';
import { listedFacts } from './choose-audience.ts';
import { ownFacts } from './evaluate.ts';
import { canSteer } from './policy.ts';

/** @throws {AppError} request.invalid, message.marketing_refused, campaign.starts_in_past, staff.member_not_found */
export async function draftCampaign(work: Transaction, who: StaffActor, body: CampaignBody): Promise<Campaign> {
  const campaign = Object.assign(new Campaign(), {
    id: newId(),
    ...fieldsOf(body),
    scope: scopeOf(who),
    createdBy: who.id,
    createdAt: work.now(),
  });
  await assertSound(work, who, campaign);
  await work.db.insert(Campaign, campaign as never);
  work.audit({ deed: 'campaign-drafted', subject: subjectOf(campaign), after: toldOf(campaign) });
  return campaign;
}

/**
 * Changes a draft; what was tried out is forgotten, and so is that somebody asked for its release.
 * @throws {AppError} campaign.not_found, staff.not_allowed, campaign.not_editable, request.invalid, message.marketing_refused, campaign.starts_in_past
 */
export async function changeCampaign(
  work: Transaction,
  who: StaffActor,
  id: string,
  body: ChangeCampaignBody,
): Promise<Campaign> {
  const campaign = await lockOwn(work, who, id);
  if (campaign.state !== 'draft' && campaign.state !== 'awaiting_release') throw notEditable();
  const before = toldOf(campaign);
  if (campaign.state === 'awaiting_release') campaign.moveTo('draft');
  Object.assign(campaign, fieldsOf({ ...presentFields(campaign), ...body }), { rehearsal: null });
  await assertSound(work, who, campaign);
  await work.db.save(Campaign, campaign);
  work.audit({ deed: 'campaign-changed', subject: subjectOf(campaign), before, after: toldOf(campaign) });
  return campaign;
}

const presentFields = ({
  name,
  message,
  event,
  facts,
  audience,
  calls,
  link,
  startAt,
  endAt,
}: Campaign): CampaignBody => ({
  name,
  message,
  event,
  facts,
  audience,
  calls,
  link,
  startAt: startAt?.toISOString() ?? null,
  endAt: endAt?.toISOString() ?? null,
});

const instantOf = (text: string | null | undefined) => (text ? new Date(text) : null);

const fieldsOf = ({
  name,
  message,
  event,
  facts,
  audience,
  calls = null,
  link = null,
  startAt,
  endAt,
}: CampaignBody) => ({
  name,
  message,
  event,
  facts,
  audience,
  calls,
  link,
  startAt: instantOf(startAt),
  endAt: instantOf(endAt),
});

/** Whoever assigns customers may write to all of them. */
const scopeOf = (who: StaffActor): CampaignScope =>
  permits(who, 'assign-customers') ? { all: true } : { all: false, teamId: who.teamId };

/** What can be told before anybody is looked at. */
async function assertSound(work: Work, who: StaffActor, campaign: Campaign): Promise<void> {
  const listed = await listedFacts(work, campaign);
  const faults = faultsOf(work, campaign, listed);
  if (faults.length > 0) throw invalid(faults);
  const typed = { name: campaign.name, event: campaign.event, ...campaign.facts };
  const marketing = marketingIn(typed);
  if (marketing.length > 0) throw marketingRefused(marketing);
  if (campaign.startAt && campaign.startAt <= work.now()) throw startsInPast();
  await assertCallers(work, who, campaign);
}

/** @throws {AppError} staff.member_not_found, staff.not_allowed for somebody of another team */
async function assertCallers(work: Work, who: StaffActor, { calls }: Campaign): Promise<void> {
  for (const owner of calls?.owners ?? []) await findOwner(work, who, owner);
}

function faultsOf(
  { config }: Work,
  { message, facts, link, startAt, endAt }: Campaign,
  listed: readonly string[],
): FieldFault[] {
  const template = findTemplate(message);
  if (!template) return [{ field: 'message', message: '没有这种消息' }];
  const faults = factFaults(template, facts, listed);
  if (link !== null && !isAllowedLink(link, config))
    faults.push({ field: 'link', message: '链接必须以 https 开头，且属于允许的域名' });
  if (endAt && startAt && endAt <= startAt) faults.push({ field: 'endAt', message: '截止时间必须晚于开始时间' });
  return faults;
}

/** Facts that are the same for everybody; those that each order or the list gives may be left out. */
function factFaults(
  { facts: { shape } }: MessageTemplate,
  facts: Record<string, unknown>,
  listed: readonly string[],
): FieldFault[] {
  const faults: FieldFault[] = [];
  const blame = (name: string, message: string) => faults.push({ field: `facts.${name}`, message });
  for (const [name, value] of Object.entries(facts)) {
    const found: FieldFault[] = [];
    if (Object.hasOwn(shape, name)) check(shape[name] as z.ZodType, value, found);
    else blame(name, '该消息没有这项内容');
    for (const { message } of found) blame(name, message);
  }
  const own: readonly string[] = [...ownFacts, ...listed];
  for (const name of Object.keys(shape)) if (!(name in facts) && !own.includes(name)) blame(name, '请填写');
  return faults;
}

/** A foreign page behind our own card would borrow our name. */
function isAllowedLink(link: string, { PUBLIC_ORIGIN, LINK_HOSTS }: Work['config']): boolean {
  const url = URL.canParse(link) ? new URL(link) : null;
  if (!url || url.username || url.password) return false;
  return url.origin === PUBLIC_ORIGIN || (url.protocol === 'https:' && LINK_HOSTS.includes(url.host));
}

export const subjectOf = ({ id }: Pick<Campaign, 'id'>) => ({ kind: 'campaign', id });

const toldOf = (campaign: Campaign) => ({ ...presentFields(campaign), facts: Object.keys(campaign.facts) });

/** @throws {AppError} campaign.not_found */
export async function lockCampaign({ db }: Transaction, id: string): Promise<Campaign> {
  const campaign = await db.findOne(Campaign, { where: { id }, ...locked<Campaign>(db) });
  if (!campaign) throw campaignNotFound();
  return campaign;
}

/** The same, for who may steer it. @throws {AppError} campaign.not_found, staff.not_allowed */
export async function lockOwn(work: Transaction, who: StaffActor, id: string): Promise<Campaign> {
  const campaign = await lockCampaign(work, id);
  if (!canSteer(who, campaign)) throw notAllowed();
  return campaign;
}

/** @throws {AppError} campaign.not_found */
export async function getCampaign({ db }: Work, id: string): Promise<Campaign> {
  const campaign = await db.findOneBy(Campaign, { id });
  if (!campaign) throw campaignNotFound();
  return campaign;
}
