import type { Payment } from '../../entities/payment.ts';
import type { Shipment } from '../../entities/shipment.ts';
import { deliveryKinds, shipmentFailures, shipmentStates, type ShipmentView } from '../contracts/shipping.ts';

/** What a shipment refers to. */
export interface Known {
  orderNumbers: ReadonlyMap<string, string>;
  payments: ReadonlyMap<string, Payment>;
  /** Of staff. */
  names: ReadonlyMap<string, string>;
  isLate: boolean;
}

export function presentShipment(shipment: Shipment, { orderNumbers, payments, names, isLate }: Known): ShipmentView {
  const payment = payments.get(shipment.paymentId)!;
  return {
    id: shipment.id,
    orderNumber: orderNumbers.get(shipment.orderId)!,
    paymentNumber: payment.number,
    transactionId: shipment.transactionId,
    amountFen: payment.amountFen,
    state: shipment.state,
    stateWords: shipmentStates[shipment.state],
    failure: shipment.failure,
    failureWords: shipment.failure && (wordsOf(shipment.failure) ?? shipment.failure),
    kind: shipment.kind,
    kindWords: deliveryKinds[shipment.kind],
    item: shipment.item,
    paidAt: shipment.paidAt.toISOString(),
    deadlineAt: shipment.deadlineAt.toISOString(),
    isLate,
    remindedAt: instant(shipment.remindedAt),
    deliveredAt: instant(shipment.deliveredAt),
    uploadedAt: instant(shipment.uploadedAt),
    estimatedSettlementAt: instant(shipment.estimatedSettlementAt),
    confirmedAt: instant(shipment.confirmedAt),
    settledAt: instant(shipment.settledAt),
    correction: presentCorrection(shipment, names),
  };
}

function presentCorrection(
  { correctionItem, correctionKind, correctionReason, correctedBy, correctionAskedAt, correctedAt }: Shipment,
  names: Known['names'],
): ShipmentView['correction'] {
  if (!correctionAskedAt) return null;
  return {
    item: correctionItem!,
    kind: correctionKind!,
    reason: correctionReason!,
    askedBy: names.get(correctedBy ?? '') ?? null,
    askedAt: correctionAskedAt.toISOString(),
    doneAt: instant(correctedAt),
  };
}

const wordsOf = (failure: string): string | undefined =>
  (shipmentFailures as Readonly<Record<string, string>>)[failure];
const instant = (at: Date | null): string | null => at?.toISOString() ?? null;
