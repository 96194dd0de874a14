import { In } from 'typeorm';
import { Invoice, InvoiceLine } from '../../entities/invoice.ts';
import { Order } from '../../entities/order.ts';
import type { AskInvoiceBody } from '../contracts/invoices.ts';
import { invoiceKinds, notInvoiceable } from '../contracts/states.ts';
import { insertAll } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction } from '../platform/work.ts';
import { mendTask } from '../tasks/index.ts';
import { assertNotUnderWay } from './at-wechat.ts';
import { nothingToInvoice, orderNotFound, titleUnfit } from './errors.ts';
import { getOwnInvoice, lockInvoice, lockOrders } from './find-invoice.ts';
import { whyNotOf } from './invoicing.ts';
import { yuan } from './money.ts';
import { askFinance, toIssue } from './queue.ts';
import { type Standing, standingsOf } from './standing.ts';
import { isFitForSpecial, openTitle, titleColumns } from './title-parts.ts';
import { getOwnTitle } from './titles.ts';

/**
 * Asks for one invoice of one or several orders. The amount of each is fixed now, while the orders are locked: what was received
 * of it and stands in no other invoice.
 * @throws {AppError} invoice.title_not_found, invoice.title_unfit, order.not_found, invoice.nothing_to_invoice
 */
export async function askInvoice(work: Transaction, customerId: string, wanted: AskInvoiceBody): Promise<Invoice> {
  const title = await getOwnTitle(work, customerId, wanted.titleId);
  if (wanted.kind === 'special' && !isFitForSpecial(title)) throw titleUnfit();
  const standings = await lockStandings(work, customerId, wanted.orderNumbers);
  const empty = standings.filter((standing) => whyNotOf(standing) !== null);
  if (empty.length > 0) throw nothingToInvoice(empty.map(refusalOf));

  const id = newId();
  const invoice = Object.assign(new Invoice(), {
    id,
    customerId,
    kind: wanted.kind,
    ...titleColumns(work, id, openTitle(work, title)),
    note: wanted.note || null,
    createdAt: work.now(),
  });
  await work.db.insert(Invoice, invoice);
  await insertAll(
    work.db,
    InvoiceLine,
    standings.map((standing, at) => lineOf(id, at + 1, standing)),
  );
  const totalFen = standings.reduce((sum, { invoiceableFen }) => sum + invoiceableFen, 0);
  await askFinance(work, invoice, {
    about: toIssue(invoice),
    title: `开具发票：${invoice.titleName}`,
    note: `${invoiceKinds[invoice.kind]} ${yuan(totalFen)}，共 ${standings.length} 个订单。`,
    orderNumber: standings[0]!.number,
  });
  return invoice;
}

/** As the customer named them. */
async function lockStandings(work: Transaction, customerId: string, numbers: string[]): Promise<Standing[]> {
  const orders = await work.db.findBy(Order, { customerId, number: In(numbers) });
  if (orders.length < numbers.length) throw orderNotFound();
  const locked = await lockOrders(
    work,
    orders.map(({ id }) => id),
  );
  const ids = numbers.map((number) => locked.find((order) => order.number === number)!.id);
  return standingsOf(work, ids);
}

function refusalOf(standing: Standing) {
  const whyNot = whyNotOf(standing)!;
  return { number: standing.number, whyNot, whyNotWords: notInvoiceable[whyNot] };
}

const lineOf = (invoiceId: string, position: number, { id: orderId, invoiceableFen: amountFen }: Standing) =>
  Object.assign(new InvoiceLine(), { id: newId(), invoiceId, orderId, position, amountFen });

/** While it waits. @throws {AppError} invoice.not_found, invoice.under_way_at_wechat, invoice.illegal_move */
export async function withdrawInvoice(work: Transaction, customerId: string, id: string): Promise<void> {
  await getOwnInvoice(work, customerId, id);
  const { invoice } = await lockInvoice(work, id);
  await assertNotUnderWay(work, invoice);
  invoice.moveTo('withdrawn');
  await work.db.save(Invoice, invoice);
  await mendTask(work, null, toIssue(invoice));
}
