import { And, In, IsNull, LessThan, MoreThan, Or } from 'typeorm';
import { Shipment } from '../../entities/shipment.ts';
import { doEach, enqueue } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';
import { askForUpload, lockShipment } from './claim.ts';
import { askToShip } from './late.ts';
import { learn } from './progress.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** What is virtual is received by itself after two days; a settlement of which nothing is heard by then is asked about. */
const SETTLED_BY_MS = 3 * DAY_MS;
const ASKED_UNTIL_MS = 60 * DAY_MS;
const AT_ONCE = 100;

/** Every hour: what was forgotten is gone on with, what should be settled is asked about, what is late is on the task list. */
export async function lookAtShipments(desk: Desk): Promise<void> {
  await goOn(desk);
  await lookAtUnsettled(desk);
  await askToShip(desk);
}

/** Whose job is lost, or was given up. Both ask WeChat before they tell it anything. */
async function goOn(desk: Desk): Promise<void> {
  const before = LessThan(new Date(desk.now().getTime() - HOUR_MS));
  const oldest = { order: { id: 'ASC' as const }, take: AT_ONCE };
  const due = await desk.db.find(Shipment, { where: { state: 'due', deliveredAt: before }, ...oldest });
  const open = { state: 'uploaded' as const, correctionAskedAt: before, correctedAt: IsNull() };
  const corrections = await desk.db.find(Shipment, { where: open, ...oldest });
  await desk.transaction(async (work) => {
    for (const shipment of due) await askForUpload(work, shipment);
    for (const { id } of corrections)
      await enqueue(work, 'shipping.correct', { shipmentId: id }, { key: `shipping.correct:${id}` });
  });
}

/** Each once a day: the event of its settlement may be lost. */
async function lookAtUnsettled(desk: Desk): Promise<void> {
  const ago = (ms: number) => new Date(desk.now().getTime() - ms);
  const unsettled = await desk.db.find(Shipment, {
    where: {
      state: In(['uploaded', 'corrected', 'confirmed']),
      uploadedAt: And(LessThan(ago(SETTLED_BY_MS)), MoreThan(ago(ASKED_UNTIL_MS))),
      lookedAt: Or(IsNull(), LessThan(ago(DAY_MS))),
    },
    order: { id: 'ASC' },
    take: AT_ONCE,
  });
  const those = {
    of: unsettled,
    about: ({ id }: Shipment) => ({ shipment: id }),
    fault: 'a delivery could not be looked at',
  };
  await doEach(desk, those, (shipment) => lookAt(desk, shipment));
}

/** Asks WeChat how far a delivery is. @throws {UpstreamError} */
export async function lookAt(desk: Desk, { id, transactionId }: Shipment): Promise<void> {
  const known = await desk.miniProgram.findShipping(transactionId);
  await desk.transaction(async (work) => {
    const shipment = await lockShipment(work, id);
    if (known) learn(shipment, known, work.now());
    shipment.lookedAt = work.now();
    await work.db.save(Shipment, shipment);
  });
}
