import { z } from 'zod';
import type { PreCheckBody, PreCheckView, ServiceSummaryView, ServiceView } from '../contracts/app.ts';
import { type PreCheckVerdict, preCheckVerdicts } from '../contracts/states.ts';
import { code, shapeOf } from '../platform/http/shapes.ts';

const answer = z.enum(['yes', 'no', 'unknown']);
const verdict = z.enum(Object.keys(preCheckVerdicts) as PreCheckVerdict[]);
const amountFen = z.int();

export const byCode = z.object({ code });

/** Answers by the code of the question. */
const answers = z.record(code, answer).refine((answers) => Object.keys(answers).length <= 100, '回答的问题过多');

export const preCheckBody = shapeOf<PreCheckBody>()(z.strictObject({ packageCode: code, answers }));

export const preCheckView = shapeOf<PreCheckView>()(
  z.object({
    verdict,
    canOrder: z.boolean(),
    items: z.array(
      z.object({
        code: z.string(),
        question: z.string(),
        answer,
        verdict,
        advice: z.string().nullable(),
      }),
    ),
  }),
);

export const serviceSummaryView = shapeOf<ServiceSummaryView>()(
  z.object({
    code: z.string(),
    name: z.string(),
    summary: z.string(),
    fromFen: amountFen.nullable(),
    category: z.string(),
  }),
);

const planView = z.object({
  code: z.string(),
  name: z.string(),
  instalments: z.array(z.object({ name: z.string(), milestone: z.string(), milestoneName: z.string(), amountFen })),
});

const packageView = z.object({
  code: z.string(),
  name: z.string(),
  summary: z.string(),
  includes: z.array(z.string()),
  priceFen: amountFen,
  governmentFees: z.array(z.object({ name: z.string(), amountFen })),
  totalFen: amountFen,
  plans: z.array(planView),
  needsProvince: z.boolean(),
});

export const serviceView = shapeOf<ServiceView>()(
  z.object({
    code: z.string(),
    version: z.int(),
    name: z.string(),
    category: z.string(),
    summary: z.string(),
    description: z.array(z.string()),
    packages: z.array(packageView),
    preCheck: z.array(
      z.object({
        code: z.string(),
        question: z.string(),
        hint: z.string().optional(),
        required: z.boolean(),
        packages: z.array(z.string()).nullable(),
      }),
    ),
    refundRule: z.array(z.string()),
  }),
);
