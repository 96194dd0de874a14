import { Job } from '../../entities/job.ts';
import { Order } from '../../entities/order.ts';
import type { Payment } from '../../entities/payment.ts';
import type { OrderView, StartedPaymentView } from '../../src/contracts/index.ts';
import { bookedSum, disputesOf, type Held, ledgerOf, messagesOf, noticesOf, paymentsOf } from '../support/books.ts';
import type { KillableWorld } from '../support/killable-world.ts';
import type { Phone } from '../support/phone.ts';

/** What WeChat got for a notice. */
export interface Sent {
  status: number | null;
  error?: string;
}

export const NOT_ANSWERED = { status: null, error: expect.any(String) };

export interface Bought {
  customer: Phone;
  order: OrderView;
  started: StartedPaymentView;
}

/** What the customer's page and the books must say of an order that was paid at once and whole. */
export async function expectBooked(world: Held, { customer, order, started }: Bought): Promise<Payment> {
  expect(await customer.seeOrder(order.number)).toMatchObject({
    state: 'paid',
    paidFen: order.amountFen,
    dueFen: 0,
    canPay: false,
    payment: null,
    disputedFen: 0,
  });
  const { id: orderId } = await world.database.reader.findOneByOrFail(Order, { number: order.number });
  const paid = (await paymentsOf(world)).filter((each) => each.orderId === orderId && each.state === 'paid');
  expect(paid).toMatchObject([{ number: started.number, transactionId: expect.any(String) }]);
  expect(await ledgerOf(world, orderId)).toMatchObject([
    {
      kind: 'payment',
      reference: paid[0]!.transactionId,
      lines: { wechat_pay: order.amountFen, advance_from_customers: -order.amountFen },
    },
  ]);
  expect(await bookedSum(world)).toBe(0);
  expect(await disputesOf(world)).toEqual([]);
  const notices = (await noticesOf(world)).filter(({ paymentNumber }) => paymentNumber === started.number);
  expect(notices.length).toBeLessThanOrEqual(1);
  return paid[0]!;
}

/** What must be true of a purchase once everything has come to rest, however often the server died in the middle of it. */
export async function expectOneEffect(world: KillableWorld, bought: Bought): Promise<void> {
  await world.untilNothingIsLeft();
  const { id, orderId } = await expectBooked(world, bought);
  expect((await paymentsOf(world)).filter((each) => each.orderId === orderId)).toHaveLength(1);
  expect(await world.chat(bought.customer)).toHaveLength(1);
  const { customerId } = await world.database.reader.findOneByOrFail(Order, { id: orderId });
  const messages = (await messagesOf(world)).filter((each) => each.customerId === customerId);
  expect(messages).toMatchObject([{ message: 'order-paid', about: `payment:${id}` }]);
  expect(['accepted', 'delivered']).toContain(messages[0]!.state);
  expect(await world.database.reader.findBy(Job, { state: 'dead' })).toEqual([]);
}
