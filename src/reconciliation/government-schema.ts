import { z } from 'zod';
import type {
  GovernmentFeesView,
  GovernmentPaymentBody,
  GovernmentPaymentView,
  GovernmentWithdrawalBody,
} from '../contracts/government-payments.ts';
import { line, shapeOf } from '../platform/http/shapes.ts';
import { day } from './schema.ts';

const orderNumber = z.string().regex(/^TB\d{14}$/, '订单号不正确');
const fen = z.int().describe('fen');

export const byOrder = z.object({ number: orderNumber });
export const byPayment = z.object({ number: orderNumber, id: z.uuid() });
export const governmentPaymentBody = shapeOf<GovernmentPaymentBody>()(
  z.strictObject({
    amountFen: z.int('金额须为整数（单位：分）').min(1, '金额须大于 0').max(2_147_483_647, '金额过大'),
    paidOn: day,
    authority: line(60),
    receiptNumber: line(60),
    attachmentId: z.uuid().optional(),
  }),
);
export const governmentWithdrawalBody = shapeOf<GovernmentWithdrawalBody>()(z.strictObject({ day, reason: line(100) }));

export const governmentPaymentView = shapeOf<GovernmentPaymentView>()(
  z.object({
    id: z.uuid(),
    orderNumber: z.string(),
    amountFen: fen,
    paidOn: z.string(),
    authority: z.string(),
    receiptNumber: z.string(),
    attachment: z.string().nullable(),
    recordedBy: z.string(),
    recordedAt: z.iso.datetime(),
    withdrawnOn: z.string().nullable(),
    withdrawnReason: z.string().nullable(),
    withdrawnBy: z.string().nullable(),
    withdrawnAt: z.iso.datetime().nullable(),
  }),
);
export const governmentFeesView = shapeOf<GovernmentFeesView>()(
  z.object({
    orderNumber: z.string(),
    collectedFen: fen,
    refundedFen: fen,
    passedOnFen: fen,
    leftFen: fen,
    payments: governmentPaymentView.array(),
  }),
);
