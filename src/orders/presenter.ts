import type { Order } from '../../entities/order.ts';
import type { Payment } from '../../entities/payment.ts';
import type { OrderSummaryView, OrderView, PaymentView } from '../contracts/app.ts';
import { maskPhone } from '../platform/masks.ts';
import type { Work } from '../platform/work.ts';
import type { WholeOrder } from './find-order.ts';
import { contactPhonePlace } from './place-order.ts';
import { canCancel, findDueInstalment, takesMoney } from './policy.ts';

export const presentSummary = (order: Order, dueFen: number): OrderSummaryView => ({
  number: order.number,
  state: order.state,
  serviceName: order.serviceName,
  packageName: order.packageName,
  amountFen: order.amountFen,
  paidFen: order.paidFen,
  dueFen: takesMoney(order) ? dueFen : 0,
  placedAt: order.placedAt.toISOString(),
  expiresAt: order.expiresAt?.toISOString() ?? null,
});

export const presentPayment = (payment: Payment): PaymentView => ({
  number: payment.number,
  way: payment.way,
  state: payment.state,
  amountFen: payment.amountFen,
  expiresAt: payment.expiresAt.toISOString(),
  paidAt: payment.paidAt?.toISOString() ?? null,
});

export function presentOrder(work: Work, whole: WholeOrder): OrderView {
  const { order, lines, instalments, milestones, payments, disputed } = whole;
  const due = findDueInstalment(instalments);
  const underWay = payments.find((payment) => payment.isUnderWay);
  const milestoneNames = new Map(milestones.map((milestone) => [milestone.code, milestone.name]));
  return {
    ...presentSummary(order, due?.amountFen ?? 0),
    serviceCode: order.serviceCode,
    serviceVersion: order.serviceVersion,
    province: order.province,
    buyer: {
      kind: order.buyerKind,
      companyName: order.companyName,
      creditCode: order.creditCode,
      contactName: order.contactName,
      contactPhoneMasked: maskPhone(work.vault.open(order.contactPhoneSealed, contactPhonePlace(order.id))),
    },
    note: order.note,
    cancelReason: order.cancelReason,
    cancelledAt: order.cancelledAt?.toISOString() ?? null,
    lines: lines.map(({ kind, name, amountFen }) => ({ kind, name, amountFen })),
    instalments: instalments.map((instalment) => ({
      position: instalment.position,
      name: instalment.name,
      milestoneName: milestoneNames.get(instalment.milestone) ?? '',
      amountFen: instalment.amountFen,
      state: instalment.state,
      paidAt: instalment.paidAt?.toISOString() ?? null,
    })),
    milestones: milestones.map(({ code, name, reachedAt }) => ({
      code,
      name,
      reachedAt: reachedAt?.toISOString() ?? null,
    })),
    preCheck: order.preCheck,
    canPay: takesMoney(order) && due !== null,
    canCancel: canCancel(order),
    payment: underWay ? presentPayment(underWay) : null,
    disputedFen: disputed.reduce((sum, money) => sum + money.amountFen, 0),
  };
}
