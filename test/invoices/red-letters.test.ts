import { Invoice, InvoiceLine } from '../../entities/invoice.ts';
import { Order } from '../../entities/order.ts';
import { Refund } from '../../entities/refund.ts';
import type {
  CustomerInvoicingView,
  StaffInvoiceView,
  TaskView,
  WriteRedLetterBody,
} from '../../src/contracts/index.ts';
import { eachRow, type StaffClient } from '../../src/contracts/staff-client.ts';
import { followRefund } from '../../src/invoices/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { dayAfter } from '../../src/platform/calendar.ts';
import type { Phone } from '../support/phone.ts';
import type { TestWorld } from '../support/world.ts';
import {
  ask,
  codeOf,
  invoicingOf,
  issue,
  newNumber,
  paidOrder,
  PDF,
  refund,
  saveTitle,
  seen,
  somebody,
  staff,
  startInvoiceWorld,
  today,
  WITH_FEES,
} from './invoice-world.ts';

let world: TestWorld;
let customer: Phone;
let finance: StaffClient;

beforeAll(async () => {
  ({ world, finance } = await startInvoiceWorld());
}, 60_000);
afterAll(() => world.stop());
beforeEach(async () => {
  customer = await somebody(world);
});

const show = (id: string): Promise<StaffInvoiceView> => finance.getInvoice({ params: { id } });
const red = (amountFen: number, wanted: Partial<WriteRedLetterBody> = {}): WriteRedLetterBody => ({
  number: newNumber(),
  issuedDay: today(world),
  amountFen,
  ...wanted,
});
const writeRed = (id: string, body: WriteRedLetterBody) => finance.writeRedLetter({ params: { id }, body });
async function tasksOf(orderNumber: string, state: 'open' | 'done' = 'open'): Promise<TaskView[]> {
  const { data } = await finance.listTasks({ query: { kind: 'invoice', state, limit: 100 } });
  return data.filter((task) => task.orderNumber === orderNumber && task.title.startsWith('红冲'));
}
async function rowOf(
  customerId: string,
  show?: 'over_invoiced' | 'not_invoiced',
): Promise<CustomerInvoicingView | undefined> {
  for await (const row of eachRow(finance.listInvoicing, { query: { limit: 2, ...(show ? { show } : {}) } }))
    if (row.customer.id === customerId) return row;
  return undefined;
}

describe('A refund after the invoice', () => {
  it('wants a red letter of as much, which finance finds on the list, writes down, and is done with', async () => {
    const { number, amountFen } = await paidOrder(world, customer);
    const { id } = await issue({ world, finance }, await ask(customer, [number]));
    await refund(world, number, 1_000);
    const wanted = await show(id);
    expect(wanted).toMatchObject({
      state: 'issued',
      redWantedFen: 1_000,
      redFen: 0,
      redWantedSince: expect.any(String),
    });
    expect(await finance.listInvoices({ query: { redWanted: true, orderNumber: number } })).toMatchObject({
      data: [{ id }],
    });
    expect(await tasksOf(number)).toMatchObject([{ title: `红冲发票：${wanted.number}`, kind: 'invoice' }]);
    expect(await rowOf(wanted.customer.id, 'over_invoiced')).toMatchObject({ overInvoicedFen: 1_000 });

    const { orders, redLetters } = await writeRed(id, red(1_000));
    expect(orders).toMatchObject([{ amountFen, redFen: 1_000, redWantedFen: 0 }]);
    expect(await show(id)).toMatchObject({ state: 'issued', redFen: 1_000, redWantedFen: 0, redWantedSince: null });
    expect(await tasksOf(number)).toEqual([]);
    expect(await tasksOf(number, 'done')).toMatchObject([{ outcome: 'mended', endedBy: expect.any(String) }]);
    const { number: redNumber, issuedDay } = redLetters[0]!;
    expect(await seen(customer, { id })).toMatchObject({
      state: 'issued',
      redLetters: [{ number: redNumber, code: null, amountFen: 1_000, issuedDay }],
    });
    expect(await invoicingOf(customer, number)).toMatchObject({
      invoicedFen: amountFen - 1_000,
      invoiceableFen: 0,
      whyNot: 'all_invoiced',
    });
    expect(await rowOf(wanted.customer.id)).toMatchObject({
      receivedFen: amountFen - 1_000,
      issuedFen: amountFen,
      redFen: 1_000,
      overInvoicedFen: 0,
      notInvoicedFen: 0,
    });
    // The news of the refund once more changes nothing.
    const { id: refundId } = (await world.world.desk.db.find(Refund, { order: { id: 'DESC' }, take: 1 }))[0]!;
    await followRefund(world.world.desk, { refundId });
    expect(await show(id)).toMatchObject({ redWantedFen: 0, redWantedSince: null });
    expect(await tasksOf(number)).toEqual([]);
  });

  it('of everything takes the whole invoice back', async () => {
    const { number, amountFen } = await paidOrder(world, customer, WITH_FEES);
    const invoice = await ask(customer, [number]);
    const { id } = await issue({ world, finance }, invoice);
    await refund(world, number, amountFen);
    expect(await show(id)).toMatchObject({ redWantedFen: invoice.amountFen });
    expect(await writeRed(id, red(invoice.amountFen))).toMatchObject({ state: 'red_lettered', redWantedFen: 0 });
    expect(await seen(customer, { id })).toMatchObject({ stateWords: '已红冲', hasFile: true });
    expect(await codeOf(writeRed(id, red(1)))).toBe('invoice.illegal_move');
    expect(await codeOf(finance.putInvoiceFile({ params: { id }, file: PDF }))).toBe('invoice.illegal_move');
  });

  it('of a fee for an authority takes nothing back: it never was invoiced', async () => {
    const { number, lines } = await paidOrder(world, customer, WITH_FEES);
    const feesFen = lines.find(({ kind }) => kind === 'government_fee')!.amountFen;
    const { id } = await issue({ world, finance }, await ask(customer, [number]));
    await refund(world, number, feesFen);
    expect(await show(id)).toMatchObject({ redWantedFen: 0, redWantedSince: null });
    await refund(world, number, 500);
    expect(await show(id)).toMatchObject({ redWantedFen: 500 });
  });

  it('of money that never was the price, because it was paid twice, takes nothing back', async () => {
    const { number, amountFen } = await paidOrder(world, customer);
    const { id } = await issue({ world, finance }, await ask(customer, [number]));
    const refundId = await world.world.database.transaction(async (db) => {
      const order = await db.findOneByOrFail(Order, { number });
      const at = world.clock.now();
      const shared = { id: newId(), orderId: order.id, disputedId: newId(), transactionId: newId(), number: newId() };
      const money = { totalFen: amountFen, amountFen, governmentFen: 0, reason: '重复付款，退回', createdAt: at };
      const double = { ...shared, ...money, state: 'succeeded' as const, acceptedAt: at, endedAt: at };
      await db.insert(Refund, Object.assign(new Refund(), double));
      return double.id;
    });
    await followRefund(world.world.desk, { refundId });
    expect(await show(id)).toMatchObject({ redWantedFen: 0 });
    expect(await invoicingOf(customer, number)).toMatchObject({ refundedFen: 0, invoicedFen: amountFen });
  });

  it('of one order in a merged invoice takes back that order’s share; more red letters make the rest', async () => {
    const one = await paidOrder(world, customer);
    const other = await paidOrder(world, customer);
    const { id } = await issue({ world, finance }, await ask(customer, [one.number, other.number]));
    await refund(world, other.number, 3_000);
    await refund(world, one.number, 2_000);
    expect((await show(id)).orders).toMatchObject([{ redWantedFen: 2_000 }, { redWantedFen: 3_000 }]);
    expect(await tasksOf(other.number)).toHaveLength(1);
    expect((await writeRed(id, red(2_500))).orders).toMatchObject([
      { redFen: 2_000, redWantedFen: 0 },
      { redFen: 500, redWantedFen: 2_500 },
    ]);
    expect(await tasksOf(other.number)).toHaveLength(1);
    expect(await codeOf(writeRed(id, red(2_501)))).toBe('invoice.red_more_than_wanted');
    expect(await writeRed(id, red(2_500))).toMatchObject({ redFen: 5_000, redWantedFen: 0, state: 'issued' });
    expect(await tasksOf(other.number)).toEqual([]);
    await refund(world, one.number, 100);
    expect(await tasksOf(one.number)).toHaveLength(1);
  });

  it('at the same instant as the red letter of another is taken back once', async () => {
    const { number } = await paidOrder(world, customer);
    const { id } = await issue({ world, finance }, await ask(customer, [number]));
    await refund(world, number, 1_000);
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(writeRed(id, red(1_000)))));
    expect(codes.toSorted()).toEqual(['done', 'invoice.red_more_than_wanted', 'invoice.red_more_than_wanted']);
    expect(await show(id)).toMatchObject({ redFen: 1_000 });
  });
});

describe('A red letter', () => {
  it('without a refund takes all back, and the order can be invoiced anew', async () => {
    const { number, amountFen } = await paidOrder(world, customer);
    const { id } = await issue({ world, finance }, await ask(customer, [number]));
    expect(await codeOf(writeRed(id, red(amountFen - 1)))).toBe('invoice.red_more_than_wanted');
    expect(await codeOf(writeRed(id, red(amountFen + 1)))).toBe('invoice.red_more_than_wanted');
    await writeRed(id, red(amountFen));
    expect(await ask(customer, [number])).toMatchObject({ amountFen });
  });

  it('has a number of its own, a day between the invoice’s and today, and a file', async () => {
    const { number, amountFen } = await paidOrder(world, customer);
    const { id, ...issued } = await issue({ world, finance }, await ask(customer, [number]));
    expect(await codeOf(writeRed(id, red(amountFen, { number: issued.number! })))).toBe('invoice.number_taken');
    const past = dayAfter(today(world), -1);
    expect(await codeOf(writeRed(id, red(amountFen, { issuedDay: past })))).toBe('request.invalid');
    const future = dayAfter(today(world));
    expect(await codeOf(writeRed(id, red(amountFen, { issuedDay: future })))).toBe('request.invalid');
    expect(await codeOf(writeRed(id, red(0)))).toBe('request.invalid');
    const { redLetters } = await writeRed(id, red(amountFen));
    const params = { id, redLetterId: redLetters[0]!.id };
    expect(await codeOf(finance.getRedLetterFile({ params }))).toBe('invoice.file_not_found');
    const file = new TextEncoder().encode('<svg/>');
    expect(await codeOf(finance.putRedLetterFile({ params, file }))).toBe('invoice.file_unfit');
    expect((await finance.putRedLetterFile({ params, file: PDF })).redLetters).toMatchObject([{ hasFile: true }]);
    expect(new Uint8Array(await (await finance.getRedLetterFile({ params })).arrayBuffer())).toEqual(PDF);
    const { id: other } = await issue(
      { world, finance },
      await ask(customer, [(await paidOrder(world, customer)).number]),
    );
    const foreign = { ...params, id: other };
    expect(await codeOf(finance.putRedLetterFile({ params: foreign, file: PDF }))).toBe('invoice.not_found');
  });

  it('is not for what was not issued', async () => {
    const { id, amountFen } = await ask(customer, [(await paidOrder(world, customer)).number]);
    expect(await codeOf(writeRed(id, red(amountFen)))).toBe('invoice.illegal_move');
  });
});

describe('A refund while the request waits', () => {
  it('makes it less, and says why', async () => {
    const one = await paidOrder(world, customer);
    const other = await paidOrder(world, customer);
    const invoice = await ask(customer, [one.number, other.number]);
    await refund(world, one.number, 1_000);
    const reduced = await seen(customer, invoice);
    expect(reduced).toMatchObject({ state: 'asked', amountFen: invoice.amountFen - 1_000 });
    expect(reduced.changedWhy).toMatch(new RegExp(`^订单 ${one.number} 已退款，开票金额由 ¥\\S+ 调整为 ¥\\S+$`));
    await refund(world, one.number, one.amountFen - 1_000);
    expect(await seen(customer, invoice)).toMatchObject({ state: 'asked', amountFen: other.amountFen });
    // What it says of the first order is nothing by now; the message names the one that is left.
    await issue({ world, finance }, invoice);
    expect(await show(invoice.id)).toMatchObject({ amountFen: other.amountFen, redWantedFen: 0 });
  });

  it('of everything withdraws it by itself, and says why', async () => {
    const { number, amountFen } = await paidOrder(world, customer);
    const { id: titleId } = await saveTitle(customer);
    const invoice = await ask(customer, [number], { titleId });
    await refund(world, number, amountFen);
    expect(await seen(customer, invoice)).toMatchObject({
      state: 'withdrawn',
      amountFen,
      changedWhy: `订单 ${number} 款项已退回，没有可开票的金额，开票申请自动撤回`,
    });
    expect(await tasksOf(number)).toEqual([]);
  });

  it('is waited for: nothing is issued that would have to be taken back at once', async () => {
    const { number } = await paidOrder(world, customer);
    const { id } = await ask(customer, [number]);
    await finance.putInvoiceFile({ params: { id }, file: PDF });
    const maker = await staff(world, 'consultant');
    const checker = await staff(world, 'supervisor');
    const proposal = { amountFen: 1_000, reason: '客户取消办理', changeReason: '协商一致' };
    const { id: proposalId } = await maker.proposeRefund({ params: { number }, body: proposal });
    await checker.approveRefund({ params: { id: proposalId } });
    await world.settle();
    const body = { number: newNumber(), issuedDay: today(world) };
    expect(await codeOf(finance.issueInvoice({ params: { id }, body }))).toBe('invoice.refund_under_way');
    await world.advance(10_000);
    await world.settle();
    expect(await codeOf(finance.issueInvoice({ params: { id }, body }))).toBe('done');
    expect(await show(id)).toMatchObject({ redWantedFen: 0 });
  });

  it('makes the newest one less, before anything issued is taken back', async () => {
    const { number } = await customer.order('call-centre-licence', { planCode: 'two_parts' });
    const started = await customer.startPayment(number);
    await customer.pay(started);
    await customer.post(`/app/payments/${started.number}/look`);
    await world.settle();
    const { id } = await issue({ world, finance }, await ask(customer, [number]));
    const { id: orderId } = await world.world.desk.db.findOneByOrFail(Order, { number });
    // As if a smaller part of it had been invoiced first.
    const rest = 5_000;
    await world.world.desk.transaction(async (work) => {
      const line = await work.db.findOneByOrFail(InvoiceLine, { invoiceId: id, orderId });
      await work.db.update(InvoiceLine, { id: line.id }, { amountFen: line.amountFen - rest });
    });
    const waiting = await ask(customer, [number]);
    expect(waiting.amountFen).toBe(rest);
    await refund(world, number, 6_000);
    expect(await seen(customer, waiting)).toMatchObject({ state: 'withdrawn' });
    expect(await show(id)).toMatchObject({ redWantedFen: 1_000 });
  });
});

describe('What was received and what is invoiced', () => {
  it('is compared customer by customer and order by order, so that one order does not hide another', async () => {
    const first = await paidOrder(world, customer, WITH_FEES);
    const second = await paidOrder(world, customer);
    const third = await paidOrder(world, customer);
    const {
      id,
      customer: who,
      amountFen: issuedFen,
    } = await issue({ world, finance }, await ask(customer, [first.number]));
    const waiting = await ask(customer, [second.number]);
    await refund(world, first.number, first.amountFen);
    const row = {
      customer: who,
      orders: 3,
      paidFen: first.amountFen + second.amountFen + third.amountFen,
      refundedFen: first.amountFen,
      passedThroughFen: 0,
      receivedFen: second.amountFen + third.amountFen,
      issuedFen,
      redFen: 0,
      waitingFen: waiting.amountFen,
      notInvoicedFen: second.amountFen + third.amountFen,
      overInvoicedFen: issuedFen,
    };
    expect(await rowOf(who.id)).toEqual(row);
    expect(await rowOf(who.id, 'over_invoiced')).toEqual(row);
    expect(await rowOf(who.id, 'not_invoiced')).toEqual(row);
    const orders = await finance.listOrderReceipts({ query: { customerId: who.id } });
    expect(orders.data.map((order) => [order.orderNumber, order.overInvoicedFen, order.notInvoicedFen])).toEqual([
      [third.number, 0, third.amountFen],
      [second.number, 0, second.amountFen],
      [first.number, issuedFen, 0],
    ]);
    expect(orders.data[2]!.invoices).toMatchObject([{ id, state: 'issued', amountFen: issuedFen }]);
    const over = await finance.listOrderReceipts({ query: { customerId: who.id, show: 'over_invoiced', limit: 1 } });
    expect(over).toMatchObject({ data: [{ orderNumber: first.number }], next: null });

    const rows: CustomerInvoicingView[] = [];
    for await (const one of eachRow(finance.listInvoicing, { query: { limit: 3 } })) rows.push(one);
    expect(new Set(rows.map((one) => one.customer.id)).size).toBe(rows.length);
    const totals = await finance.sumInvoicing();
    expect(totals.customers).toBe(rows.length);
    for (const name of [
      'paidFen',
      'receivedFen',
      'issuedFen',
      'redFen',
      'overInvoicedFen',
      'notInvoicedFen',
      'orders',
    ] as const)
      expect([name, totals[name]]).toEqual([name, rows.reduce((sum, one) => sum + one[name], 0)]);
    const table = await (await finance.exportInvoicing({ query: { format: 'csv', show: 'over_invoiced' } })).text();
    expect(table).toContain('多开须红冲（元）');
    expect(table.split('\r\n').find((line) => line.startsWith(who.id))).toContain((issuedFen / 100).toFixed(2));
    expect((await finance.exportInvoicing()).headers.get('content-type')).toContain('spreadsheetml');
  });

  it('finds what was invoiced beyond what was received, however that came about', async () => {
    const { number, amountFen } = await paidOrder(world, customer);
    const { id, customer: who } = await issue({ world, finance }, await ask(customer, [number]));
    expect(await rowOf(who.id, 'over_invoiced')).toBeUndefined();
    await world.world.database.transaction(async (db) => {
      await db.update(InvoiceLine, { invoiceId: id }, { amountFen: amountFen + 777 });
    });
    expect(await rowOf(who.id, 'over_invoiced')).toMatchObject({ overInvoicedFen: 777, notInvoicedFen: 0 });
    await world.world.database.transaction(async (db) => {
      await db.update(Invoice, { id }, { state: 'withdrawn' });
    });
    expect(await rowOf(who.id)).toMatchObject({ overInvoicedFen: 0, issuedFen: 0, notInvoicedFen: amountFen });
  });
});
