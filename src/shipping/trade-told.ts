import { Shipment } from '../../entities/shipment.ts';
import type { TradePush, TradeSettlement } from '../platform/wechat-api/push.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { askAccount } from './account.ts';
import { askForUpload, lockShipment } from './claim.ts';
import { askToShip } from './late.ts';
import { lookAt } from './look.ts';
import { advance } from './progress.ts';

/** The job `trade.told`: WeChat pushed something about payments of the mini-program. */
export async function learnOfTrade(desk: Desk, told: TradePush): Promise<void> {
  if (told.type === 'trade_settlement') return learnOfSettlement(desk, told);
  // It reminds managed accounts only.
  await askAccount(desk);
  if (told.transactionId) await noteReminder(desk, told.transactionId);
  await askToShip(desk);
}

async function learnOfSettlement(desk: Desk, told: TradeSettlement): Promise<void> {
  const shipment = await findByTransaction(desk, told.transactionId);
  if (!shipment) return;
  const { estimatedSettlementAt, receivedAt, settledAt } = told;
  // Users report such: then what WeChat's record says counts.
  if (!estimatedSettlementAt && !receivedAt && !settledAt) return lookAt(desk, shipment);
  await desk.transaction(async (work) => {
    const one = await lockShipment(work, shipment.id);
    if (estimatedSettlementAt) one.estimatedSettlementAt = new Date(estimatedSettlementAt);
    advance(one, 'uploaded', told.shippedAt ? new Date(told.shippedAt) : work.now());
    if (receivedAt) advance(one, 'confirmed', new Date(receivedAt));
    if (settledAt) advance(one, 'settled', new Date(settledAt));
    await work.db.save(Shipment, one);
  });
}

async function findByTransaction(desk: Desk, transactionId: string): Promise<Shipment | null> {
  const shipment = await desk.db.findOneBy(Shipment, { transactionId });
  if (!shipment) desk.log.warn({ transactionId }, 'WeChat speaks of a delivery that is not ours');
  return shipment;
}

/** What WeChat reminds of is late, whatever we thought. */
async function noteReminder(desk: Desk, transactionId: string): Promise<void> {
  const found = await findByTransaction(desk, transactionId);
  if (!found) return;
  await desk.transaction(async (work) => {
    const shipment = await lockShipment(work, found.id);
    shipment.remindedAt = work.now();
    if (shipment.deadlineAt > work.now()) shipment.deadlineAt = work.now();
    const isNeeded = shipment.state === 'not_required' && shipment.failure === 'not_managed';
    if (isNeeded) await needAfterAll(work, shipment);
    await work.db.save(Shipment, shipment);
  });
}

async function needAfterAll(work: Transaction, shipment: Shipment): Promise<void> {
  shipment.becomeDue(work.now());
  await askForUpload(work, shipment);
}
