import { In, MoreThan } from 'typeorm';
import { ListedPerson } from '../../entities/audience-list.ts';
import type { CampaignScope } from '../../entities/campaign.ts';
import { Customer } from '../../entities/customer.ts';
import { Order } from '../../entities/order.ts';
import type { AudienceQuery } from '../contracts/audiences.ts';
import type { Work } from '../platform/work.ts';
import { applyFilters, type PlacedOrders } from './audience-filters.ts';

/** Whom a campaign is for, once a segment is resolved into its filters. */
export type Audience = { kind: 'query'; query: AudienceQuery } | { kind: 'list'; listId: string };

/** Somebody whom the event concerns, by their newest order that the audience names. */
export interface Concerned {
  customerId: string;
  /** Orders that the audience names. */
  orders: number;
  orderNumber: string | undefined;
  serviceName: string | undefined;
  /** What a list says to this person. */
  facts: Record<string, unknown>;
  isForeign: boolean;
}

interface Found {
  customerId: string;
  teamId: string | null;
  orderId: string | null;
  orders: number;
  facts: Record<string, unknown>;
}

/** The next people of an audience, in the order of their ids. @param after the last person of the slice before */
export async function readAudience(
  work: Work,
  audience: Audience,
  scope: CampaignScope,
  slice: { after: string | null; limit: number },
): Promise<Concerned[]> {
  const people =
    audience.kind === 'list'
      ? await findListed(work, audience.listId, slice)
      : await findByQuery(work, audience.query, slice);
  const orders = await ordersById(
    work,
    people.flatMap(({ orderId }) => orderId ?? []),
  );
  return people.map(({ customerId, teamId, orderId, facts, orders: count }) => {
    const { orderNumber, serviceName } = orders.get(orderId ?? '') ?? {};
    return { customerId, orders: count, orderNumber, serviceName, facts, isForeign: isForeign(scope, teamId) };
  });
}

/** How many people filters find. */
export async function countAudience(work: Work, query: AudienceQuery): Promise<number> {
  const row = await placedOrders(work, query)
    .select('COUNT(DISTINCT placed.customerId)', 'people')
    .getRawOne<{ people: number | string }>();
  return Number(row!.people);
}

function placedOrders({ db }: Work, query: AudienceQuery): PlacedOrders {
  const placed: PlacedOrders = db
    .createQueryBuilder(Order, 'placed')
    .innerJoin(Customer, 'customer', 'customer.id = placed.customerId')
    .where('customer.mergedIntoId IS NULL');
  applyFilters(placed, query);
  return placed;
}

async function findByQuery(
  work: Work,
  query: AudienceQuery,
  { after, limit }: { after: string | null; limit: number },
): Promise<Found[]> {
  const placed = placedOrders(work, query)
    .select(['placed.customerId AS customerId', 'customer.teamId AS teamId'])
    // Ids sort by age, so the greatest is the newest.
    .addSelect('MAX(placed.id)', 'orderId')
    .addSelect('COUNT(*)', 'orders');
  if (after) placed.andWhere('placed.customerId > :after', { after });
  const rows = await placed
    .groupBy('placed.customerId, customer.teamId')
    .orderBy('placed.customerId')
    .limit(limit)
    .getRawMany<Omit<Found, 'orders' | 'facts'> & { orders: number | string }>();
  return rows.map((row) => ({ ...row, orders: Number(row.orders), facts: {} }));
}

async function findListed(
  { db }: Work,
  listId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Found[]> {
  const listed = await db.find(ListedPerson, {
    where: { listId, ...(after ? { customerId: MoreThan(after) } : {}) },
    order: { customerId: 'ASC' },
    take: limit,
  });
  const customers = await db.find(Customer, {
    select: { id: true, teamId: true },
    where: { id: In(listed.map(({ customerId }) => customerId)) },
  });
  const teams = new Map(customers.map(({ id, teamId }) => [id, teamId]));
  return listed.map(({ customerId, orderId, facts }) => ({
    customerId,
    orderId,
    facts,
    orders: 1,
    teamId: teams.get(customerId) ?? null,
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
