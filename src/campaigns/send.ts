import { setTimeout as pause } from 'node:timers/promises';
import { In, IsNull, LessThanOrEqual } from 'typeorm';
import { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { DeliveryState } from '../contracts/states.ts';
import { NotYet } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';
import { claim } from './claim.ts';
import { endCampaign } from './course.ts';
import { createSender, type Sender } from './sender.ts';

/** After so long the job lets others have a turn, and comes back at once. */
const TURN_MS = 5_000;
/** What is under way elsewhere is looked at again. */
const LOOK_AGAIN_MS = 2000;

/**
 * The job `campaign.send`, one of several lanes: takes people, sends, writes down how it went, until nobody is due. The first lane
 * also picks up what a worker that died left behind, and ends the campaign.
 * @throws {NotYet} when it is to go on later
 */
export async function sendCampaign(
  desk: Desk,
  { campaignId, lane }: { campaignId: string; lane: number },
): Promise<void> {
  const sender = createSender(desk, campaignId);
  try {
    await takeTurn(desk, campaignId, sender);
  } finally {
    await sender.finish();
  }
  const nextAt = await lookAtRest(desk, campaignId, sender);
  // Who ends last ends the campaign; to come back for the rest, one is enough.
  if (nextAt && lane === 0) throw new NotYet(nextAt);
}

/** @throws {NotYet} when the turn is over before the work is */
async function takeTurn(desk: Desk, campaignId: string, sender: Sender): Promise<void> {
  const limit = desk.config.CAMPAIGN_IN_FLIGHT;
  for (const end = performance.now() + TURN_MS; performance.now() < end;) {
    const claimed = await desk.transaction((work) => claim(work, campaignId, limit));
    if (claimed.kind === 'over' || claimed.kind === 'empty') return;
    if (claimed.kind === 'wait') {
      const waitMs = claimed.until.getTime() - desk.now().getTime();
      await pause(Math.min(Math.max(waitMs, 1), LOOK_AGAIN_MS));
      continue;
    }
    sender.send(claimed);
    await sender.room();
  }
  throw new NotYet(desk.now());
}

/**
 * Nobody is due: what was left behind is picked up, also of a campaign that was paused or stopped meanwhile.
 * @returns when to look again; null when there is nothing left to do
 */
async function lookAtRest(desk: Desk, campaignId: string, sender: Sender): Promise<Date | null> {
  for (const delivery of await findAbandoned(desk, campaignId)) sender.sendSingle(delivery);
  await sender.finish();
  const { state } = await desk.db.findOneByOrFail(Campaign, { id: campaignId });
  const nextAt = await nextLook(desk, campaignId, state === 'running' ? ['waiting', 'sending'] : ['sending']);
  if (!nextAt) await endCampaign(desk, campaignId);
  return nextAt;
}

/** Marked as being sent by a worker that did not come back, or without an answer. */
const findAbandoned = ({ db, now }: Desk, campaignId: string): Promise<MessageDelivery[]> =>
  db.find(MessageDelivery, {
    where: [
      { campaignId, state: 'sending', sendingUntil: IsNull() },
      { campaignId, state: 'sending', sendingUntil: LessThanOrEqual(now()) },
    ],
    take: 1000,
  });

/** When something may be due again; null when all have come to their end. */
async function nextLook({ db, now }: Desk, campaignId: string, states: readonly DeliveryState[]): Promise<Date | null> {
  const open = await db.find(MessageDelivery, {
    select: { id: true, state: true, retryAt: true },
    where: { campaignId, state: In([...states]) },
    take: 1000,
  });
  if (open.length === 0) return null;
  const soon = now().getTime() + LOOK_AGAIN_MS;
  // What another lane is sending ends any moment.
  const isUnderWay = open.some(({ state }) => state === 'sending');
  const soonest = Math.min(...open.map(({ retryAt }) => retryAt?.getTime() ?? soon));
  // What is due again by now was held up by a quota or by us: whether it may go on is known by taking it.
  return new Date(isUnderWay ? soon : soonest);
}
