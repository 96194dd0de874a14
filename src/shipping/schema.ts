import { z } from 'zod';
import {
  type CorrectShipmentBody,
  deliveryKinds,
  type ShipmentExportQuery,
  type ShipmentListQuery,
  shipmentStates,
  type ShipmentView,
  type ShippingAccountView,
  tradeManagements,
} from '../contracts/shipping.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { after, limit, line, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';

export const byId = z.object({ id: z.uuid() });

const filters = z.object({
  state: oneOf(shipmentStates).optional(),
  orderNumber: z
    .string()
    .regex(/^TB\d{14}$/, '订单号不正确')
    .optional(),
  late: z.stringbool('请填 true 或 false').optional(),
});
export const shipmentListQuery = queryOf<ShipmentListQuery>()(
  filters.extend({ after: after.optional(), limit: limit.default(50) }),
);
export const shipmentExportQuery = queryOf<ShipmentExportQuery>()(
  filters.extend({ format: oneOf(spreadsheetKinds).default('xlsx') }),
);
/** As much of the item as WeChat takes. */
export const correctShipmentBody = shapeOf<CorrectShipmentBody>()(
  z.strictObject({ item: line(120), kind: oneOf(deliveryKinds).optional(), reason: line(100) }),
);

const instant = z.iso.datetime();
export const shipmentView = shapeOf<ShipmentView>()(
  z.object({
    id: z.uuid(),
    orderNumber: z.string(),
    paymentNumber: z.string(),
    transactionId: z.string(),
    amountFen: z.int().describe('fen'),
    state: oneOf(shipmentStates),
    stateWords: z.string(),
    failure: z.string().nullable(),
    failureWords: z.string().nullable(),
    kind: oneOf(deliveryKinds),
    kindWords: z.string(),
    item: z.string(),
    paidAt: instant,
    deadlineAt: instant,
    isLate: z.boolean(),
    remindedAt: instant.nullable(),
    deliveredAt: instant.nullable(),
    uploadedAt: instant.nullable(),
    estimatedSettlementAt: instant.nullable(),
    confirmedAt: instant.nullable(),
    settledAt: instant.nullable(),
    correction: z
      .object({
        item: z.string(),
        kind: oneOf(deliveryKinds),
        reason: z.string(),
        askedBy: z.string().nullable(),
        askedAt: instant,
        doneAt: instant.nullable(),
      })
      .nullable(),
  }),
);
export const shippingAccountView = shapeOf<ShippingAccountView>()(
  z.object({
    managed: oneOf(tradeManagements),
    managedWords: z.string(),
    confirmed: oneOf(tradeManagements),
    askedAt: instant.nullable(),
    failure: z.string().nullable(),
  }),
);
