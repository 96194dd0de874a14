import { PayError } from '../errors.ts';
import type { World } from '../world.ts';
import { checkField } from './fields.ts';
import { checkMerchant } from './merchant.ts';
import { describeOrder, type Order } from './order.ts';
import { CLOSE_SHAPE } from './order-shape.ts';

/** WeChat Pay documentation 4013070354. An unpaid order has no other number to be found by. */
export function queryByOutTradeNo(world: World, outTradeNo: string, mchid: unknown): Record<string, unknown> {
  checkMerchant(world, mchid, 'query');
  return describeOrder(getOrder(world, outTradeNo));
}

/** WeChat Pay documentation 4013070356. */
export function queryByTransactionId(world: World, transactionId: string, mchid: unknown): Record<string, unknown> {
  checkMerchant(world, mchid, 'query');
  const order = [...world.pay.orders.values()].find(({ payment }) => payment?.transactionId === transactionId);
  if (!order) throw orderNotExist();
  return describeOrder(order);
}

/** Repeatable (WeChat Pay documentation 4013070360). */
export function closeOrder(world: World, outTradeNo: string, body: unknown): void {
  checkField(CLOSE_SHAPE, body, '');
  checkMerchant(world, (body as { mchid: string }).mchid, 'body');
  const order = getOrder(world, outTradeNo);
  if (order.payment) throw new PayError(400, 'ORDER_PAID', '该订单已支付', { internalCode: 268498689 });
  order.state = 'CLOSED';
  if (order.closing) world.clock.cancel(order.closing);
}

function getOrder({ pay, clock }: World, outTradeNo: string): Order {
  const order = pay.orders.get(outTradeNo);
  if (!order || clock.now() < order.visibleAt) throw orderNotExist();
  return order;
}

const orderNotExist = () => new PayError(404, 'ORDER_NOT_EXIST', '订单不存在', { internalCode: 268512771 });
