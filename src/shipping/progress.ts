import type { Shipment } from '../../entities/shipment.ts';
import type { ShipmentState } from '../contracts/shipping.ts';
import type { ShippingOrder } from '../platform/mini-program/index.ts';

/** How far a delivery is; what is as far leaves each other alone. */
const STEPS: Record<ShipmentState, number> = {
  waiting: 0,
  due: 0,
  failed: 0,
  not_required: 0,
  uploaded: 1,
  corrected: 1,
  confirmed: 2,
  settled: 3,
};

/** Brings a shipment as far as WeChat says it is, never back. @param at when, or when we heard of it */
export function advance(shipment: Shipment, to: 'uploaded' | 'confirmed' | 'settled', at: Date): void {
  if (STEPS[shipment.state] < STEPS[to]) shipment.moveTo(to);
  shipment.uploadedAt ??= at;
  if (to === 'confirmed') shipment.confirmedAt ??= at;
  if (to === 'settled') shipment.settledAt ??= at;
}

const FAR: Partial<Record<ShippingOrder['state'], 'uploaded' | 'confirmed' | 'settled'>> = {
  shipped: 'uploaded',
  to_settle: 'uploaded',
  received: 'confirmed',
  done: 'settled',
};

/** What WeChat's own record says of a delivery. */
export function learn(shipment: Shipment, { state }: ShippingOrder, at: Date): void {
  const to = FAR[state];
  if (to) advance(shipment, to, at);
  if (state === 'refunded' && STEPS[shipment.state] === 0 && shipment.state !== 'not_required')
    shipment.skip('refunded');
}
