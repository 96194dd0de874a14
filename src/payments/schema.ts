import { z } from 'zod';
import type { StartedPaymentView, StartPaymentBody } from '../contracts/app.ts';
import { paymentWays } from '../contracts/states.ts';
import { paymentView } from '../orders/index.ts';
import { shapeOf } from '../platform/http/shapes.ts';

export const startPaymentBody = shapeOf<StartPaymentBody>()(
  z.strictObject({ way: z.enum(Object.keys(paymentWays) as [keyof typeof paymentWays], { error: '请选择支付方式' }) }),
);

export const byPaymentNumber = z.object({ number: z.string().regex(/^P\d{20}$/, '支付单号不正确') });

export const startedPaymentView = shapeOf<StartedPaymentView>()(
  paymentView.extend({
    payParameters: z
      .object({
        appId: z.string(),
        timeStamp: z.string(),
        nonceStr: z.string(),
        package: z.string(),
        signType: z.literal('RSA'),
        paySign: z.string(),
      })
      .nullable(),
    qrSvg: z.string().nullable(),
    codeUrl: z.string().nullable(),
    h5Url: z.string().nullable(),
  }),
);
