import { Payment } from '../../entities/payment.ts';
import { lockOrder } from '../orders/index.ts';
import type { PrepayOrder } from '../platform/wechat-pay/index.ts';
import type { Desk } from '../platform/work.ts';

/** Where WeChat tells us that money came. */
export const NOTICE_PATH = '/wechat/pay/notices';

/** Asked anew when less of its life is left. */
const MARGIN_MS = 60_000;

type Prepared = Pick<Payment, 'prepayId' | 'codeUrl' | 'h5Url' | 'usableUntil'>;
const nothing = { prepayId: null, codeUrl: null, h5Url: null };

/**
 * Makes an attempt payable: asks WeChat for the prepay id or link, unless it has one that lives. Repeating is safe: the same
 * number with the same content is the same order at WeChat.
 * @throws {UpstreamError}
 */
export async function prepare(desk: Desk, payment: Payment, payerIp: string): Promise<Payment> {
  if (isFresh(payment, desk.now())) return payment;
  const prepared = await askFor(desk, payment, payerIp);
  return desk.transaction(async (work) => {
    await lockOrder(work, payment.orderId);
    const current = await work.db.findOneByOrFail(Payment, { id: payment.id });
    // Meanwhile it may have been paid or closed; that is not undone.
    if (!current.isUnderWay) return current;
    if (current.state === 'created') current.moveTo('open');
    return work.db.save(Payment, Object.assign(current, prepared));
  });
}

const isFresh = ({ usableUntil }: Payment, now: Date): boolean =>
  usableUntil !== null && usableUntil.getTime() - MARGIN_MS > now.getTime();

async function askFor(desk: Desk, payment: Payment, payerIp: string): Promise<Prepared> {
  const order: PrepayOrder = {
    appid: payment.appid,
    outTradeNo: payment.number,
    description: payment.description,
    amountFen: payment.amountFen,
    notifyUrl: `${desk.config.PUBLIC_ORIGIN}${NOTICE_PATH}`,
    expiresAt: payment.expiresAt,
  };
  if (payment.way === 'native') return { ...nothing, ...(await desk.pay.prepayNative(order)) };
  if (payment.way === 'h5') return { ...nothing, ...(await desk.pay.prepayH5({ ...order, payerIp })) };
  return { ...nothing, ...(await desk.pay.prepayJsapi({ ...order, openid: payment.openid! })) };
}
