import { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { readAudience } from '../audiences/index.ts';
import { isHeldNow } from '../messages/index.ts';
import { insertAll, locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { askForCalls } from './call-instead.ts';
import { evaluate, type Evaluated } from './evaluate.ts';
import { releasedAudience } from './choose-audience.ts';
import { goOn } from './course.ts';
import { haltLapsed } from './lapse.ts';
import { usableTemplates } from './reach.ts';

const SLICE = 1000;

/**
 * The job `campaign.prepare`: writes one delivery a person down, the unreachable with their reason, slice by slice; nothing is
 * sent before all are there. Goes on where a process that ended half way left it.
 */
export async function prepareCampaign(desk: Desk, { campaignId }: { campaignId: string }): Promise<void> {
  for (;;) {
    const isDone = await desk.transaction((work) => prepareSlice(work, campaignId), { retryDuplicates: true });
    if (isDone) break;
  }
  // A right that was lost since its release halted only what was running by then.
  if (await isHeldNow(desk)) await haltLapsed(desk);
}

async function prepareSlice(work: Transaction, id: string): Promise<boolean> {
  const campaign = await work.db.findOne(Campaign, { where: { id }, ...locked<Campaign>(work.db) });
  // Stopped meanwhile, or prepared before.
  if (campaign?.state !== 'preparing') return true;
  const people = await readAudience(work, releasedAudience(campaign), campaign.scope, {
    after: campaign.preparedUntil,
    limit: SLICE,
  });
  const templates = await usableTemplates(work, campaign.message, { evenLapsed: true });
  const evaluated = await evaluate(work, campaign, templates, people);
  await insertAll(
    work.db,
    MessageDelivery,
    evaluated.map((one) => deliveryOf(work, campaign, one)),
    { ifNew: true },
  );
  campaign.people += people.length;
  campaign.preparedUntil = people.at(-1)?.customerId ?? campaign.preparedUntil;
  const isLast = people.length < SLICE;
  if (isLast) {
    await goOn(work, campaign);
    await askForCalls(work, campaign);
  }
  await work.db.save(Campaign, campaign);
  return isLast;
}

function deliveryOf(
  work: Transaction,
  { id, message, link, releasedBy }: Campaign,
  { person, facts, reach }: Evaluated,
) {
  const isUnreachable = typeof reach === 'string';
  return Object.assign(new MessageDelivery(), {
    id: newId(),
    message,
    // One message of a campaign a person, whatever happens.
    about: `campaign:${id}`,
    customerId: person.customerId,
    campaignId: id,
    sentBy: releasedBy,
    facts,
    link,
    createdAt: work.now(),
    // Known now, used when its turn comes; whoever stops following meanwhile is refused by WeChat, and tried otherwise.
    ...(!isUnreachable && reach.channel === 'official-account'
      ? { appid: reach.appid, openid: reach.openid, templateId: reach.templateId }
      : {}),
    ...(isUnreachable ? { state: 'unreachable', reason: reach, endedAt: work.now() } : {}),
  });
}
