import type { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { CampaignProgressView } from '../contracts/campaigns.ts';
import { type DeliveryState, deliveryStates } from '../contracts/states.ts';
import type { Work } from '../platform/work.ts';

const OPEN: readonly DeliveryState[] = ['waiting', 'sending'];

/** How a campaign stands: counts by outcome, speed, time left. */
export async function progressOf({ db, now }: Work, campaign: Campaign): Promise<CampaignProgressView> {
  const rows = await db
    .createQueryBuilder(MessageDelivery, 'sent')
    .select('sent.state', 'state')
    .addSelect('COUNT(*)', 'count')
    .where({ campaignId: campaign.id })
    .groupBy('sent.state')
    .getRawMany<{ state: DeliveryState; count: number | string }>();
  const counts = Object.fromEntries(Object.keys(deliveryStates).map((state) => [state, 0])) as Record<
    DeliveryState,
    number
  >;
  for (const { state, count } of rows) counts[state] = Number(count);
  const open = OPEN.reduce((sum, state) => sum + counts[state], 0);
  const settled = Object.values(counts).reduce((sum, count) => sum + count, 0) - open;
  const seconds = campaign.startedAt
    ? ((campaign.endedAt ?? now()).getTime() - campaign.startedAt.getTime()) / 1000
    : 0;
  const perSecond = seconds >= 1 ? (settled - counts.unreachable) / seconds : null;
  const { state, stateReason, people } = campaign;
  const isMoving = state === 'running' && perSecond !== null && perSecond > 0;
  return {
    state,
    stateReason,
    people,
    counts,
    settled,
    perSecond: perSecond === null ? null : Math.round(perSecond * 10) / 10,
    secondsLeft: isMoving ? Math.ceil(open / perSecond) : null,
  };
}
