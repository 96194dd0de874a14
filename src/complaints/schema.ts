import { z } from 'zod';
import {
  type AnswerComplaintBody,
  complaintDeeds,
  type ComplaintDeedView,
  complaintDeedStates,
  complaintEntryKinds,
  type ComplaintExportQuery,
  type ComplaintImageView,
  type ComplaintListQuery,
  complaintProblems,
  type ComplaintRowView,
  complaintStates,
  type ComplaintView,
  type DecideComplaintRefundBody,
} from '../contracts/complaints.ts';
import type { UnmaskBody, UnmaskedPhoneView } from '../contracts/customers.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { after, limit, line, lines, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';
import { answerLimits } from '../platform/wechat-pay/index.ts';
import { proposalView } from '../refunds/index.ts';

const flag = z.stringbool('请填 true 或 false');

export const byId = z.object({ id: z.uuid() });
export const byImage = byId.extend({ name: z.string().regex(/^[0-9a-f]{32}$/) });

const filters = z.object({
  state: oneOf(complaintStates).optional(),
  open: flag.optional(),
  overdue: flag.optional(),
  orderNumber: z
    .string()
    .regex(/^TB\d{14}$/, '订单号不正确')
    .optional(),
});
export const listQuery = queryOf<ComplaintListQuery>()(
  filters.extend({ after: after.optional(), limit: limit.default(50) }),
);
export const exportQuery = queryOf<ComplaintExportQuery>()(
  filters.extend({ format: oneOf(spreadsheetKinds).default('xlsx') }),
);

const images = z.array(z.uuid()).max(answerLimits.images, `最多 ${answerLimits.images} 张图片`);
export const answerBody = shapeOf<AnswerComplaintBody>()(
  z.strictObject({
    content: lines(answerLimits.content).refine((text) => text.length > 0, '请填写'),
    images: images.optional(),
  }),
);
export const decisionBody = shapeOf<DecideComplaintRefundBody>()(
  z.discriminatedUnion('decision', [
    z.strictObject({ decision: z.literal('grant'), withinDays: z.int().min(0).max(30) }),
    z.strictObject({ decision: z.literal('decline'), reason: line(200), images: images.optional() }),
  ]),
);
export const unmaskBody = shapeOf<UnmaskBody>()(z.strictObject({ reason: line(100) }));

const fen = z.int().describe('fen');
const instant = z.iso.datetime();
const row = {
  id: z.uuid(),
  complaintId: z.string(),
  state: oneOf(complaintStates),
  stateWords: z.string(),
  problem: oneOf(complaintProblems),
  problemWords: z.string(),
  title: z.string(),
  content: z.string(),
  orderNumber: z.string().nullable(),
  transactionId: z.string().nullable(),
  amountFen: fen.nullable(),
  askedFen: fen.nullable(),
  isFullyRefunded: z.boolean(),
  times: z.int(),
  complainedAt: instant,
  waitingSince: instant.nullable(),
  answeredAt: instant.nullable(),
  completedAt: instant.nullable(),
  dueAt: instant.nullable(),
  isOverdue: z.boolean(),
};
export const rowView = shapeOf<ComplaintRowView>()(z.object(row));
export const deedView = shapeOf<ComplaintDeedView>()(
  z.object({
    id: z.uuid(),
    kind: oneOf(complaintDeeds),
    kindWords: z.string(),
    state: oneOf(complaintDeedStates),
    stateWords: z.string(),
    failure: z.string().nullable(),
    content: z.string().nullable(),
    by: z.string(),
    createdAt: instant,
    endedAt: instant.nullable(),
  }),
);
export const complaintView = shapeOf<ComplaintView>()(
  z.object({
    ...row,
    customer: z.object({ id: z.uuid(), nickname: z.string().nullable() }).nullable(),
    phoneMasked: z.string().nullable(),
    images: z.array(z.string()),
    history: z.array(
      z.object({
        kind: oneOf(complaintEntryKinds),
        kindWords: z.string(),
        operator: z.string(),
        content: z.string(),
        images: z.array(z.string()),
        at: instant,
      }),
    ),
    deeds: z.array(deedView),
    refundProposal: proposalView.nullable(),
  }),
);
export const imageView = shapeOf<ComplaintImageView>()(z.object({ id: z.uuid() }));
export const phoneView = shapeOf<UnmaskedPhoneView>()(z.object({ phone: z.string().nullable() }));
