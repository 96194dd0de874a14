import type { LineKind } from '../contracts/states.ts';
import type { PackageDefinition, PlanDefinition, ServiceDefinition } from './definition.ts';
import { packageNotOnSale, planNotOffered } from './errors.ts';

interface PriceLine {
  kind: LineKind;
  name: string;
  amountFen: number;
}

export interface PriceInstalment {
  name: string;
  /** Due when this milestone is reached. */
  milestone: string;
  milestoneName: string;
  amountFen: number;
  /** The share of `amountFen` that is collected for an authority. */
  governmentFen: number;
}

/** What a package costs: the lines and the instalments both sum to `amountFen`. */
export interface Price {
  amountFen: number;
  lines: PriceLine[];
  /** In the order in which they become due; the first one by ordering. */
  instalments: PriceInstalment[];
}

export const totalOf = (items: readonly { amountFen: number }[]): number =>
  items.reduce((sum, { amountFen }) => sum + amountFen, 0);

/**
 * The price of a package under a plan.
 * @throws {AppError} catalogue.package_not_on_sale; request.invalid (`planCode`) when the package is not sold under that plan
 */
export function priceOf(definition: ServiceDefinition, packageCode: string, planCode: string): Price {
  const bought = getPackage(definition, packageCode);
  const plan = definition.plans.find(({ code }) => code === planCode);
  if (!plan || !bought.plans.includes(planCode)) throw planNotOffered();
  const lines: PriceLine[] = [
    { kind: 'service', name: `${definition.name}·${bought.name}`, amountFen: bought.priceFen },
    ...bought.governmentFees.map((fee) => ({ kind: 'government_fee' as const, ...fee })),
  ];
  const amounts = instalmentAmounts(bought.priceFen, totalOf(bought.governmentFees), plan);
  const instalments = plan.instalments.map(({ name, milestone }, at) => {
    const milestoneName = definition.milestones.find(({ code }) => code === milestone)!.name;
    return { name, milestone, milestoneName, ...amounts[at]! };
  });
  return { amountFen: totalOf(lines), lines, instalments };
}

/** @throws {AppError} catalogue.package_not_on_sale, also when the service is not, or has no such package */
export function getPackage(definition: ServiceDefinition, packageCode: string): PackageDefinition {
  const found = definition.packages.find(({ code }) => code === packageCode);
  if (!found || !found.onSale || !definition.onSale) throw packageNotOnSale(packageCode);
  return found;
}

/** Splits the service's own price by percent, rounded down, the last one taking the rest; government fees ride on one instalment whole. */
export function instalmentAmounts(
  serviceFen: number,
  governmentFen: number,
  plan: PlanDefinition,
): { amountFen: number; governmentFen: number }[] {
  const feesAt = plan.governmentFeesAt ?? plan.instalments[0]!.milestone;
  let left = serviceFen;
  return plan.instalments.map(({ milestone, percent }, at) => {
    const isLast = at === plan.instalments.length - 1;
    const share = isLast ? left : Math.floor((serviceFen * percent) / 100);
    left -= share;
    const fees = milestone === feesAt ? governmentFen : 0;
    return { amountFen: share + fees, governmentFen: fees };
  });
}
