import { Payment } from '../../entities/payment.ts';
import { Shipment } from '../../entities/shipment.ts';
import { UpstreamError } from '../platform/errors.ts';
import { enqueue, NotYet } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';
import { accountOf, askAccount } from './account.ts';
import { claim, lockShipment, release } from './claim.ts';
import { notAtWechat, shipmentNotFound } from './errors.ts';
import { advance, learn } from './progress.ts';

/** A fresh payment may not be in WeChat's shipping management yet (a platform employee in the community: wait a minute). */
const AGAIN_MS = 5 * 60_000;
const FRESH_MS = 24 * 3600_000;
const MAYBE_TOO_FRESH: readonly string[] = ['order_unknown', 'not_shippable'];

/**
 * The job `shipping.upload`: tells WeChat of a delivery. WeChat is asked first what it knows, because telling it anew would use
 * up the one correction: an earlier attempt may have ended unheard, or somebody may have uploaded it in the console.
 * @throws {NotYet} while another attempt is under way, or WeChat may not know the payment yet
 * @throws {UpstreamError} when it is to be tried again
 */
export async function uploadShipment(desk: Desk, { shipmentId }: { shipmentId: string }): Promise<void> {
  const shipment = await claim(desk, shipmentId, ({ state }) => state === 'due');
  if (!shipment) return;
  if ((await accountOf(desk)).managed === 'no') return release(desk, shipmentId, skipUnmanaged);
  try {
    await tell(desk, shipment);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    await whatOfRefusal(desk, shipment, error);
  }
}

function skipUnmanaged(shipment: Shipment): void {
  if (shipment.state === 'due') shipment.skip('not_managed');
}

async function tell(desk: Desk, { id, paymentId, transactionId, kind, item, paidAt }: Shipment): Promise<void> {
  const known = await desk.miniProgram.findShipping(transactionId);
  if (!known) return refused(desk, { id, paidAt }, 'order_unknown');
  if (known.state !== 'to_ship') return release(desk, id, (shipment, work) => learn(shipment, known, work.now()));
  const { openid } = await desk.db.findOneByOrFail(Payment, { id: paymentId });
  const at = desk.now();
  await desk.miniProgram.uploadShipping({ transactionId, openid: openid!, kind, item, at });
  await release(desk, id, (shipment) => advance(shipment, 'uploaded', at));
}

async function whatOfRefusal(desk: Desk, shipment: Shipment, error: UpstreamError): Promise<void> {
  // Nobody knows whether it was taken: the claim ends by itself, and the next attempt asks.
  if (error.kind === 'unknown') throw error;
  if (error.kind === 'refused' && error.action === 'drop') return refused(desk, shipment, error.code);
  await release(desk, shipment.id, (one) => void (one.failure = error.code));
  throw error;
}

async function refused(desk: Desk, { id, paidAt }: Pick<Shipment, 'id' | 'paidAt'>, code: string): Promise<void> {
  const isFresh = desk.now().getTime() - paidAt.getTime() < FRESH_MS;
  const isAgain = isFresh && MAYBE_TOO_FRESH.includes(code);
  await release(desk, id, (shipment) => {
    if (!isAgain && shipment.state === 'due') shipment.moveTo('failed');
    shipment.failure = code;
  });
  if (isAgain) throw new NotYet(new Date(desk.now().getTime() + AGAIN_MS));
}

/**
 * Staff say that it was delivered, whatever the milestones say, or that what was refused is to be tried again.
 * @throws {AppError} shipment.not_found, shipment.not_at_wechat, shipment.illegal_move once it is uploaded
 */
export async function uploadNow(desk: Desk, id: string): Promise<void> {
  const found = await desk.db.findOneBy(Shipment, { id });
  if (!found) throw shipmentNotFound();
  // Who insists may know that it is managed by now.
  if (found.failure === 'not_managed') await askAccount(desk.as({ kind: 'system' }));
  await desk.transaction(async (work) => {
    const shipment = await lockShipment(work, id);
    if (shipment.failure === 'other_way') throw notAtWechat();
    const before = shipment.state;
    if (before !== 'due') shipment.becomeDue(work.now());
    await work.db.save(Shipment, shipment);
    // Without a key: one that waits for its next attempt does not wait any longer.
    await enqueue(work, 'shipping.upload', { shipmentId: id });
    work.audit({ deed: 'shipment-uploaded', subject: { kind: 'shipment', id }, before: { state: before } });
  });
}
