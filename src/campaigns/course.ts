import { In, IsNull, LessThanOrEqual } from 'typeorm';
import { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { endOfHours, startOfNextDay } from '../platform/calendar.ts';
import { doEach, enqueue, enqueueAll } from '../platform/jobs/index.ts';
import type { StaffActor } from '../platform/actor.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { reasonWords } from '../contracts/campaigns.ts';
import { RIGHTS_LAPSED } from '../messages/index.ts';
import { mendTasks, openTasks } from '../tasks/index.ts';
import { lockCampaign, lockOwn, subjectOf } from './draft.ts';
import { assertMayGoOn } from './rights-gate.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** Messages of a campaign are to be sent, by one of several workers at once. */
    'campaign.send': { campaignId: string; lane: number };
    /** A campaign that sleeps is to go on. */
    'campaign.wake': { campaignId: string };
  }
}

/** Something stands still: it should be looked at within so long. */
const ATTENTION_MS = 4 * 3600_000;

/** Decides whether a campaign sends now or sleeps until it may. The caller holds it locked, and saves it. */
export async function goOn(work: Transaction, campaign: Campaign): Promise<void> {
  campaign.startedAt ??= work.now();
  const sleep = whyNotNow(work, campaign);
  if (sleep) return fallAsleep(work, campaign, sleep.until, sleep.reason);
  if (campaign.state !== 'running') campaign.moveTo('running');
  Object.assign(campaign, { stateReason: null, wakeAt: null });
  await openLanes(work, campaign.id, work.config.CAMPAIGN_LANES);
}

function openLanes(work: Transaction, campaignId: string, count: number): Promise<void> {
  const lanes = Array.from({ length: count }, (_none, lane) => ({
    payload: { campaignId, lane },
    key: `campaign.send:${campaignId}:${lane}`,
  }));
  return enqueueAll(work, 'campaign.send', lanes);
}

/** Puts it to sleep; it wakes by itself. */
export async function fallAsleep(
  work: Transaction,
  campaign: Campaign,
  until: Date,
  reason: SleepReason,
): Promise<void> {
  if (campaign.state !== 'sleeping') campaign.moveTo('sleeping');
  Object.assign(campaign, { stateReason: reason, wakeAt: until });
  const key = `campaign.wake:${campaign.id}:${until.getTime()}`;
  await enqueue(work, 'campaign.wake', { campaignId: campaign.id }, { runAt: until, key });
}

export type SleepReason = 'scheduled' | 'quiet_hours' | 'day_budget' | 'minute_quota';

export function whyNotNow(
  { config, now }: Transaction,
  { startAt }: Campaign,
): { until: Date; reason: SleepReason } | null {
  if (startAt && startAt > now()) return { until: startAt, reason: 'scheduled' };
  const quietUntil = config.QUIET_HOURS && endOfHours(config.QUIET_HOURS, now());
  return quietUntil ? { until: quietUntil, reason: 'quiet_hours' } : null;
}

/** The job `campaign.wake`. */
export async function wakeCampaign(desk: Desk, { campaignId }: { campaignId: string }): Promise<void> {
  await desk.transaction(async (work) => {
    const campaign = await lockCampaign(work, campaignId);
    if (campaign.state !== 'sleeping' || (campaign.wakeAt && campaign.wakeAt > work.now())) return;
    await goOn(work, campaign);
    await work.db.save(Campaign, campaign);
  });
}

/** Something that staff must look at: nothing more is sent until they resume it. */
export async function haltCampaign(desk: Desk, id: string, reason: string): Promise<void> {
  await desk.transaction(async (work) => {
    const campaign = await lockCampaign(work, id);
    if (campaign.state !== 'running' && campaign.state !== 'sleeping') return;
    campaign.moveTo('paused');
    Object.assign(campaign, { stateReason: reason, wakeAt: null });
    await work.db.save(Campaign, campaign);
    work.log.error({ campaign: id, reason }, 'a campaign was paused: somebody must look at it');
    const whatThen = reason === RIGHTS_LAPSED ? '权限恢复后自动继续，也可停止该任务' : '处理后请继续或停止该任务';
    await askForAttention(work, campaign, {
      about: aboutHalt(id, reason),
      title: `群发任务已暂停：${campaign.name}`,
      note: `原因：${reasonWords(reason)}。${whatThen}。`,
    });
  });
}

const aboutHalt = (id: string, reason: string) => `campaign:${id}:${reason}`;

/** What it was halted for is mended: it goes on where it was, unless staff decided otherwise meanwhile. */
export async function goOnByItself(desk: Desk, id: string, reason: string): Promise<void> {
  await desk.transaction(async (work) => {
    const campaign = await lockCampaign(work, id);
    if (campaign.state !== 'paused' || campaign.stateReason !== reason) return;
    await goOnAgain(work, campaign);
    await work.db.save(Campaign, campaign);
    await mendTasks(work, null, aboutHalt(id, reason));
  });
}

/** Whoever prepared a campaign finds it on their list. */
async function askForAttention(
  work: Transaction,
  { id, createdBy }: Campaign,
  { about, ...words }: { about: string; title: string; note: string },
): Promise<void> {
  const dueAt = new Date(work.now().getTime() + ATTENTION_MS);
  await openTasks(work, [
    {
      kind: 'attention',
      about: `${about}:${work.now().getTime()}`,
      ...words,
      ownerId: createdBy,
      campaignId: id,
      dueAt,
    },
  ]);
}

/** A quota is used up: it goes on by itself when that is new. */
export async function restCampaign(desk: Desk, id: string, until: Date, reason: SleepReason): Promise<void> {
  await desk.transaction(async (work) => {
    const campaign = await lockCampaign(work, id);
    if (campaign.state !== 'running') return;
    await fallAsleep(work, campaign, until, reason);
    await work.db.save(Campaign, campaign);
  });
}

/** The service account has sent what it may today: unless others are reached by the mini-program, the campaign goes on tomorrow. */
export async function restOfDay(desk: Desk, id: string): Promise<void> {
  const others = await desk.db.existsBy(MessageDelivery, { campaignId: id, state: 'waiting', openid: IsNull() });
  if (!others) await restCampaign(desk, id, startOfNextDay(desk.now()), 'day_budget');
}

/** Everybody has come to their end, as far as it is ours to bring about. */
export async function endCampaign(desk: Desk, id: string): Promise<void> {
  await desk.transaction(async (work) => {
    const campaign = await lockCampaign(work, id);
    const open = await work.db.existsBy(MessageDelivery, { campaignId: id, state: In(['waiting', 'sending']) });
    if (campaign.state !== 'running' || open) return;
    campaign.moveTo('done');
    campaign.endedAt = work.now();
    await work.db.save(Campaign, campaign);
    const lost = await work.db.countBy(MessageDelivery, { campaignId: id, state: 'unknown' });
    if (lost > 0)
      await askForAttention(work, campaign, {
        about: `campaign:${id}`,
        title: `${lost} 条消息结果不明：${campaign.name}`,
        note: '微信的答复丢失，无法确认客户是否收到。请逐条决定重发、致电或不再处理。',
      });
  });
}

/** Those that overslept, because whatever should have woken them was lost. */
export async function wakeForgotten(desk: Desk): Promise<void> {
  const overdue = { state: 'sleeping' as const, wakeAt: LessThanOrEqual(desk.now()) };
  const those = {
    of: await desk.db.findBy(Campaign, overdue),
    about: ({ id }: Campaign) => ({ campaign: id }),
    fault: 'a campaign could not be woken',
  };
  await doEach(desk, those, ({ id }) => wakeCampaign(desk, { campaignId: id }));
}

/** @throws {AppError} campaign.not_found, staff.not_allowed, campaign.illegal_move */
export async function pauseCampaign(work: Transaction, who: StaffActor, id: string): Promise<Campaign> {
  const campaign = await lockOwn(work, who, id);
  campaign.moveTo('paused');
  Object.assign(campaign, { stateReason: 'staff', wakeAt: null });
  return saveAs(work, campaign, 'campaign-paused');
}

/** @throws {AppError} campaign.not_found, staff.not_allowed, campaign.illegal_move, campaign.rights_lapse */
export async function resumeCampaign(work: Transaction, who: StaffActor, id: string): Promise<Campaign> {
  const campaign = await lockOwn(work, who, id);
  await assertMayGoOn(work, campaign);
  if (campaign.stateReason) await mendTasks(work, who, aboutHalt(id, campaign.stateReason));
  await goOnAgain(work, campaign);
  return saveAs(work, campaign, 'campaign-resumed');
}

/** Those that wait for what was just mended, a template for one, need not wait any longer. */
async function goOnAgain(work: Transaction, campaign: Campaign): Promise<void> {
  campaign.moveTo('running');
  await work.db.update(MessageDelivery, { campaignId: campaign.id, state: 'waiting' }, { retryAt: null });
  await goOn(work, campaign);
}

/**
 * Ends a campaign: whoever was not written to yet never is. What is under way at this moment still ends as it ends.
 * @throws {AppError} campaign.not_found, staff.not_allowed, campaign.illegal_move
 */
export async function stopCampaign(work: Transaction, who: StaffActor, id: string): Promise<Campaign> {
  const campaign = await lockOwn(work, who, id);
  campaign.moveTo('stopped');
  Object.assign(campaign, { stateReason: 'staff', wakeAt: null, endedAt: work.now() });
  await endWaiting(work, id, 'cancelled', 'campaign_stopped');
  return saveAs(work, campaign, 'campaign-stopped');
}

export async function endWaiting(
  work: Transaction,
  campaignId: string,
  state: 'cancelled' | 'rate_limited',
  reason: string,
): Promise<void> {
  const end = { state, reason, endedAt: work.now(), retryAt: null };
  await work.db.update(MessageDelivery, { campaignId, state: 'waiting' }, end);
}

async function saveAs(
  work: Transaction,
  campaign: Campaign,
  deed: 'campaign-paused' | 'campaign-resumed' | 'campaign-stopped',
): Promise<Campaign> {
  await work.db.save(Campaign, campaign);
  // What is under way has to come to its end all the same.
  await openLanes(work, campaign.id, 1);
  work.audit({ deed, subject: subjectOf(campaign) });
  return campaign;
}
