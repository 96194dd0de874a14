import { watchUnshipped } from '../mini-program/shipping-life.ts';
import type { Person } from '../people.ts';
import type { World } from '../world.ts';
import { bookPayment } from './account.ts';
import { isSignatureOf, payMessage } from './cryptography.ts';
import { announcePayment } from './notice-sending.ts';
import { beijingDigits, randomDigits } from './numbers.ts';
import type { Order, Prepay } from './order.ts';

/** What the person does with the pay sheet. */
export interface Decision {
  outcome: 'pay' | 'cancel' | 'fail';
  /** Fen really paid, when a coupon takes off the rest. */
  payerTotal?: number;
}

/** What `WeixinJSBridge` and `wx.requestPayment` are given. */
export interface PayParameters {
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
}

export interface PayerAnswer {
  /** `ok`, `cancel`, or `fail:` with what the phone shows. It proves nothing to the merchant. */
  errMsg: string;
  transactionId?: string;
}

/** Pays in a page inside WeChat or in a mini-program. */
export function payByParameters(
  world: World,
  person: Person,
  parameters: PayParameters,
  decision: Decision,
): PayerAnswer {
  const found = world.pay.findPrepay(({ id }) => parameters.package === `prepay_id=${id}`);
  const wrong = faultOfParameters(world, parameters);
  if (wrong) return failed(wrong);
  if (!found || found.order.tradeType !== 'JSAPI') return failed('支付参数package不正确');
  if (found.order.asked.appid !== parameters.appId) return failed('appid与下单时不一致');
  return decide(world, person, found, decision);
}

/** Scans a Native QR code. */
export function payByScan(world: World, person: Person, codeUrl: string, decision: Decision): PayerAnswer {
  const found = world.pay.findPrepay((prepay) => prepay.codeUrl === codeUrl);
  if (!found) return failed('无法识别的二维码');
  return decide(world, person, found, decision);
}

/** Opens the address of an H5 order, whatever the merchant appended to it. */
export function payByH5(world: World, person: Person, h5Url: string, decision: Decision): PayerAnswer {
  const found = world.pay.findPrepay((prepay) => prepay.h5Url !== undefined && h5Url.startsWith(prepay.h5Url));
  if (!found) return failed('支付链接不正确');
  return decide(world, person, found, decision);
}

/** Makes an order paid whatever its state: the money came although nobody expected it any more. */
export function forcePaid(
  world: World,
  order: Order,
  person: Person,
  { total, payerTotal, notify = true }: { total?: number; payerTotal?: number; notify?: boolean },
): string {
  const paid = total ?? order.asked.amount.total;
  const transactionId = settle(world, order, person, { total: paid, payerTotal: payerTotal ?? paid });
  if (notify) announcePayment(world, order);
  return transactionId;
}

/** Why this permission to pay is worth nothing to this person; null: it may be used. */
export function faultOfPrepay(world: World, person: Person | null, order: Order, prepay: Prepay): string | null {
  const now = world.clock.now();
  if (order.payment) return '该订单已支付';
  if (order.state === 'CLOSED') return '该订单已关闭';
  if (prepay.superseded) return '二维码已失效，请重新扫码';
  if (now > prepay.expiresAt || now > order.expiresAt) return '该订单已过期，请重新下单';
  if (!person) return null;
  const { payer, appid } = order.asked;
  if (payer && payer.openid !== person.openids[appid]) return '下单账号与支付账号不一致，请核实后再支付';
  return prepay.usedBy && prepay.usedBy !== person.id ? '该支付链接已被其他用户使用' : null;
}

function faultOfParameters({ pay }: World, parameters: PayParameters): string | null {
  const { appId, timeStamp, nonceStr, signType, paySign } = parameters;
  const texts = [appId, timeStamp, nonceStr, parameters.package, signType, paySign];
  if (texts.some((text) => typeof text !== 'string' || text === '')) return '缺少参数，或参数类型不是字符串';
  if (signType !== 'RSA') return '签名方式signType不正确';
  if (!/^\d{1,32}$/.test(timeStamp) || nonceStr.length > 32) return '支付参数格式不正确';
  const message = payMessage(appId, timeStamp, nonceStr, parameters.package);
  return isSignatureOf(pay.keys.merchantKey, message, paySign) ? null : '支付验证签名失败';
}

function decide(
  world: World,
  person: Person,
  { order, prepay }: { order: Order; prepay: Prepay },
  { outcome, payerTotal }: Decision,
): PayerAnswer {
  const wrong = faultOfPrepay(world, person, order, prepay);
  if (wrong) return failed(wrong);
  prepay.usedBy = person.id;
  if (outcome === 'cancel') return { errMsg: 'cancel' };
  if (outcome === 'fail') return failed('支付失败');
  const { total } = order.asked.amount;
  const transactionId = settle(world, order, person, { total, payerTotal: payerTotal ?? total });
  announcePayment(world, order);
  return { errMsg: 'ok', transactionId };
}

const failed = (reason: string): PayerAnswer => ({ errMsg: `fail:${reason}` });

/** The money is there; nobody is told. */
export function settle(
  world: World,
  order: Order,
  person: Person,
  amount: { total: number; payerTotal: number },
  paidAt = world.clock.now(),
): string {
  const transactionId = `4200${randomDigits(6)}${beijingDigits(paidAt).slice(0, 8)}${randomDigits(10)}`;
  const openid = person.openids[order.asked.appid] ?? null;
  const payment = {
    transactionId,
    paidAt,
    personId: person.id,
    openid,
    bankType: 'OTHERS',
    ...amount,
    feeRate: world.pay.settings.feeRate,
  };
  order.payment = payment;
  order.state = 'SUCCESS';
  bookPayment(world, order);
  if (order.closing) world.clock.cancel(order.closing);
  watchUnshipped(world, Object.assign(order, { payment }));
  return transactionId;
}
