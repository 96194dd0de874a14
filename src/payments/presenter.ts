import { renderSVG } from 'uqr';
import type { Payment } from '../../entities/payment.ts';
import type { StartedPaymentView } from '../contracts/app.ts';
import { presentPayment } from '../orders/index.ts';
import type { Desk } from '../platform/work.ts';

export const presentStarted = (desk: Desk, payment: Payment): StartedPaymentView => ({
  ...presentPayment(payment),
  payParameters: payment.prepayId ? desk.pay.payParametersFor(payment.appid, payment.prepayId) : null,
  qrSvg: payment.codeUrl ? renderSVG(payment.codeUrl, { border: 2 }) : null,
  codeUrl: payment.codeUrl,
  h5Url: payment.h5Url,
});
