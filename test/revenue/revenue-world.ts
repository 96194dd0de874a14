import { Order } from '../../entities/order.ts';
import { Instalment } from '../../entities/order-parts.ts';
import { Payment } from '../../entities/payment.ts';
import { Refund } from '../../entities/refund.ts';
import type { OrderView } from '../../src/contracts/index.ts';
import { newRefundNumber } from '../../src/platform/ids.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import { adoptRefund, settleRefund } from '../../src/refunds/index.ts';
import { ledgerOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import type { TestWorld } from '../support/world.ts';

const BY = { proposedBy: 'finance-1', decidedBy: 'finance-2' };

type Outcome = 'processing' | 'success' | 'closed';

/** An order as the books have it. */
export class SoldOrder {
  private constructor(
    private readonly test: TestWorld,
    private readonly customer: Phone,
    readonly id: string,
    readonly number: string,
  ) {}

  static async place(
    test: TestWorld,
    customer: Phone,
    serviceCode: string,
    wanted: { packageCode: string; planCode: string },
  ): Promise<SoldOrder> {
    const { number } = await customer.order(serviceCode, wanted);
    const { id } = await test.world.desk.db.findOneByOrFail(Order, { number });
    return new SoldOrder(test, customer, id, number);
  }

  get desk() {
    return this.test.world.desk;
  }

  see = (): Promise<OrderView> => this.customer.seeOrder(this.number);

  /** What is due, over WeChat. */
  async pay(): Promise<void> {
    const started = await this.customer.startPayment(this.number);
    await this.customer.pay(started);
    await this.customer.post(`/app/payments/${started.number}/look`);
  }

  reach = (code: string): Promise<unknown> => this.desk.transaction((work) => reachMilestone(work, this.id, code));

  payments = (): Promise<Payment[]> =>
    this.desk.db.find(Payment, { where: { orderId: this.id, state: 'paid' }, order: { id: 'ASC' } });

  refunds = (): Promise<Refund[]> => this.desk.db.find(Refund, { where: { orderId: this.id }, order: { id: 'ASC' } });

  /** WeChat says that so much of a payment goes back. */
  async refund(payment: Payment, amountFen: number, state: Outcome = 'success'): Promise<void> {
    const fact = this.factOf(newRefundNumber(this.desk.now()), payment, amountFen, state);
    await this.desk.transaction((work) => adoptRefund(work, fact, BY));
  }

  /** WeChat says how a refund that is on its way ended. */
  async end({ number, paymentId, amountFen }: Refund, state: Outcome): Promise<void> {
    const payment = await this.desk.db.findOneByOrFail(Payment, { id: paymentId! });
    await this.desk.transaction((work) => settleRefund(work, this.factOf(number, payment, amountFen, state)));
  }

  private factOf(outRefundNo: string, payment: Payment, amountFen: number, state: Outcome) {
    return {
      state,
      outRefundNo,
      refundId: `50${outRefundNo.slice(1)}`,
      outTradeNo: payment.number,
      transactionId: payment.transactionId!,
      amountFen,
      totalFen: payment.amountFen,
      acceptedAt: this.desk.now(),
      succeededAt: state === 'success' ? this.desk.now() : null,
      receivedBy: null,
    };
  }

  /** What the order's lines on an account sum to, fen. */
  async balance(account: string): Promise<number> {
    const postings = await ledgerOf(this.test.world, this.id);
    return postings.reduce((sum, { lines }) => sum + (lines[account] ?? 0), 0);
  }

  revenue = async (): Promise<number> => 0 - (await this.balance('revenue'));
  advance = async (): Promise<number> => 0 - (await this.balance('advance_from_customers'));

  /** Of what was paid for our own price and not given back, without asking the books. */
  async ownPrice(): Promise<{ paidFen: number; refundedFen: number }> {
    const paid = await this.desk.db.findBy(Instalment, { orderId: this.id, state: 'paid' });
    const gone = (await this.refunds()).filter(({ state }) => state === 'processing' || state === 'succeeded');
    return { paidFen: ownOf(paid), refundedFen: ownOf(gone) };
  }
}

const ownOf = (rows: readonly { amountFen: number; governmentFen: number }[]): number =>
  rows.reduce((sum, { amountFen, governmentFen }) => sum + amountFen - governmentFen, 0);
