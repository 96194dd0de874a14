import { Order } from '../../entities/order.ts';
import { Instalment, Milestone, OrderLine } from '../../entities/order-parts.ts';
import {
  checkAnswers,
  getPackage,
  getServiceOnSale,
  type Price,
  priceOf,
  type ServiceDefinition,
} from '../catalogue/index.ts';
import type { BuyerBody, PlaceOrderBody } from '../contracts/app.ts';
import { invalid } from '../platform/http/accept.ts';
import { newId, newOrderNumber } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';
import { assertVerified } from './assert-verified.ts';
import { preCheckFailed } from './errors.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** An order has waited long enough to be paid. */
    'order.expire': { orderId: string };
  }
}

/**
 * Opens an order. Prices, names and instalments are copied from the version of the service that the customer saw; nothing of
 * them comes from the phone.
 * @throws {AppError} catalogue.*, order.pre_check_failed, order.account_not_verified, request.invalid when a province is missing
 */
export async function placeOrder(work: Transaction, customerId: string, wanted: PlaceOrderBody): Promise<Order> {
  const service = await getServiceOnSale(work, wanted.serviceCode, wanted.serviceVersion);
  const { definition } = service;
  const bought = getPackage(definition, wanted.packageCode);
  const price = priceOf(definition, wanted.packageCode, wanted.planCode);
  if (bought.needsProvince && !wanted.province) throw invalid([{ field: 'province', message: '请选择办理省份' }]);

  const preCheck = checkAnswers(definition, wanted.packageCode, wanted.answers);
  if (!preCheck.canOrder) {
    throw preCheckFailed(preCheck.items.filter((item) => item.verdict === 'fail').map((item) => item.code));
  }

  if (bought.needsVerifiedAccount) await assertVerified(work, customerId);

  const placedAt = work.now();
  const orderId = newId();
  const order = Object.assign(new Order(), {
    id: orderId,
    number: newOrderNumber(placedAt),
    customerId,
    serviceVersionId: service.id,
    serviceCode: definition.code,
    serviceVersion: service.version,
    serviceName: definition.name,
    packageCode: bought.code,
    packageName: bought.name,
    planCode: wanted.planCode,
    province: bought.needsProvince ? wanted.province! : null,
    ...buyerColumns(work, orderId, wanted.buyer),
    note: wanted.note || null,
    preCheck: preCheck.items,
    amountFen: price.amountFen,
    placedAt,
    expiresAt: new Date(placedAt.getTime() + work.config.UNPAID_ORDER_MINUTES * 60_000),
  });
  await work.db.insert(Order, order);
  await work.db.insert(OrderLine, linesOf(order, price));
  await work.db.insert(Instalment, instalmentsOf(order, price));
  await work.db.insert(Milestone, milestonesOf(order, definition));
  await enqueue(work, 'order.expire', { orderId }, { runAt: order.expiresAt });
  return order;
}

/** Where the sealed contact phone of an order belongs. */
export const contactPhonePlace = (orderId: string) => `order:${orderId}:contactPhone`;

function buyerColumns(work: Transaction, orderId: string, buyer: BuyerBody) {
  return {
    buyerKind: buyer.kind,
    companyName: buyer.kind === 'company' ? buyer.companyName : null,
    creditCode: buyer.kind === 'company' ? buyer.creditCode : null,
    contactName: buyer.contactName,
    contactPhoneSealed: work.vault.seal(buyer.contactPhone, contactPhonePlace(orderId)),
  };
}

const linesOf = (order: Order, price: Price) =>
  price.lines.map((line, at) => ({ id: newId(), orderId: order.id, position: at + 1, ...line }));

/** What is due on ordering can be paid at once; the rest waits for its milestone. */
const instalmentsOf = (order: Order, price: Price) =>
  price.instalments.map((instalment, at) =>
    Object.assign(new Instalment(), {
      id: newId(),
      orderId: order.id,
      position: at + 1,
      name: instalment.name,
      milestone: instalment.milestone,
      amountFen: instalment.amountFen,
      governmentFen: instalment.governmentFen,
      state: instalment.milestone === 'placed' ? 'due' : 'not_due',
    }),
  );

const milestonesOf = (order: Order, definition: ServiceDefinition) =>
  definition.milestones.map((milestone, at) => ({
    id: newId(),
    orderId: order.id,
    position: at + 1,
    code: milestone.code,
    name: milestone.name,
    reachedAt: milestone.code === 'placed' ? order.placedAt : null,
  }));
