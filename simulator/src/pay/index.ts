import { PayError } from '../errors.ts';
import { newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { applyForBill, FUND_BILL, TRADE_BILL } from './bills/apply-for-bill.ts';
import { downloadBill } from './bills/download-bill.ts';
import { listCertificates } from './certificates.ts';
import { mountComplaints } from './complaint-routes.ts';
import { mountFapiao } from './fapiao/routes.ts';
import { mountH5Page } from './h5-page.ts';
import { placeOrder } from './place-order.ts';
import { placeRefund } from './place-refund.ts';
import { closeOrder, queryByOutTradeNo, queryByTransactionId } from './query-and-close.ts';
import { applyAbnormalRefund, queryRefund } from './refund-life.ts';
import { bodyOf, fileSpeaker, speaker } from './speak.ts';

/** Everything that api.mch.weixin.qq.com does for one merchant, and the page behind an H5 address. */
export function payRouter(world: World): SimulatorRouter {
  const router = newRouter();
  const speak = speaker(world);
  const handOver = fileSpeaker(world);
  const orders = '/v3/pay/transactions';

  router.post(
    `${orders}/jsapi`,
    speak(200, (ctx) => placeOrder(world, 'JSAPI', bodyOf(ctx))),
  );
  router.post(
    `${orders}/native`,
    speak(200, (ctx) => placeOrder(world, 'NATIVE', bodyOf(ctx))),
  );
  router.post(
    `${orders}/h5`,
    speak(200, (ctx) => placeOrder(world, 'MWEB', bodyOf(ctx))),
  );
  router.post(
    `${orders}/app`,
    speak(200, () => {
      throw noApp();
    }),
  );
  router.get(
    `${orders}/out-trade-no/:number`,
    speak(200, (ctx) => queryByOutTradeNo(world, ctx.params.number!, ctx.query.mchid)),
  );
  router.get(
    `${orders}/id/:id`,
    speak(200, (ctx) => queryByTransactionId(world, ctx.params.id!, ctx.query.mchid)),
  );
  router.post(
    `${orders}/out-trade-no/:number/close`,
    speak(204, (ctx) => closeOrder(world, ctx.params.number!, bodyOf(ctx))),
  );
  const refunds = '/v3/refund/domestic/refunds';
  router.post(
    refunds,
    speak(200, (ctx) => placeRefund(world, bodyOf(ctx))),
  );
  router.get(
    `${refunds}/:number`,
    speak(200, (ctx) => queryRefund(world, ctx.params.number!)),
  );
  router.post(
    `${refunds}/:id/apply-abnormal-refund`,
    speak(200, (ctx) => applyAbnormalRefund(world, ctx.params.id!, ctx.get('Wechatpay-Serial'), bodyOf(ctx))),
  );
  mountComplaints(router, world);
  mountFapiao(router, world);
  router.get(
    '/v3/bill/tradebill',
    speak(200, (ctx) => applyForBill(world, TRADE_BILL, ctx.query, ctx.state.fault?.kind)),
  );
  router.get(
    '/v3/bill/fundflowbill',
    speak(200, (ctx) => applyForBill(world, FUND_BILL, ctx.query, ctx.state.fault?.kind)),
  );
  // The hash that was told when applying stands in for a signature.
  router.get(
    '/v3/billdownload/file',
    handOver((ctx) => downloadBill(world, ctx.query), { accepts: /./ }),
  );
  router.get(
    '/v3/certificates',
    speak(200, (ctx) => listCertificates(world, ctx.query.algorithm_type)),
  );
  router.all(
    '/v3/{*rest}',
    speak(404, (ctx) => {
      throw new PayError(404, 'NOT_FOUND', `请求的资源不存在：${ctx.method} ${ctx.path}`);
    }),
  );
  mountH5Page(router, world);
  return router;
}

const noApp = () =>
  new PayError(403, 'NO_AUTH', '商户号未开通APP支付权限（本模拟器不含APP支付）', { internalCode: 268443715 });
