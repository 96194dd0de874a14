import { PayError } from '../errors.ts';
import type { FaultRule } from '../faults.ts';
import { newRouter, type SimulatorContext, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { answer, answerError } from './answer.ts';
import { authenticate } from './authenticate.ts';
import { applyForBill, FUND_BILL, TRADE_BILL } from './bills/apply-for-bill.ts';
import { downloadBill } from './bills/download-bill.ts';
import { listCertificates } from './certificates.ts';
import { badField } from './fields.ts';
import { mountH5Page } from './h5-page.ts';
import { placeOrder } from './place-order.ts';
import { placeRefund } from './place-refund.ts';
import { closeOrder, queryByOutTradeNo, queryByTransactionId } from './query-and-close.ts';
import { applyAbnormalRefund, queryRefund } from './refund-life.ts';

type Deed = (ctx: SimulatorContext) => unknown;

/** Everything that api.mch.weixin.qq.com does for one merchant, and the page behind an H5 address. */
export function payRouter(world: World): SimulatorRouter {
  const router = newRouter();
  const speak = (status: number, deed: Deed) => (ctx: SimulatorContext) => speakPay(world, ctx, status, deed);
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
    speak(200, (ctx) => applyAbnormalRefund(world, ctx.params.id!, bodyOf(ctx))),
  );
  router.get(
    '/v3/bill/tradebill',
    speak(200, (ctx) => applyForBill(world, TRADE_BILL, ctx.query, ctx.state.fault?.kind)),
  );
  router.get(
    '/v3/bill/fundflowbill',
    speak(200, (ctx) => applyForBill(world, FUND_BILL, ctx.query, ctx.state.fault?.kind)),
  );
  router.get('/v3/billdownload/file', (ctx) => handOverBill(world, ctx));
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

function speakPay(world: World, ctx: SimulatorContext, status: number, deed: Deed): void {
  const { fault } = ctx.state;
  try {
    admit(world, ctx, /application\/json/);
    const content = deed(ctx);
    if (fault?.kind === 'error-after-effect') throw systemError(fault);
    answer(world, ctx, status, content);
  } catch (error) {
    refuse(world, ctx, error);
  }
}

/** The one answer without a signature: the hash that was told when applying stands in for it. */
async function handOverBill(world: World, ctx: SimulatorContext): Promise<void> {
  try {
    admit(world, ctx, /./);
    const { type, bytes } = await downloadBill(world, ctx.query);
    ctx.type = type;
    ctx.body = bytes;
  } catch (error) {
    refuse(world, ctx, error);
  }
}

/** @throws PayError for a caller who cannot be believed, a call that is too much, a fault */
function admit(world: World, ctx: SimulatorContext, accepts: RegExp): void {
  const { method, url, headers } = ctx.req;
  authenticate(world, {
    method: method!,
    url: url!,
    authorization: headers.authorization ?? '',
    body: ctx.state.rawBody,
  });
  checkHeaders(ctx, accepts);
  limitRate(world);
  if (ctx.state.fault) failBefore(ctx.state.fault);
}

function refuse(world: World, ctx: SimulatorContext, error: unknown): void {
  if (!(error instanceof PayError)) throw error;
  answerError(world, ctx, error);
}

/** WeChat Pay wants to know who asks and what is understood. The exact status is not confirmed. */
function checkHeaders(ctx: SimulatorContext, accepts: RegExp): void {
  if (ctx.get('User-Agent') === '' || !accepts.test(ctx.get('Accept'))) {
    throw new PayError(400, 'PARAM_ERROR', 'Http头缺少Accept或User-Agent', { internalCode: 268435461 });
  }
  if (ctx.state.rawBody.length > 0 && !ctx.get('Content-Type').startsWith('application/json')) {
    throw badField('/Content-Type', ctx.get('Content-Type'), '应为application/json', undefined, 'header');
  }
}

function limitRate({ pay, clock }: World): void {
  const { rate, settings } = pay;
  const second = clock.seconds();
  if (rate.second !== second) Object.assign(rate, { second, calls: 0 });
  rate.calls += 1;
  if (settings.requestsPerSecond !== null && rate.calls > settings.requestsPerSecond) throw tooFast();
}

function failBefore(fault: FaultRule): void {
  if (fault.kind === 'rate-limited') throw tooFast(fault);
  if (fault.kind === 'error-before') throw systemError(fault);
  if (fault.kind === 'code')
    throw new PayError(fault.status ?? 400, String(fault.code ?? 'INVALID_REQUEST'), '业务错误');
}

const tooFast = (fault?: FaultRule) =>
  new PayError(429, String(fault?.code ?? 'FREQUENCY_LIMITED'), '频率超限，请降低请求频率', {
    internalCode: 268447840,
  });

const systemError = (fault: FaultRule) =>
  new PayError(fault.status ?? 500, String(fault.code ?? 'SYSTEM_ERROR'), '系统异常，请用相同参数重新调用');

const noApp = () =>
  new PayError(403, 'NO_AUTH', '商户号未开通APP支付权限（本模拟器不含APP支付）', { internalCode: 268443715 });

/** @throws PayError 400 PARAM_ERROR when the bytes are no JSON object */
function bodyOf(ctx: SimulatorContext): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(ctx.state.rawBody));
  } catch {
    throw badField('', undefined, '请求体不是合法的JSON');
  }
}
