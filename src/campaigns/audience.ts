import { In } from 'typeorm';
import type { Campaign, CampaignScope } from '../../entities/campaign.ts';
import { Customer } from '../../entities/customer.ts';
import { Order } from '../../entities/order.ts';
import type { Work } from '../platform/work.ts';
import { applyFilters, type Found } from './audience-filters.ts';

/** Somebody whom the event concerns, by their newest order that the audience names. */
export interface Concerned {
  customerId: string;
  /** Orders that the audience names. */
  orders: number;
  orderNumber: string;
  serviceName: string;
  isForeign: boolean;
}

/** The next people of an audience, in the order of their ids. @param after the last person of the slice before */
export async function readAudience(
  work: Work,
  { audience, scope }: Pick<Campaign, 'audience' | 'scope'>,
  { after, limit }: { after: string | null; limit: number },
): Promise<Concerned[]> {
  const found: Found = work.db
    .createQueryBuilder(Order, 'placed')
    .innerJoin(Customer, 'customer', 'customer.id = placed.customerId')
    .select(['placed.customerId AS customerId', 'customer.teamId AS teamId'])
    // Ids sort by age, so the greatest is the newest.
    .addSelect('MAX(placed.id)', 'orderId')
    .addSelect('COUNT(*)', 'orders')
    .where('customer.mergedIntoId IS NULL');
  applyFilters(found, audience.query);
  if (after) found.andWhere('placed.customerId > :after', { after });
  const people = await found
    .groupBy('placed.customerId, customer.teamId')
    .orderBy('placed.customerId')
    .limit(limit)
    .getRawMany<{ customerId: string; teamId: string | null; orderId: string; orders: number | string }>();
  const newest = await ordersById(
    work,
    people.map(({ orderId }) => orderId),
  );
  return people.map(({ customerId, teamId, orderId, orders }) => ({
    customerId,
    orders: Number(orders),
    ...newest.get(orderId)!,
    isForeign: isForeign(scope, teamId),
  }));
}

async function ordersById({ db }: Work, ids: readonly string[]) {
  const rows = await db
    .createQueryBuilder(Order, 'placed')
    .select(['placed.id AS id', 'placed.number AS orderNumber', 'placed.serviceName AS serviceName'])
    .where({ id: In([...ids]) })
    .getRawMany<{ id: string; orderNumber: string; serviceName: string }>();
  return new Map(rows.map(({ id, ...order }) => [id, order]));
}

const isForeign = (scope: CampaignScope, teamId: string | null): boolean =>
  !scope.all && teamId !== null && teamId !== scope.teamId;
