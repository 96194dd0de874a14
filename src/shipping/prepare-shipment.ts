import { Milestone } from '../../entities/order-parts.ts';
import type { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import { Refund } from '../../entities/refund.ts';
import { Shipment } from '../../entities/shipment.ts';
import { getServiceVersion, type ServiceDefinition } from '../catalogue/index.ts';
import { lockOrder } from '../orders/index.ts';
import { newId } from '../platform/ids.ts';
import type { Desk, Work } from '../platform/work.ts';
import { askForUpload, lockShipment } from './claim.ts';

const HOUR_MS = 3600_000;
/** As much as WeChat takes. */
const LONGEST_ITEM = 120;

/** Follows `payment.settled`: what is paid in the mini-program has to be delivered, in WeChat's eyes too. */
export async function prepareShipment(desk: Desk, { paymentId }: { paymentId: string }): Promise<void> {
  await desk.transaction(async (work) => {
    const payment = await work.db.findOneByOrFail(Payment, { id: paymentId });
    const order = await lockOrder(work, payment.orderId);
    if (await work.db.existsBy(Shipment, { paymentId })) return;
    const { definition } = await getServiceVersion(work, order.serviceCode, order.serviceVersion);
    const shipment = shipmentOf(work, payment, order, definition);
    if (payment.way !== 'mini-program') shipment.skip('other_way');
    else if (await isDelivered(work, order, definition)) shipment.becomeDue(work.now());
    await work.db.insert(Shipment, shipment);
    if (shipment.state === 'due') await askForUpload(work, shipment);
  });
}

function shipmentOf(work: Work, payment: Payment, order: Order, { delivery }: ServiceDefinition): Shipment {
  const deadlineMs = payment.paidAt!.getTime() + work.config.SHIPPING_DEADLINE_HOURS * HOUR_MS;
  return Object.assign(new Shipment(), {
    id: newId(),
    paymentId: payment.id,
    orderId: order.id,
    transactionId: payment.transactionId!,
    kind: delivery.kind,
    item: `${order.serviceName}（${order.packageName}）`.slice(0, LONGEST_ITEM),
    paidAt: payment.paidAt!,
    deadlineAt: new Date(deadlineMs),
    createdAt: work.now(),
  });
}

/** Follows `milestone.reached`: everything of the order that waited for it is due. */
export async function deliverOrder(desk: Desk, { orderId }: { orderId: string }): Promise<void> {
  await desk.transaction(async (work) => {
    const order = await lockOrder(work, orderId);
    const { definition } = await getServiceVersion(work, order.serviceCode, order.serviceVersion);
    if (!(await isDelivered(work, order, definition))) return;
    for (const shipment of await work.db.findBy(Shipment, { orderId, state: 'waiting' })) {
      shipment.becomeDue(work.now());
      await work.db.save(Shipment, shipment);
      await askForUpload(work, shipment);
    }
  });
}

/** The milestone of the definition, or one behind it: work may skip some. */
async function isDelivered({ db }: Work, { id: orderId }: Order, { delivery }: ServiceDefinition): Promise<boolean> {
  const milestones = await db.find(Milestone, { where: { orderId }, order: { position: 'ASC' } });
  const from = milestones.findIndex(({ code }) => code === delivery.at);
  return from >= 0 && milestones.slice(from).some(({ reachedAt }) => reachedAt !== null);
}

/** Follows `refund.succeeded`: of money that is all back, nothing is to be delivered. */
export async function skipRefunded(desk: Desk, { refundId }: { refundId: string }): Promise<void> {
  await desk.transaction(async (work) => {
    const { paymentId } = await work.db.findOneByOrFail(Refund, { id: refundId });
    const found = paymentId && (await work.db.findOneBy(Shipment, { paymentId }));
    if (!found) return;
    const shipment = await lockShipment(work, found.id);
    const { amountFen } = await work.db.findOneByOrFail(Payment, { id: shipment.paymentId });
    const back = (await work.db.sum(Refund, 'amountFen', { paymentId: shipment.paymentId, state: 'succeeded' })) ?? 0;
    if (back < amountFen || !['waiting', 'due', 'failed'].includes(shipment.state)) return;
    shipment.skip('refunded');
    await work.db.save(Shipment, shipment);
  });
}
