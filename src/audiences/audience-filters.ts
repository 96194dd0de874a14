import type { SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { CustomerTag } from '../../entities/customer-tag.ts';
import type { Order } from '../../entities/order.ts';
import { Milestone } from '../../entities/order-parts.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { AudienceQuery } from '../contracts/audiences.ts';
import { followStates } from '../contracts/customers.ts';
import { provinces } from '../contracts/provinces.ts';
import { orderStates } from '../contracts/states.ts';
import { startOfDay, startOfNextDay } from '../platform/calendar.ts';
import { code, line, oneOf } from '../platform/http/shapes.ts';

/** Orders joined with their customers: `placed` and `customer`. */
export type PlacedOrders = SelectQueryBuilder<Order>;

/** One way to narrow an audience. What a later feature knows of customers is one more entry here. */
interface Filter<Value> {
  shape: z.ZodType<Value>;
  /** It says why the message concerns the person; a tag or a province alone does not. */
  isConcern: boolean;
  apply(found: PlacedOrders, value: Value): void;
}

const some = <Shape extends z.ZodType>(shape: Shape) => z.array(shape).min(1, '请至少选择一项').max(50);
const filter = <Value>(made: Filter<Value>) => made;

function filterByMilestone(found: PlacedOrders, state: 'reached' | 'pending', milestone: string): void {
  const is = state === 'reached' ? 'IS NOT NULL' : 'IS NULL';
  const step = found
    .subQuery()
    .select('1')
    .from(Milestone, state)
    .where(`${state}.orderId = placed.id AND ${state}.code = :${state} AND ${state}.reachedAt ${is}`);
  found.andWhere(`EXISTS ${step.getQuery()}`, { [state]: milestone });
}

export const audienceFilters = {
  services: filter({
    shape: some(code),
    isConcern: true,
    apply: (found, services) => void found.andWhere('placed.serviceCode IN (:...services)', { services }),
  }),
  packages: filter({
    shape: some(code),
    isConcern: true,
    apply: (found, packages) => void found.andWhere('placed.packageCode IN (:...packages)', { packages }),
  }),
  orderStates: filter({
    shape: some(oneOf(orderStates)),
    isConcern: true,
    apply: (found, states) => void found.andWhere('placed.state IN (:...states)', { states }),
  }),
  milestone: filter({
    shape: code,
    isConcern: true,
    apply: (found, milestone) => filterByMilestone(found, 'reached', milestone),
  }),
  milestonePending: filter({
    shape: code,
    isConcern: true,
    apply: (found, milestone) => filterByMilestone(found, 'pending', milestone),
  }),
  orderedFrom: filter({
    shape: z.iso.date('日期格式不正确，例如 2026-11-25'),
    isConcern: false,
    apply: (found, from) => void found.andWhere('placed.placedAt >= :from', { from: startOfDay(from) }),
  }),
  orderedTo: filter({
    shape: z.iso.date('日期格式不正确，例如 2026-11-25'),
    isConcern: false,
    apply: (found, to) => void found.andWhere('placed.placedAt < :until', { until: startOfNextDay(startOfDay(to)) }),
  }),
  provinces: filter({
    shape: some(z.enum(provinces, '没有这个省份')),
    isConcern: false,
    apply: (found, names) => void found.andWhere('placed.province IN (:...provinces)', { provinces: names }),
  }),
  company: filter({
    shape: line(60),
    isConcern: false,
    apply: (found, company) => void found.andWhere('INSTR(placed.companyName, :company) > 0', { company }),
  }),
  tags: filter({
    shape: some(line(16)),
    isConcern: false,
    apply(found, tags) {
      const tagged = found
        .subQuery()
        .select('1')
        .from(CustomerTag, 'tagged')
        .where('tagged.customerId = placed.customerId AND tagged.tag IN (:...tags)');
      found.andWhere(`EXISTS ${tagged.getQuery()}`, { tags });
    },
  }),
  follow: filter({
    shape: some(oneOf(followStates)),
    isConcern: false,
    apply(found, follow) {
      const known = found
        .subQuery()
        .select('1')
        .from(WechatIdentity, 'known')
        .where("known.customerId = placed.customerId AND known.appKind = 'official-account'");
      const named = `EXISTS ${known.clone().andWhere('known.follow IN (:...follow)').getQuery()}`;
      const unknown = `NOT EXISTS ${known.clone().andWhere('known.follow IS NOT NULL').getQuery()}`;
      found.andWhere(follow.includes('unknown') ? `(${named} OR ${unknown})` : named, { follow });
    },
  }),
} satisfies { [Name in keyof AudienceQuery]-?: unknown };

type FilterName = keyof typeof audienceFilters;
const names = Object.keys(audienceFilters) as FilterName[];

/** Shape of a query: any of the filters, and at least one that says whom the event concerns. */
export const audienceQuery = z
  .strictObject(
    Object.fromEntries(names.map((name) => [name, audienceFilters[name].shape.optional()])) as {
      [Name in FilterName]: z.ZodOptional<(typeof audienceFilters)[Name]['shape']>;
    },
  )
  .refine(
    (query) => names.some((name) => audienceFilters[name].isConcern && query[name] !== undefined),
    '请至少按服务项目、套餐、订单状态或里程碑筛选：服务通知只能发给与该事项有关的客户',
  );

export function applyFilters(found: PlacedOrders, query: AudienceQuery): void {
  for (const name of names) {
    const value = query[name];
    if (value !== undefined) (audienceFilters[name] as Filter<unknown>).apply(found, value);
  }
}
