import { In } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { Invoice, InvoiceLine } from '../../entities/invoice.ts';
import type {
  CustomerInvoicingView,
  InvoicingQuery,
  InvoicingSums,
  OrderReceiptsQuery,
  OrderReceiptsView,
} from '../contracts/invoices.ts';
import { invoiceStates } from '../contracts/states.ts';
import type { Work } from '../platform/work.ts';
import { type CustomerStanding, eachCustomer, listReceipts, type Shown, type Standing } from './standing.ts';

const AT_ONCE = 100;

/** Customers by id, one row more than the page holds. */
export async function listCustomers(
  work: Work,
  { after, limit, show }: InvoicingQuery & { limit: number },
): Promise<{ id: string; view: CustomerInvoicingView }[]> {
  const found: CustomerStanding[] = [];
  for await (const customer of eachCustomer(work, { show, after })) {
    found.push(customer);
    if (found.length > limit) break;
  }
  return (await present(work, found)).map((view) => ({ id: view.customer.id, view }));
}

/** All of them. */
export async function* everyCustomer(work: Work, show: Shown | undefined): AsyncGenerator<CustomerInvoicingView> {
  for (let after: string | undefined; ;) {
    const listed = await listCustomers(work, { show, after, limit: AT_ONCE });
    for (const { view } of listed.slice(0, AT_ONCE)) yield view;
    if (listed.length <= AT_ONCE) return;
    after = listed[AT_ONCE - 1]!.id;
  }
}

async function present({ db }: Work, customers: readonly CustomerStanding[]): Promise<CustomerInvoicingView[]> {
  const known = await db.findBy(Customer, { id: In(customers.map(({ id }) => id)) });
  const nicknames = new Map(known.map(({ id, nickname }) => [id, nickname]));
  return customers.map(({ id, ...sums }) => ({ customer: { id, nickname: nicknames.get(id) ?? null }, ...sums }));
}

/** What a customer's row is the sum of, newest first, one row more than the page holds. */
export async function listOrders(
  work: Work,
  query: OrderReceiptsQuery & { limit: number },
): Promise<{ id: string; view: OrderReceiptsView }[]> {
  const standings = await listReceipts(work, query);
  const invoices = await invoicesOf(work, standings);
  return standings.map((standing) => ({
    id: standing.id,
    view: {
      orderNumber: standing.number,
      serviceName: standing.serviceName,
      ...sumsOf(standing),
      invoices: invoices.filter(({ orderId }) => orderId === standing.id).map(({ view }) => view),
    },
  }));
}

async function invoicesOf({ db }: Work, standings: readonly Standing[]) {
  const lines = await db.find(InvoiceLine, {
    where: { orderId: In(standings.map(({ id }) => id)) },
    order: { id: 'DESC' },
  });
  const found = await db.findBy(Invoice, { id: In(lines.map(({ invoiceId }) => invoiceId)) });
  const invoices = new Map(found.map((invoice) => [invoice.id, invoice]));
  return lines.map(({ orderId, invoiceId, amountFen }) => {
    const { id, state, number } = invoices.get(invoiceId)!;
    return { orderId, view: { id, state, stateWords: invoiceStates[state], number, amountFen } };
  });
}

const sumsOf = (standing: Standing): InvoicingSums => ({
  paidFen: standing.paidFen,
  refundedFen: standing.refundedFen,
  passedThroughFen: standing.passedThroughFen,
  receivedFen: standing.receivedFen,
  issuedFen: standing.issuedFen,
  redFen: standing.redFen,
  waitingFen: standing.waitingFen,
  notInvoicedFen: standing.notInvoicedFen,
  overInvoicedFen: standing.overInvoicedFen,
});
