import { z } from 'zod';
import type { OrderSummaryView, OrderView, PaymentView } from '../contracts/app.ts';
import {
  cancelReasons,
  instalmentStates,
  lineKinds,
  orderStates,
  paymentStates,
  paymentWays,
  preCheckVerdicts,
} from '../contracts/states.ts';
import type { StaffOrderRowView, StaffOrderView } from '../contracts/staff-orders.ts';
import { shapeOf } from '../platform/http/shapes.ts';

const oneOf = <T extends string>(words: Record<T, string>) => z.enum(Object.keys(words) as [T, ...T[]]);
const moment = z.iso.datetime();
const amount = z.int().describe('fen');

export const paymentView = shapeOf<PaymentView>()(
  z.object({
    number: z.string(),
    way: oneOf(paymentWays),
    state: oneOf(paymentStates),
    amountFen: amount,
    expiresAt: moment,
    paidAt: moment.nullable(),
  }),
);

const summary = z.object({
  number: z.string(),
  state: oneOf(orderStates),
  serviceName: z.string(),
  packageName: z.string(),
  amountFen: amount,
  paidFen: amount,
  dueFen: amount,
  placedAt: moment,
  expiresAt: moment.nullable(),
});

export const orderSummaryView = shapeOf<OrderSummaryView>()(summary);

const whole = summary.extend({
  serviceCode: z.string(),
  serviceVersion: z.int(),
  province: z.string().nullable(),
  buyer: z.object({
    kind: z.enum(['company', 'person']),
    companyName: z.string().nullable(),
    creditCode: z.string().nullable(),
    contactName: z.string(),
    contactPhoneMasked: z.string(),
  }),
  note: z.string().nullable(),
  cancelReason: oneOf(cancelReasons).nullable(),
  cancelledAt: moment.nullable(),
  lines: z.array(z.object({ kind: oneOf(lineKinds), name: z.string(), amountFen: amount })),
  instalments: z.array(
    z.object({
      position: z.int(),
      name: z.string(),
      milestoneName: z.string(),
      amountFen: amount,
      state: oneOf(instalmentStates),
      paidAt: moment.nullable(),
    }),
  ),
  milestones: z.array(z.object({ code: z.string(), name: z.string(), reachedAt: moment.nullable() })),
  preCheck: z.array(
    z.object({
      code: z.string(),
      question: z.string(),
      answer: z.enum(['yes', 'no', 'unknown']),
      verdict: oneOf(preCheckVerdicts),
      advice: z.string().nullable(),
    }),
  ),
  canPay: z.boolean(),
  canCancel: z.boolean(),
  payment: paymentView.nullable(),
  disputedFen: amount,
});
export const orderView = shapeOf<OrderView>()(whole);

const ofCustomer = { customerId: z.uuid() };
export const staffOrderRowView = shapeOf<StaffOrderRowView>()(summary.extend(ofCustomer));
export const staffOrderView = shapeOf<StaffOrderView>()(whole.extend(ofCustomer));
