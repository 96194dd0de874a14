import { type FindOptionsWhere, In, IsNull, LessThan, LessThanOrEqual } from 'typeorm';
import { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { leaseEnd, type Meter, openMeter } from '../messages/index.ts';
import { skipLocked } from '../platform/database/index.ts';
import type { Transaction } from '../platform/work.ts';
import { endWaiting, fallAsleep, type SleepReason, whyNotNow } from './course.ts';
import { lockCampaign } from './draft.ts';
import { usableTemplates } from './reach.ts';

/**
 * What a worker is to do next.
 * - `send`: `many` are marked as being sent by the service account, `single` are to be looked at one by one
 * - `wait`: the rate allows none before `until`
 * - `empty`: nobody is due
 * - `over`: the campaign does not run any more
 */
export type Claim =
  | { kind: 'send'; many: MessageDelivery[]; single: MessageDelivery[] }
  | { kind: 'wait'; until: Date }
  | { kind: 'empty' }
  | { kind: 'over' };

/** Takes the next people of a campaign; no two workers take the same ones. */
export async function claim(work: Transaction, campaignId: string, limit: number): Promise<Claim> {
  const campaign = await lockCampaign(work, campaignId);
  if (campaign.state !== 'running') return { kind: 'over' };
  if (campaign.endAt && campaign.endAt <= work.now()) {
    await endWaiting(work, campaignId, 'rate_limited', 'too_late');
    return { kind: 'empty' };
  }
  const sleep = whyNotNow(work, campaign);
  if (sleep) return rest(work, campaign, sleep.until, sleep.reason);
  // Before any message is held: whoever holds one waits for a meter too.
  const meter = await openMeter(work, 'official-account');
  const others = await openMeter(work, 'mini-program');
  if (meter.isExhausted) return claimOthers(work, campaign, { limit, meter: others, nextAt: meter.nextAt! });
  if (meter.nextAt) return { kind: 'wait', until: meter.nextAt };

  const due = await findDue(work, campaignId, Math.min(limit, meter.available));
  if (due.length === 0) return { kind: 'empty' };
  const { account } = await usableTemplates(work, campaign.message);
  const many = due.filter(({ openid, channel, templateId }) => openid && channel === null && templateId === account);
  const single = due.filter((delivery) => !many.includes(delivery));
  await markSending(work, many);
  await meter.use(many.length);
  return claimed(many, await drawOthers(work, single, others));
}

function claimed(many: MessageDelivery[], { drawn, nextAt }: Drawn): Claim {
  if (many.length === 0 && drawn.length === 0 && nextAt) return { kind: 'wait', until: nextAt };
  return { kind: 'send', many, single: drawn };
}

/** The service account has sent what it may today: whoever is reached by the mini-program need not wait for it. */
async function claimOthers(
  work: Transaction,
  campaign: Campaign,
  { limit, meter, nextAt }: { limit: number; meter: Meter; nextAt: Date },
): Promise<Claim> {
  const others = { openid: IsNull() };
  const due = await findDue(work, campaign.id, limit, others);
  if (due.length > 0) return claimed([], await drawOthers(work, due, meter));
  const next = await work.db.findOne(MessageDelivery, {
    where: { ...others, campaignId: campaign.id, state: 'waiting', retryAt: LessThan(nextAt) },
    order: { retryAt: 'ASC' },
  });
  return rest(work, campaign, next?.retryAt ?? nextAt, 'day_budget');
}

interface Drawn {
  drawn: MessageDelivery[];
  /** When the rate allows more; null while it does, or when the day is over. */
  nextAt: Date | null;
}

/** Of those that are looked at one by one, as many as the mini-program may send now. */
async function drawOthers(work: Transaction, single: readonly MessageDelivery[], meter: Meter): Promise<Drawn> {
  if (single.length === 0) return { drawn: [], nextAt: null };
  const drawn = single.slice(0, meter.available);
  await putAside(work, drawn, leaseEnd(work));
  await meter.draw(drawn.length);
  if (!meter.isExhausted) return { drawn, nextAt: meter.nextAt };
  await putAside(work, single, meter.nextAt!);
  return { drawn, nextAt: null };
}

async function rest(work: Transaction, campaign: Campaign, until: Date, reason: SleepReason): Promise<Claim> {
  await fallAsleep(work, campaign, until, reason);
  await work.db.save(Campaign, campaign);
  return { kind: 'over' };
}

/** In the order of the index. */
function findDue(
  work: Transaction,
  campaignId: string,
  take: number,
  more: FindOptionsWhere<MessageDelivery> = {},
): Promise<MessageDelivery[]> {
  const waiting = { ...more, campaignId, state: 'waiting' as const };
  return work.db.find(MessageDelivery, {
    where: [
      { ...waiting, retryAt: IsNull() },
      { ...waiting, retryAt: LessThanOrEqual(work.now()) },
    ],
    order: { id: 'ASC' },
    take,
    ...skipLocked<MessageDelivery>(work.db),
  });
}

async function markSending(work: Transaction, deliveries: readonly MessageDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const sending = { sentAt: work.now(), sendingUntil: leaseEnd(work), channel: 'official-account' as const };
  for (const delivery of deliveries) {
    delivery.moveTo('sending');
    Object.assign(delivery, sending);
  }
  await work.db.update(MessageDelivery, { id: In(deliveries.map(({ id }) => id)) }, { state: 'sending', ...sending });
}

/** Not to be taken by another worker before: while this one looks at them, or until they may be sent. */
async function putAside(work: Transaction, deliveries: readonly MessageDelivery[], retryAt: Date): Promise<void> {
  if (deliveries.length === 0) return;
  await work.db.update(MessageDelivery, { id: In(deliveries.map(({ id }) => id)) }, { retryAt });
}
