import type { World } from '../../world.ts';
import { settle } from '../payer.ts';
import type { Order } from '../order.ts';

/** Takes money by an order that another system of the same merchant placed: ours knows nothing of it. */
export function takeForeignPayment(world: World, outTradeNo: string, total: number, paidAt: number): void {
  const person = world.people.all()[0]!;
  const order: Order = {
    outTradeNo,
    tradeType: 'NATIVE',
    fingerprint: '',
    asked: {
      appid: world.kit.officialAccount.appid,
      mchid: world.kit.mchid,
      description: '其他系统的收款',
      out_trade_no: outTradeNo,
      notify_url: 'https://other-system.example.com/wechat/pay/notices',
      amount: { total, currency: 'CNY' },
    },
    state: 'NOTPAY',
    createdAt: paidAt,
    expiresAt: paidAt,
    visibleAt: paidAt,
    closing: null,
    prepays: [],
    payment: null,
  };
  world.pay.orders.set(outTradeNo, order);
  settle(world, order, person, { total, payerTotal: total }, paidAt);
}
