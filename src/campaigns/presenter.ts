import type { Campaign } from '../../entities/campaign.ts';
import type { MessageDelivery } from '../../entities/message-delivery.ts';
import { findTemplate } from '../../templates/messages/index.ts';
import { campaignStates, type CampaignView, type DeliveryView, reasonWords } from '../contracts/campaigns.ts';
import { deliveryStates } from '../contracts/states.ts';

/** @param names of staff, by id */
export const presentCampaign = (campaign: Campaign, names: ReadonlyMap<string, string>): CampaignView => ({
  id: campaign.id,
  name: campaign.name,
  message: campaign.message,
  title: findTemplate(campaign.message)?.title ?? campaign.message,
  event: campaign.event,
  facts: campaign.facts,
  audience: campaign.audience,
  calls: campaign.calls,
  link: campaign.link,
  state: campaign.state,
  stateWords: campaignStates[campaign.state],
  stateReason: campaign.stateReason,
  startAt: campaign.startAt?.toISOString() ?? null,
  endAt: campaign.endAt?.toISOString() ?? null,
  wakeAt: campaign.wakeAt?.toISOString() ?? null,
  rehearsal: campaign.rehearsal,
  createdBy: names.get(campaign.createdBy) ?? '',
  createdAt: campaign.createdAt.toISOString(),
  releasedBy: campaign.releasedBy ? (names.get(campaign.releasedBy) ?? '') : null,
  releasedAt: campaign.releasedAt?.toISOString() ?? null,
  startedAt: campaign.startedAt?.toISOString() ?? null,
  endedAt: campaign.endedAt?.toISOString() ?? null,
});

export const presentDelivery = (delivery: MessageDelivery, nickname: string | null): DeliveryView => ({
  id: delivery.id,
  message: delivery.message,
  customerId: delivery.customerId,
  nickname,
  state: delivery.state,
  stateWords: deliveryStates[delivery.state],
  channel: delivery.channel,
  reason: delivery.reason,
  reasonWords: delivery.reason && reasonWords(delivery.reason),
  decision: delivery.decision,
  createdAt: delivery.createdAt.toISOString(),
  sentAt: delivery.sentAt?.toISOString() ?? null,
  endedAt: delivery.endedAt?.toISOString() ?? null,
});
