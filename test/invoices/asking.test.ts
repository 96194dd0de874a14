import { randomUUID } from 'node:crypto';
import { Invoice } from '../../entities/invoice.ts';
import { Order } from '../../entities/order.ts';
import type { OrderInvoicingView, Page, InvoiceView, TaskView } from '../../src/contracts/index.ts';
import type { StaffClient } from '../../src/contracts/staff-client.ts';
import { reachMilestone } from '../../src/orders/index.ts';
import type { Phone } from '../support/phone.ts';
import type { TestWorld } from '../support/world.ts';
import {
  ACCOUNT,
  ask,
  asking,
  invoicingOf,
  paidOrder,
  refund,
  saveTitle,
  seen,
  somebody,
  startInvoiceWorld,
  WHOLE_COMPANY,
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

const tasks = async (id: string, state: 'open' | 'done'): Promise<TaskView[]> => {
  const { data } = await finance.listTasks({ query: { kind: 'invoice', state, limit: 100 } });
  const { title } = await finance.getInvoice({ params: { id } });
  return data.filter((task) => task.title.includes(title.name));
};
const invoiceable = async (query = '') =>
  (await customer.call<Page<OrderInvoicingView>>('GET', `/app/invoiceable-orders${query}`)).body;

describe('What can be invoiced', () => {
  it('is what was paid, without fees of an authority', async () => {
    const order = await customer.order(WITH_FEES);
    const none = { invoiceableFen: 0, whyNot: 'not_paid', whyNotWords: '订单尚未付款' };
    expect(await invoicingOf(customer, order.number)).toMatchObject({ paidFen: 0, ...none });
    const { number, amountFen, lines } = await paidOrder(world, customer, WITH_FEES);
    const feesFen = lines.find(({ kind }) => kind === 'government_fee')!.amountFen;
    expect(feesFen).toBeGreaterThan(0);
    expect(await invoicingOf(customer, number)).toEqual({
      orderNumber: number,
      serviceName: order.serviceName,
      paidFen: amountFen,
      refundedFen: 0,
      passedThroughFen: feesFen,
      invoicedFen: 0,
      invoiceableFen: amountFen - feesFen,
      whyNot: null,
      whyNotWords: null,
    });
  });

  it('grows with what is paid later', async () => {
    const { number, amountFen } = await customer.order('call-centre-licence', { planCode: 'two_parts' });
    const pay = async () => {
      const started = await customer.startPayment(number);
      await customer.pay(started);
      await customer.post(`/app/payments/${started.number}/look`);
      return started.amountFen;
    };
    const firstFen = await pay();
    expect(firstFen).toBeLessThan(amountFen);
    await ask(customer, [number]);
    expect(await invoicingOf(customer, number)).toMatchObject({ invoicedFen: firstFen, whyNot: 'all_invoiced' });
    const { id } = await world.world.desk.db.findOneByOrFail(Order, { number });
    for (const code of ['work_started', 'submitted', 'licence_issued'])
      await world.world.desk.transaction((work) => reachMilestone(work, id, code));
    const restFen = await pay();
    expect(await ask(customer, [number])).toMatchObject({ amountFen: restFen });
  });

  it('is listed page by page, while something is left', async () => {
    const numbers: string[] = [];
    for (let at = 0; at < 3; at += 1) numbers.unshift((await paidOrder(world, customer)).number);
    await customer.order();
    const first = await invoiceable('?limit=2');
    expect(first.data.map(({ orderNumber }) => orderNumber)).toEqual(numbers.slice(0, 2));
    const second = await invoiceable(`?limit=2&after=${first.next}`);
    expect([second.data.map(({ orderNumber }) => orderNumber), second.next]).toEqual([numbers.slice(2), null]);
    await ask(customer, [numbers[1]!]);
    expect((await invoiceable()).data.map(({ orderNumber }) => orderNumber)).toEqual([numbers[0], numbers[2]]);
  });

  it('does not include money that is on its way back', async () => {
    const { number, amountFen } = await paidOrder(world, customer);
    await refund(world, number, 1_000);
    expect(await invoicingOf(customer, number)).toMatchObject({
      refundedFen: 1_000,
      invoiceableFen: amountFen - 1_000,
    });
    await refund(world, number, amountFen - 1_000);
    expect(await invoicingOf(customer, number)).toMatchObject({ invoiceableFen: 0, whyNot: 'refunded' });
    const another = await paidOrder(world, customer, WITH_FEES);
    await refund(world, another.number, another.amountFen - 1);
    expect(await invoicingOf(customer, another.number)).toMatchObject({ invoiceableFen: 1, passedThroughFen: 0 });
  });
});

describe('A request', () => {
  it('takes all that is left of each order, keeps the title as it is now, and waits for finance', async () => {
    const one = await paidOrder(world, customer);
    const other = await paidOrder(world, customer, WITH_FEES);
    const title = await saveTitle(customer, { ...WHOLE_COMPANY, name: `合并开票${one.number}` });
    const wanted = { titleId: title.id, kind: 'special', note: '请尽快开具' } as const;
    const invoice = await ask(customer, [other.number, one.number], wanted);
    const otherFen = (await invoicingOf(customer, other.number)).invoicedFen;
    expect(invoice).toEqual({
      id: expect.any(String),
      state: 'asked',
      stateWords: '待开票',
      kind: 'special',
      kindWords: '增值税专用发票',
      title: { ...WHOLE_COMPANY, name: title.name },
      amountFen: one.amountFen + otherFen,
      orders: [
        { number: other.number, serviceName: other.serviceName, amountFen: otherFen },
        { number: one.number, serviceName: one.serviceName, amountFen: one.amountFen },
      ],
      note: '请尽快开具',
      number: null,
      code: null,
      issuedDay: null,
      refusedReason: null,
      changedWhy: null,
      hasFile: false,
      canWithdraw: true,
      redLetters: [],
      createdAt: expect.any(String),
    });
    await customer.call('PUT', `/app/invoice-titles/${title.id}`, { ...WHOLE_COMPANY, name: '改名有限公司' });
    await customer.call('DELETE', `/app/invoice-titles/${title.id}`);
    expect(await seen(customer, invoice)).toEqual(invoice);
    expect(await tasks(invoice.id, 'open')).toMatchObject([{ kindWords: '发票', orderNumber: other.number }]);
    const row = await world.world.database.reader.findOneByOrFail(Invoice, { id: invoice.id });
    expect(JSON.stringify(row)).not.toContain(ACCOUNT);
  });

  it('for special VAT needs a company with everything', async () => {
    const { number } = await paidOrder(world, customer);
    for (const lacking of [
      { kind: 'personal', name: '林晓' } as const,
      { ...WHOLE_COMPANY, address: null },
      { ...WHOLE_COMPANY, phone: null },
      { ...WHOLE_COMPANY, bankName: null },
      { ...WHOLE_COMPANY, bankAccount: null },
    ]) {
      const { id: titleId } = await saveTitle(customer, lacking);
      const { body } = await asking(customer, { titleId, kind: 'special', orderNumbers: [number] });
      expect(body.error?.code).toBe('invoice.title_unfit');
    }
    const { id: titleId } = await saveTitle(customer, { kind: 'personal', name: '林晓' });
    expect((await asking(customer, { titleId, kind: 'ordinary', orderNumbers: [number] })).status).toBe(201);
  });

  it('is refused when of one order nothing is left, and says why', async () => {
    const one = await paidOrder(world, customer);
    const other = await paidOrder(world, customer);
    const unpaid = await customer.order();
    const { id: titleId } = await saveTitle(customer);
    await ask(customer, [one.number], { titleId });
    const orderNumbers = [other.number, one.number, unpaid.number];
    const { status, body } = await asking(customer, { titleId, kind: 'ordinary', orderNumbers });
    expect([status, body.error?.code]).toEqual([409, 'invoice.nothing_to_invoice']);
    expect(body.error?.detail).toEqual({
      orders: [
        { number: one.number, whyNot: 'all_invoiced', whyNotWords: '已全部开票或已申请开票' },
        { number: unpaid.number, whyNot: 'not_paid', whyNotWords: '订单尚未付款' },
      ],
    });
    expect(await invoicingOf(customer, other.number)).toMatchObject({ invoicedFen: 0 });
  });

  it('at the same instant as others takes an order once', async () => {
    const one = await paidOrder(world, customer);
    const other = await paidOrder(world, customer);
    const { id: titleId } = await saveTitle(customer);
    const orders = [[one.number, other.number], [other.number, one.number], [one.number], [other.number]];
    const answers = await Promise.all(
      [...orders, ...orders].map((orderNumbers) => asking(customer, { titleId, kind: 'ordinary', orderNumbers })),
    );
    const taken = answers.flatMap(({ body }) => body.data?.orders ?? []);
    expect(taken.map(({ number }) => number).toSorted()).toEqual([one.number, other.number].toSorted());
    for (const { number, amountFen } of [one, other])
      expect(await invoicingOf(customer, number)).toMatchObject({ invoicedFen: amountFen, invoiceableFen: 0 });
  });

  it('is made once for one key, however often it is sent', async () => {
    const { number } = await paidOrder(world, customer);
    const { id: titleId } = await saveTitle(customer);
    const body = { titleId, kind: 'ordinary' as const, orderNumbers: [number] };
    const key = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => asking(customer, body, key)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.data?.id}`)).size).toBe(1);
    expect((await asking(customer, { ...body, note: '另一次' }, key)).body.error?.code).toBe(
      'request.idempotency_key_reused',
    );
    expect((await asking(customer, body, '')).body.error?.code).toBe('request.idempotency_key_missing');
  });

  it.each<[string, object]>([
    ['titleId', { titleId: 'x' }],
    ['kind', { kind: 'gift' }],
    ['orderNumbers', { orderNumbers: [] }],
    ['orderNumbers', { orderNumbers: ['TB26112500000001', 'TB26112500000001'] }],
    ['orderNumbers', { orderNumbers: Array.from({ length: 21 }, (_none, at) => `TB${26112500000000 + at}`) }],
    ['orderNumbers.0', { orderNumbers: ['1 OR 1=1'] }],
    ['amountFen', { amountFen: 1 }],
  ])('is refused with a bad %s', async (field, bad) => {
    const right = { titleId: randomUUID(), kind: 'ordinary', orderNumbers: ['TB26112500000001'] };
    const { status, body } = await asking(customer, { ...right, ...bad } as never);
    expect([status, body.error?.detail]).toEqual([422, { fields: [{ field, message: expect.any(String) }] }]);
  });

  it('is taken back while it waits; then the order can be asked for again', async () => {
    const { number, amountFen } = await paidOrder(world, customer);
    const { id: titleId } = await saveTitle(customer, { ...WHOLE_COMPANY, name: `撤回${number}` });
    const invoice = await ask(customer, [number], { titleId });
    const address = `/app/invoices/${invoice.id}/withdrawal`;
    expect(await customer.post(address)).toMatchObject({ state: 'withdrawn', canWithdraw: false, amountFen });
    expect(await tasks(invoice.id, 'open')).toEqual([]);
    expect((await customer.call<{ error: { code: string } }>('POST', address)).body.error.code).toBe(
      'invoice.illegal_move',
    );
    expect(await ask(customer, [number])).toMatchObject({ amountFen });
  });

  it('of another customer does not exist', async () => {
    const invoice = await ask(customer, [(await paidOrder(world, customer)).number]);
    const { orders, id } = invoice;
    customer = await somebody(world);
    for (const [method, address] of [
      ['GET', `/app/invoices/${id}`],
      ['GET', `/app/invoices/${id}/file`],
      ['POST', `/app/invoices/${id}/file-link`],
      ['POST', `/app/invoices/${id}/withdrawal`],
      ['GET', `/app/orders/${orders[0]!.number}/invoicing`],
    ] as const)
      expect((await customer.call(method, address)).status).toBe(404);
    expect((await customer.call<Page<InvoiceView>>('GET', '/app/invoices')).body.data).toEqual([]);
    expect((await invoiceable()).data).toEqual([]);
  });

  it('is listed with the others, newest first, page by page', async () => {
    const asked: string[] = [];
    for (let at = 0; at < 3; at += 1)
      asked.unshift((await ask(customer, [(await paidOrder(world, customer)).number])).id);
    const first = (await customer.call<Page<InvoiceView>>('GET', '/app/invoices?limit=2')).body;
    const second = (await customer.call<Page<InvoiceView>>('GET', `/app/invoices?limit=2&after=${first.next}`)).body;
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(asked);
    expect(second.next).toBeNull();
  });
});
