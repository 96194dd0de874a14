import { Shipment } from '../../entities/shipment.ts';
import { locked } from '../platform/database/index.ts';
import { enqueue, NotYet } from '../platform/jobs/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { shipmentNotFound } from './errors.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat is to be told of a delivery. */
    'shipping.upload': { shipmentId: string };
    /** … and of the correction of one. */
    'shipping.correct': { shipmentId: string };
  }
}

/** Longer than all calls of one attempt together. */
const CLAIM_MS = 2 * 60_000;

/** A second wish to upload the same, while the first is there, is left out. */
export const askForUpload = (work: Transaction, { id }: Shipment): Promise<void> =>
  enqueue(work, 'shipping.upload', { shipmentId: id }, { key: `shipping.upload:${id}` });

/** @throws {AppError} shipment.not_found */
export async function lockShipment({ db }: Transaction, id: string): Promise<Shipment> {
  const shipment = await db.findOne(Shipment, { where: { id }, ...locked<Shipment>(db) });
  if (!shipment) throw shipmentNotFound();
  return shipment;
}

/**
 * Takes a shipment for telling WeChat of it, so that two never do at once; null when there is nothing to tell.
 * @throws {NotYet} while another attempt is under way, or has ended and nobody knows how
 */
export function claim(desk: Desk, id: string, isWanted: (shipment: Shipment) => boolean): Promise<Shipment | null> {
  return desk.transaction(async (work) => {
    const shipment = await lockShipment(work, id);
    if (!isWanted(shipment)) return null;
    if (shipment.claimedUntil && shipment.claimedUntil > work.now()) throw new NotYet(shipment.claimedUntil);
    shipment.claimedUntil = new Date(work.now().getTime() + CLAIM_MS);
    await work.db.save(Shipment, shipment);
    return shipment;
  });
}

/** Writes down how an attempt ended, and gives the shipment free. */
export function release(
  desk: Desk,
  id: string,
  outcome: (shipment: Shipment, work: Transaction) => void | Promise<void>,
): Promise<void> {
  return desk.transaction(async (work) => {
    const shipment = await lockShipment(work, id);
    await outcome(shipment, work);
    shipment.claimedUntil = null;
    await work.db.save(Shipment, shipment);
  });
}
