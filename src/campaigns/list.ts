import { type FindOptionsWhere, In, IsNull, LessThan, Not } from 'typeorm';
import { Campaign } from '../../entities/campaign.ts';
import { Customer } from '../../entities/customer.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type { CampaignState, CampaignView, DeliveryView } from '../contracts/campaigns.ts';
import type { DeliveryState } from '../contracts/states.ts';
import type { Work } from '../platform/work.ts';
import { presentCampaign, presentDelivery } from './presenter.ts';

export interface Slice {
  after?: string | undefined;
  limit: number;
}

/** Newest first, one row more than the page holds. */
export async function listCampaigns(
  work: Work,
  { after, limit, state }: Slice & { state?: CampaignState | undefined },
): Promise<CampaignView[]> {
  const where = { ...(after ? { id: LessThan(after) } : {}), ...(state ? { state } : {}) };
  const campaigns = await work.db.find(Campaign, { where, order: { id: 'DESC' }, take: limit + 1 });
  return presentCampaigns(work, campaigns);
}

export async function presentCampaigns({ db }: Work, campaigns: readonly Campaign[]): Promise<CampaignView[]> {
  const ids = campaigns.flatMap(({ createdBy, releasedBy }) => [createdBy, ...(releasedBy ? [releasedBy] : [])]);
  const members = await db.findBy(StaffMember, { id: In(ids) });
  const names = new Map(members.map(({ id, name }) => [id, name]));
  return campaigns.map((campaign) => presentCampaign(campaign, names));
}

export interface DeliveryQuery extends Slice {
  state?: DeliveryState | undefined;
  reason?: string | undefined;
  decided?: boolean | undefined;
  customerId?: string | undefined;
  campaignId?: string | undefined;
}

/** Messages, newest first, one row more than the page holds. */
export async function listDeliveries(
  work: Work,
  { after, limit, decided, ...wanted }: DeliveryQuery,
): Promise<DeliveryView[]> {
  const where: FindOptionsWhere<MessageDelivery> = Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  );
  if (decided !== undefined) where.decision = decided ? Not(IsNull()) : IsNull();
  if (after) where.id = LessThan(after);
  return presentDeliveries(
    work,
    await work.db.find(MessageDelivery, { where, order: { id: 'DESC' }, take: limit + 1 }),
  );
}

export async function presentDeliveries({ db }: Work, deliveries: readonly MessageDelivery[]): Promise<DeliveryView[]> {
  const customers = await db.findBy(Customer, { id: In(deliveries.map(({ customerId }) => customerId)) });
  const nicknames = new Map(customers.map(({ id, nickname }) => [id, nickname]));
  return deliveries.map((delivery) => presentDelivery(delivery, nicknames.get(delivery.customerId) ?? null));
}
