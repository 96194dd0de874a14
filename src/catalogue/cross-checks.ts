import type { z } from 'zod';
import {
  milestoneShape,
  packageShape,
  PLACED,
  type PackageDefinition,
  type PlanDefinition,
  planShape,
  questionShape,
  type RefundStepDefinition,
  refundStepShape,
} from './definition.ts';
import { instalmentAmounts, totalOf } from './price.ts';

type Path = readonly (string | number)[];

/** Something wrong with a definition, and where in it. */
export interface DefinitionFault {
  path: Path;
  /** Chinese, for the administrator who writes the file. */
  sentence: string;
}

/** A part of a list that is well-formed in itself, and where it stands. */
interface Readable<T> {
  at: number;
  value: T;
}

/**
 * What must hold between the parts of a definition. Parts that are ill-formed in themselves are passed over, they are reported
 * elsewhere: so one look at a file tells everything that is wrong with it.
 */
export function crossCheck(raw: Record<string, unknown>): DefinitionFault[] {
  const plans = readable(planShape, raw.plans);
  const packages = readable(packageShape, raw.packages);
  const questions = readable(questionShape, raw.preCheck);
  const refundSteps = readable(refundStepShape, (raw.refund as { steps?: unknown } | null | undefined)?.steps);
  const milestones = codesIn(raw.milestones);
  return [
    ...['milestones', 'plans', 'packages', 'preCheck'].flatMap((list) => repeatedCodes(list, raw[list])),
    ...firstMilestone(readable(milestoneShape, raw.milestones)),
    ...plans.flatMap((plan) => planFaults(plan, milestones)),
    ...packages.flatMap((bought) => planReferences(bought, codesIn(raw.plans))),
    ...packages.flatMap((bought) => emptyInstalments(bought, plans)),
    ...questions.flatMap(({ at, value }) =>
      unknownOrRepeated(['preCheck', at, 'packages'], value.packages ?? [], codesIn(raw.packages), '套餐'),
    ),
    ...refundFaults(refundSteps, milestones),
    ...deliveryFaults(raw.delivery, milestones),
  ];
}

function readable<T>(shape: z.ZodType<T>, list: unknown): Readable<T>[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, at) => {
    const parsed = shape.safeParse(item);
    return parsed.success ? [{ at, value: parsed.data }] : [];
  });
}

/** The codes of a list, those of ill-formed parts too: a reference to them is right. */
function codesIn(list: unknown): unknown[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => (item as { code?: unknown } | null)?.code);
}

function repeatedCodes(list: string, items: unknown): DefinitionFault[] {
  const codes = codesIn(items);
  return codes.flatMap((code, at) =>
    typeof code !== 'string' || codes.indexOf(code) === at
      ? []
      : [{ path: [list, at, 'code'], sentence: `编码“${code}”在 ${list} 中重复` }],
  );
}

function firstMilestone(milestones: Readable<{ code: string }>[]): DefinitionFault[] {
  const first = milestones.find(({ at }) => at === 0);
  if (!first || first.value.code === PLACED) return [];
  return [{ path: ['milestones', 0, 'code'], sentence: `第一个里程碑必须是 ${PLACED}（下单）` }];
}

function planFaults({ at, value: plan }: Readable<PlanDefinition>, milestones: unknown[]): DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  const path = ['plans', at, 'instalments'];
  const percent = percentOf(plan);
  if (percent !== 100) faults.push({ path, sentence: `各期比例之和必须为 100，现在是 ${percent}` });
  if (plan.instalments[0]!.milestone !== PLACED)
    faults.push({ path: [...path, 0, 'milestone'], sentence: `第一期必须在 ${PLACED}（下单）时支付` });
  const due = plan.instalments.map((instalment) => instalment.milestone);
  faults.push(...outOfOrder(due, milestones, (instalment) => [...path, instalment, 'milestone']));
  if (plan.governmentFeesAt !== undefined && !due.includes(plan.governmentFeesAt)) {
    const sentence = `本付款方式没有在里程碑“${plan.governmentFeesAt}”支付的一期`;
    faults.push({ path: ['plans', at, 'governmentFeesAt'], sentence });
  }
  return faults;
}

const percentOf = (plan: PlanDefinition): number => plan.instalments.reduce((sum, { percent }) => sum + percent, 0);

/** Steps of money follow the work: each at a milestone that exists, and later than the one before. */
function outOfOrder(codes: string[], milestones: unknown[], pathOf: (at: number) => Path): DefinitionFault[] {
  return codes.flatMap((code, at) => {
    if (!milestones.includes(code)) return [{ path: pathOf(at), sentence: `没有里程碑“${code}”` }];
    const before = codes[at - 1];
    if (before === undefined || milestones.indexOf(before) < milestones.indexOf(code)) return [];
    return [{ path: pathOf(at), sentence: `里程碑“${code}”必须晚于上一项的“${before}”` }];
  });
}

const planReferences = ({ at, value }: Readable<PackageDefinition>, plans: unknown[]): DefinitionFault[] =>
  unknownOrRepeated(['packages', at, 'plans'], value.plans, plans, '付款方式');

function unknownOrRepeated(path: Path, codes: string[], known: unknown[], what: string): DefinitionFault[] {
  return codes.flatMap((code, at) => {
    if (!known.includes(code)) return [{ path: [...path, at], sentence: `没有${what}“${code}”` }];
    if (codes.indexOf(code) !== at) return [{ path: [...path, at], sentence: `${what}“${code}”重复` }];
    return [];
  });
}

/** WeChat takes no payment of nothing. */
function emptyInstalments(
  { at, value: bought }: Readable<PackageDefinition>,
  plans: Readable<PlanDefinition>[],
): DefinitionFault[] {
  return plans
    .filter(({ value: plan }) => bought.plans.includes(plan.code) && percentOf(plan) === 100)
    .filter(({ value: plan }) =>
      instalmentAmounts(bought.priceFen, totalOf(bought.governmentFees), plan).some(({ amountFen }) => amountFen < 1),
    )
    .map(({ value: plan }) => ({
      path: ['packages', at, 'priceFen'],
      sentence: `按付款方式“${plan.code}”分期后有一期不足 1 分`,
    }));
}

function refundFaults(steps: Readable<RefundStepDefinition>[], milestones: unknown[]): DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  const pathOf = (step: number, key: string): Path => ['refund', 'steps', steps[step]!.at, key];
  const first = steps[0];
  if (first?.at === 0 && (first.value.from !== PLACED || first.value.percent !== 100))
    faults.push({
      path: ['refund', 'steps', 0],
      sentence: `第一步必须是 from: ${PLACED}, percent: 100（开工前全额退款）`,
    });
  const from = steps.map(({ value }) => value.from);
  faults.push(...outOfOrder(from, milestones, (step) => pathOf(step, 'from')));
  steps.forEach(({ value }, step) => {
    const before = steps[step - 1];
    if (before && value.percent > before.value.percent)
      faults.push({ path: pathOf(step, 'percent'), sentence: `退款比例不能高于上一步的 ${before.value.percent}` });
  });
  return faults;
}

function deliveryFaults(delivery: unknown, milestones: unknown[]): DefinitionFault[] {
  const at = (delivery as { at?: unknown } | null | undefined)?.at;
  if (typeof at !== 'string' || milestones.includes(at)) return [];
  return [{ path: ['delivery', 'at'], sentence: `没有里程碑“${at}”` }];
}
