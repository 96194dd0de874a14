import { LeverError } from '../errors.ts';
import { type PaidOrder, shippableOrders, shippingOf, stateOf } from '../mini-program/shipping.ts';
import { receive, remindOf, settle } from '../mini-program/shipping-life.ts';
import { newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { presentPush } from './pushes.ts';

/** Shipping information of the mini-program's paid orders, seen from WeChat's side. */
export function shippingLevers(world: World): SimulatorRouter {
  const router = newRouter('/mini-program/shipping');
  const present = (order: PaidOrder) => {
    const { receiving: _, ...shipping } = shippingOf(world, order) ?? { receiving: null };
    return { outTradeNo: order.outTradeNo, state: stateOf(world, order), ...shipping };
  };
  const getOrder = (number: string | undefined): PaidOrder => {
    const order = shippableOrders(world).find(({ outTradeNo }) => outTradeNo === number);
    if (!order) throw new LeverError(404, `there is no paid order ${number} of the mini-program`);
    return order;
  };

  router.get('/', (ctx) => {
    ctx.body = shippableOrders(world).map(present);
  });

  router.post('/remind-access', (ctx) => {
    const push = world.miniProgram.pushes.create({
      MsgType: 'event',
      Event: 'trade_manage_remind_access_api',
      FromUserName: world.people.all()[0]!.openids[world.miniProgram.appid]!,
      msg: '小程序已产生交易，请尽快接入发货信息管理服务',
    });
    ctx.status = 201;
    ctx.body = presentPush(push);
  });

  router.post('/:number/remind', (ctx) => {
    const push = remindOf(world, getOrder(ctx.params.number));
    ctx.status = 201;
    ctx.body = presentPush(push);
  });

  router.post('/:number/receive', async (ctx) => {
    const order = getOrder(ctx.params.number);
    if (stateOf(world, order) !== 2) throw new LeverError(409, 'the order is not shipped, or was received');
    await receive(world, order, 2);
    ctx.body = present(order);
  });

  router.post('/:number/settle', (ctx) => {
    const order = getOrder(ctx.params.number);
    const shipping = shippingOf(world, order);
    if (!shipping?.receivedAt || shipping.settledAt) throw new LeverError(409, 'the order waits for no settlement');
    settle(world, order, 2);
    ctx.body = present(order);
  });

  return router;
}
