import { z } from 'zod';
import { deliveryKinds } from '../contracts/shipping.ts';
import { line, oneOf } from '../platform/http/shapes.ts';

/** The milestone that every service begins with: reached by ordering. */
export const PLACED = 'placed';

/** What later parts of a definition will be called. Refused until they mean something. */
export const RESERVED_KEYS: readonly string[] = ['materials', 'stages', 'clocks', 'messages'];

const serviceCode = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, '只能用小写字母、数字和连字符，以字母开头，例如 call-centre-licence');

const partCode = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, '只能用小写字母、数字和下划线，以字母开头，例如 licence_issued');

/** Up to a million yuan a line, so that an order with all its lines stays far below what a column and WeChat Pay can hold. */
const priceInFen = z.int().min(1).max(100_000_000);

const names = line(30);
const sentences = z.array(line(300)).min(1).max(30);

export const milestoneShape = z.strictObject({ code: partCode, name: names });

const instalmentShape = z.strictObject({
  name: names,
  /** Due when this milestone is reached. */
  milestone: partCode,
  /** Of the service's own price. */
  percent: z.int().min(1).max(100),
});

export const planShape = z.strictObject({
  code: partCode,
  name: names,
  instalments: z.array(instalmentShape).min(1).max(6),
  /** The milestone whose instalment carries the government fees; the first one when absent. */
  governmentFeesAt: partCode.optional(),
});

export const packageShape = z.strictObject({
  code: partCode,
  name: names,
  summary: line(100),
  includes: z.array(line(120)).min(1).max(20),
  /** Fen, without government fees. */
  priceFen: priceInFen,
  governmentFees: z
    .array(z.strictObject({ name: names, amountFen: priceInFen }))
    .max(10)
    .default([]),
  /** Codes of plans. */
  plans: z.array(partCode).min(1),
  needsProvince: z.boolean(),
  /** Can be done only for a service account whose verification holds. */
  needsVerifiedAccount: z.boolean().optional(),
  onSale: z.boolean(),
});

/** A question is put so that “yes” is the good answer. */
export const questionShape = z.strictObject({
  code: partCode,
  question: line(120),
  hint: line(200).optional(),
  /** A “no” stops the order. */
  required: z.boolean(),
  /** Codes of the packages that it is asked for; for all of them when absent. */
  packages: z.array(partCode).min(1).optional(),
  adviceIfNo: line(300),
  adviceIfUnknown: line(300),
});

export const refundStepShape = z.strictObject({
  /** From this milestone on … */
  from: partCode,
  /** … this share of what was paid for the service itself is given back. */
  percent: z.int().min(0).max(100),
});

const refundShape = z.strictObject({
  /**
   * The share that holds is the one of the last step whose milestone was reached. Government fees are not a matter of
   * steps: what has not been handed over yet is given back whole, what has been handed over never.
   */
  steps: z.array(refundStepShape).min(1).max(20),
  /** The same for people. */
  sentences,
});

const deliveryShape = z.strictObject({
  /** What is paid in the mini-program counts as delivered at WeChat from this milestone on. */
  at: partCode,
  kind: oneOf(deliveryKinds),
});

/** One service as it is written in `templates/services`. What must hold between its parts: cross-checks.ts. */
export const definitionShape = z.strictObject({
  code: serviceCode,
  name: names,
  category: names,
  summary: line(100),
  /** Paragraphs. */
  description: sentences,
  /** Place in the list of services: small ones first. */
  position: z.int().min(1).max(9999),
  onSale: z.boolean(),
  milestones: z.array(milestoneShape).min(1).max(30),
  plans: z.array(planShape).min(1).max(10),
  packages: z.array(packageShape).min(1).max(20),
  preCheck: z.array(questionShape).max(50),
  refund: refundShape,
  delivery: deliveryShape,
});

export type ServiceDefinition = z.output<typeof definitionShape>;
export type PlanDefinition = z.output<typeof planShape>;
export type PackageDefinition = z.output<typeof packageShape>;
export type QuestionDefinition = z.output<typeof questionShape>;
export type RefundStepDefinition = z.output<typeof refundStepShape>;

/** The questions that are asked of someone who wants this package. */
export const questionsFor = (definition: ServiceDefinition, packageCode: string): QuestionDefinition[] =>
  definition.preCheck.filter((question) => !question.packages || question.packages.includes(packageCode));
