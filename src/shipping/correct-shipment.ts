import { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import { Shipment } from '../../entities/shipment.ts';
import type { CorrectShipmentBody } from '../contracts/shipping.ts';
import type { StaffActor } from '../platform/actor.ts';
import { UpstreamError } from '../platform/errors.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { ShippingOrder } from '../platform/mini-program/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { mendTasks, openTasks } from '../tasks/index.ts';
import { claim, lockShipment, release } from './claim.ts';
import { correctionUsed, nothingChanged, notUploaded, receivedAlready } from './errors.ts';
import { learn } from './progress.ts';

const WITHIN_MS = 4 * 3600_000;

/** What the tasks are about that say that WeChat did not take a correction: until another one is asked for. */
const aboutCorrection = (shipmentId: string) => `shipment:${shipmentId}:correction`;

/**
 * Asks for the one correction that WeChat takes of a payment.
 * @throws {AppError} shipment.not_found, shipment.not_uploaded, shipment.correction_used, shipment.received_already,
 * shipment.nothing_changed
 */
export async function correctShipment(
  work: Transaction,
  who: StaffActor,
  id: string,
  { item, kind, reason }: CorrectShipmentBody,
): Promise<Shipment> {
  const shipment = await lockShipment(work, id);
  assertCorrectable(shipment);
  if (item === shipment.item && (kind ?? shipment.kind) === shipment.kind) throw nothingChanged();
  const before = { item: shipment.item, kind: shipment.kind };
  Object.assign(shipment, {
    correctionItem: item,
    correctionKind: kind ?? shipment.kind,
    correctionReason: reason,
    correctedBy: who.id,
    correctionAskedAt: work.now(),
    failure: null,
  });
  await work.db.save(Shipment, shipment);
  await mendTasks(work, who, aboutCorrection(id));
  await enqueue(work, 'shipping.correct', { shipmentId: id });
  const after = { item, kind: shipment.correctionKind, reason };
  work.audit({ deed: 'shipment-corrected', subject: { kind: 'shipment', id }, before, after });
  return shipment;
}

function assertCorrectable({ state, correctionAskedAt }: Shipment): void {
  if (state === 'corrected' || correctionAskedAt) throw correctionUsed();
  if (state === 'confirmed' || state === 'settled') throw receivedAlready();
  if (state !== 'uploaded') throw notUploaded();
}

/** Asked for, and not taken by WeChat yet. */
const isOpen = ({ state, correctionAskedAt, correctedAt }: Shipment): boolean =>
  state === 'uploaded' && correctionAskedAt !== null && correctedAt === null;

/**
 * The job `shipping.correct`. As with every upload, WeChat is asked first: an earlier attempt may have ended unheard.
 * @throws {NotYet} while another attempt is under way
 * @throws {UpstreamError} when it is to be tried again
 */
export async function correctUploaded(desk: Desk, { shipmentId }: { shipmentId: string }): Promise<void> {
  const shipment = await claim(desk, shipmentId, isOpen);
  if (!shipment) return;
  try {
    await tell(desk, shipment);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.kind === 'unknown') throw error;
    if (error.kind === 'refused' && error.action === 'drop') return giveUp(desk, shipment, error.code);
    await release(desk, shipmentId, (one) => void (one.failure = error.code));
    throw error;
  }
}

async function tell(desk: Desk, shipment: Shipment): Promise<void> {
  const { id, transactionId, paymentId, correctionItem: item, correctionKind: kind } = shipment;
  const known = await desk.miniProgram.findShipping(transactionId);
  if (!known) return giveUp(desk, shipment, 'order_unknown');
  if (isSaid(known, shipment)) return release(desk, id, (one, work) => corrected(one, work.now()));
  if (known.timesShipped === 2) return giveUp(desk, shipment, 'correction_used');
  if (known.state !== 'shipped' && known.state !== 'to_settle') {
    await giveUp(desk, shipment, 'not_shippable');
    return release(desk, id, (one, work) => learn(one, known, work.now()));
  }
  const { openid } = await desk.db.findOneByOrFail(Payment, { id: paymentId });
  const at = desk.now();
  await desk.miniProgram.uploadShipping({ transactionId, openid: openid!, kind: kind!, item: item!, at });
  await release(desk, id, (one) => corrected(one, at));
}

/** WeChat says what we want it to say: an earlier attempt was taken. */
const isSaid = (known: ShippingOrder, { correctionItem, correctionKind }: Shipment): boolean =>
  known.item === correctionItem && (known.kind === null || known.kind === correctionKind);

/** It may have been received meanwhile. */
function corrected(shipment: Shipment, at: Date): void {
  if (shipment.state === 'uploaded') shipment.moveTo('corrected');
  shipment.item = shipment.correctionItem!;
  shipment.kind = shipment.correctionKind!;
  shipment.correctedAt = at;
}

/** What WeChat does not take is off; staff are told, and may ask again unless the one chance was used in the console. */
const giveUp = (desk: Desk, { id }: Shipment, code: string): Promise<void> =>
  release(desk, id, async (shipment, work) => {
    if (code === 'correction_used' && shipment.state === 'uploaded') shipment.moveTo('corrected');
    if (code !== 'correction_used') shipment.correctionAskedAt = null;
    shipment.failure = code;
    const order = await work.db.findOneByOrFail(Order, { id: shipment.orderId });
    await openTasks(work, [
      {
        kind: 'attention',
        about: `${aboutCorrection(id)}:${work.now().getTime()}`,
        title: `发货信息更正未成功：订单 ${order.number}`,
        note: `微信没有接受更正（${code}）。请在发货记录中核实。`,
        customerId: order.customerId,
        orderNumber: order.number,
        dueAt: new Date(work.now().getTime() + WITHIN_MS),
      },
    ]);
  });
