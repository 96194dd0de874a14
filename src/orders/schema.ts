import { z } from 'zod';
import type { PlaceOrderBody } from '../contracts/app.ts';
import type { ReachMilestoneBody, StaffOrderListQuery } from '../contracts/staff-orders.ts';
import { provinces } from '../contracts/provinces.ts';
import { orderStates } from '../contracts/states.ts';
import { after, code, limit, line, lines, phone, queryOf, shapeOf } from '../platform/http/shapes.ts';
import { isCreditCode } from './credit-code.ts';

const buyer = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('company'),
      companyName: line(60),
      creditCode: z.string().trim().toUpperCase().refine(isCreditCode, '统一社会信用代码不正确，请核对 18 位代码'),
      contactName: line(30),
      contactPhone: phone,
    }),
    z.strictObject({ kind: z.literal('person'), contactName: line(30), contactPhone: phone }),
  ],
  { error: '请选择为公司还是个人办理' },
);

/** Unknown fields are refused: a price, a state or a customer id sent by the phone never passes quietly. */
export const placeOrderBody = shapeOf<PlaceOrderBody>()(
  z.strictObject({
    serviceCode: code,
    serviceVersion: z.int().min(1),
    packageCode: code,
    planCode: code,
    province: z
      .string()
      .refine((name) => (provinces as readonly string[]).includes(name), '请选择省份')
      .optional(),
    buyer,
    answers: z.record(code, z.enum(['yes', 'no', 'unknown'])),
    note: lines(200).optional(),
  }),
);

export const byNumber = z.object({ number: z.string().regex(/^TB\d{14}$/, '订单号不正确') });

export const orderListQuery = z.object({
  state: z.enum(Object.keys(orderStates) as [keyof typeof orderStates]).optional(),
  after: after.optional(),
  limit: limit.default(20),
});

const day = z.iso.date('日期格式为 YYYY-MM-DD');
export const staffOrderListQuery = queryOf<StaffOrderListQuery>()(
  z.object({
    state: z.enum(Object.keys(orderStates) as [keyof typeof orderStates]).optional(),
    customerId: z.uuid('客户编号不正确').optional(),
    serviceCode: code.optional(),
    from: day.optional(),
    to: day.optional(),
    after: after.optional(),
    limit: limit.default(50),
  }),
);
export const reachMilestoneBody = shapeOf<ReachMilestoneBody>()(z.strictObject({ code }));
