import { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import { Shipment } from '../../entities/shipment.ts';
import type { OrderView, ShipmentView } from '../../src/contracts/index.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld, type TestWorldOptions } from '../support/world.ts';

export const UPLOAD = '/wxa/sec/order/upload_shipping_info';
export const ASK = '/wxa/sec/order/get_order';
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3600_000;

/** What WeChat knows of one paid order of the mini-program. */
interface AtWechat {
  outTradeNo: string;
  state: number;
  logisticsType?: number;
  timesFinished?: number;
  items?: { item_desc: string }[];
}

/** A customer in the mini-program, staff, and WeChat's view of what they paid. */
export class ShippingWorld {
  private constructor(
    readonly test: TestWorld,
    readonly customer: Phone,
    readonly staff: StaffClient,
  ) {}

  static async start(options: TestWorldOptions = {}): Promise<ShippingWorld> {
    const environment = { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000', ...options.environment };
    const test = await startWorld({ ...options, environment });
    await test.lever('/pay/settings', { refundGapMs: 0 });
    const customer = await test.person({ follows: true });
    await customer.signInMiniProgram();
    return new ShippingWorld(test, customer, await buildStaff(test, ['supervisor', 'finance']));
  }

  get desk() {
    return this.test.world.desk;
  }

  async pay(number: string): Promise<void> {
    const started = await this.customer.startPayment(number);
    await this.customer.pay(started);
    await this.customer.post(`/app/payments/${started.number}/look`);
    await this.test.settle();
  }

  /** A paid order and what is to be shipped of it. */
  async paid(serviceCode?: string): Promise<OrderView> {
    const order = await this.customer.order(serviceCode);
    await this.pay(order.number);
    return this.customer.seeOrder(order.number);
  }

  async reach(number: string, code = 'work_started'): Promise<void> {
    const { id } = await this.desk.db.findOneByOrFail(Order, { number });
    await this.desk.transaction((work) => reachMilestone(work, id, code));
    await this.test.settle();
  }

  /** A paid order whose delivery WeChat was told of. */
  async shipped(): Promise<OrderView> {
    const order = await this.paid();
    await this.reach(order.number);
    return order;
  }

  /** All of an order's, the oldest first. */
  async shipmentsOf(number: string): Promise<ShipmentView[]> {
    const rows = await this.staff.pages<ShipmentView>(`/staff/shipments?orderNumber=${number}&limit=100`);
    return rows.toReversed();
  }

  /** The only one of an order. */
  async see(number: string): Promise<ShipmentView> {
    const [shipment, ...others] = await this.shipmentsOf(number);
    if (!shipment || others.length > 0) throw new Error(`the order has ${others.length + 1} shipments`);
    return shipment;
  }

  async correct(number: string, body: object = { item: '材料清单与申请表', reason: '写错了内容' }) {
    const { id } = await this.see(number);
    return this.staff.codeOf('POST', `/staff/shipments/${id}/correction`, body);
  }

  async uploadNow(number: string): Promise<string | number> {
    const { id } = await this.see(number);
    return this.staff.codeOf('POST', `/staff/shipments/${id}/upload`);
  }

  async atWechat(number: string): Promise<AtWechat> {
    const { paymentNumber } = await this.see(number);
    const all = await this.test.lever<AtWechat[]>('/mini-program/shipping');
    return all.find(({ outTradeNo }) => outTradeNo === paymentNumber)!;
  }

  /** Moves an order's shipping at WeChat. */
  async lever(number: string, what: 'remind' | 'receive' | 'settle'): Promise<void> {
    const { paymentNumber } = await this.see(number);
    await this.test.lever(`/mini-program/shipping/${paymentNumber}/${what}`, {});
    await this.pushesArrive();
  }

  /** One proposes, another decides, and the money is back. */
  async giveBack(number: string, amountFen: number): Promise<void> {
    const maker = await buildStaff(this.test, ['consultant']);
    const wanted = { amountFen, reason: '客户取消办理', changeReason: '协商一致' };
    const { id } = await maker.data<{ id: string }>('POST', `/staff/orders/${number}/refund-proposals`, wanted);
    await this.staff.data('POST', `/staff/refund-proposals/${id}/approval`);
    await this.test.settle();
    await this.moveOn(10_000);
  }

  /** Somebody who may only look. */
  reader(): Promise<StaffClient> {
    return buildStaff(this.test, ['auditor']);
  }

  settings(wanted: object): Promise<unknown> {
    return this.test.lever('/mini-program/settings', wanted);
  }

  async pushesArrive(): Promise<void> {
    await this.test.lever('/pushes/settled', {});
    await this.test.settle();
  }

  async calls(path: string): Promise<number> {
    const calls = await this.test.lever<{ path: string }[]>(`/calls?path=${encodeURIComponent(path)}`);
    return calls.filter((call) => call.path.split('?')[0] === path).length;
  }

  /** The payment's row, as if nothing had been done about it. */
  async forget(number: string, changes: Partial<Shipment>): Promise<void> {
    const { id } = await this.see(number);
    await this.desk.transaction((work) => work.db.update(Shipment, { id }, changes));
  }

  paymentOf(number: string): Promise<Payment> {
    return this.see(number).then(({ paymentNumber }) =>
      this.desk.db.findOneByOrFail(Payment, { number: paymentNumber }),
    );
  }

  async moveOn(ms: number): Promise<void> {
    await this.test.advance(ms);
    await this.pushesArrive();
    // A session ends when it is not used.
    if (ms >= HOUR_MS) await this.staff.signIn(this.test.clock.now());
  }

  stop(): Promise<void> {
    return this.test.stop();
  }
}
