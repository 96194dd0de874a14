import { And, type FindOptionsWhere, In, IsNull, LessThan, MoreThanOrEqual, Not } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { InvoiceFapiao } from '../../entities/invoice-fapiao.ts';
import { Invoice, InvoiceLine, InvoiceRedLetter } from '../../entities/invoice.ts';
import { KeptFile } from '../../entities/kept-file.ts';
import { Order } from '../../entities/order.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type { InvoiceListQuery, InvoiceView, StaffInvoiceView, TitleOnInvoice } from '../contracts/invoices.ts';
import { dayAfter, startOfDay } from '../platform/calendar.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { orderNotFound } from './errors.ts';
import { getInvoice, linesOf } from './find-invoice.ts';
import { presentForStaff, presentInvoice, type WholeInvoice } from './presenter.ts';
import { maskTitle, openTitle } from './title-parts.ts';

/** One customer's invoices, newest first, one row more than the page holds. */
export async function listOwn(
  work: Work,
  customerId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<InvoiceView[]> {
  const where = { customerId, ...(after ? { id: LessThan(after) } : {}) };
  return presentOwn(work, await work.db.find(Invoice, { where, order: { id: 'DESC' }, take: limit + 1 }));
}

export const presentOwn = async (work: Work, invoices: readonly Invoice[]): Promise<InvoiceView[]> =>
  (await readWhole(work, invoices)).map((whole) => presentInvoice(whole, openTitle(work, whole.invoice)));

/** Newest first, one row more than the page holds. @throws {AppError} order.not_found */
export async function listInvoices(
  work: Work,
  { limit, ...query }: InvoiceListQuery & { limit: number },
): Promise<StaffInvoiceView[]> {
  const where = await wantedBy(work, query);
  return presentMasked(work, await work.db.find(Invoice, { where, order: { id: 'DESC' }, take: limit + 1 }));
}

async function wantedBy(work: Work, query: InvoiceListQuery): Promise<FindOptionsWhere<Invoice>> {
  const { after, state, kind, customerId, orderNumber, from, to, redWanted } = query;
  const ids = [...(after ? [LessThan(after)] : []), ...(orderNumber ? [In(await invoicesOf(work, orderNumber))] : [])];
  const askedAt = [
    ...(from ? [MoreThanOrEqual(startOfDay(from))] : []),
    ...(to ? [LessThan(startOfDay(dayAfter(to)))] : []),
  ];
  return {
    ...(ids.length > 0 ? { id: And(...ids) } : {}),
    ...(askedAt.length > 0 ? { createdAt: And(...askedAt) } : {}),
    ...(state ? { state } : {}),
    ...(kind ? { kind } : {}),
    ...(customerId ? { customerId } : {}),
    ...(redWanted === undefined ? {} : { redWantedSince: redWanted ? Not(IsNull()) : IsNull() }),
  };
}

/** @throws {AppError} order.not_found */
async function invoicesOf({ db }: Work, orderNumber: string): Promise<string[]> {
  const order = await db.findOneBy(Order, { number: orderNumber });
  if (!order) throw orderNotFound();
  return (await db.findBy(InvoiceLine, { orderId: order.id })).map(({ invoiceId }) => invoiceId);
}

/** @throws {AppError} invoice.not_found */
export async function showInvoice(work: Work, id: string): Promise<StaffInvoiceView> {
  return (await presentMasked(work, [await getInvoice(work, id)]))[0]!;
}

/** What is written on the invoice, in full; every look is recorded. @throws {AppError} invoice.not_found */
export async function unmaskTitle(work: Transaction, id: string): Promise<TitleOnInvoice> {
  const invoice = await getInvoice(work, id);
  work.audit({ deed: 'invoice-title-unmasked', subject: { kind: 'invoice', id } });
  return openTitle(work, invoice);
}

async function presentMasked(work: Work, invoices: readonly Invoice[]): Promise<StaffInvoiceView[]> {
  const { db } = work;
  const wholes = await readWhole(work, invoices);
  // The last one counts: a map keeps what comes last.
  const ids = invoices.map(({ id }) => id);
  const fapiaos = await db.find(InvoiceFapiao, { where: { invoiceId: In(ids) }, order: { id: 'ASC' } });
  const staffIds = wholes.flatMap(({ invoice, redLetters }) => [
    invoice.decidedBy ?? [],
    redLetters.flatMap(({ writtenBy }) => writtenBy ?? []),
  ]);
  const customers = await db.findBy(Customer, { id: In(invoices.map(({ customerId }) => customerId)) });
  const files = await db.findBy(KeptFile, { id: In(invoices.flatMap(({ fileId }) => fileId ?? [])) });
  const members = await db.findBy(StaffMember, {
    id: In([...staffIds.flat(), ...fapiaos.map(({ appliedBy }) => appliedBy)]),
  });
  const known = {
    nicknames: new Map(customers.map(({ id, nickname }) => [id, nickname])),
    files: new Map(files.map((file) => [file.id, file])),
    names: new Map(members.map(({ id, name }) => [id, name])),
    fapiaos: new Map(fapiaos.map((fapiao) => [fapiao.invoiceId, fapiao])),
  };
  return wholes.map((whole) => presentForStaff(whole, maskTitle(work, whole.invoice), known));
}

async function readWhole(work: Work, invoices: readonly Invoice[]): Promise<WholeInvoice[]> {
  const ids = invoices.map(({ id }) => id);
  const lines = await linesOf(work, ids);
  const redLetters = await work.db.find(InvoiceRedLetter, { where: { invoiceId: In(ids) }, order: { id: 'ASC' } });
  const found = await work.db.findBy(Order, { id: In(lines.map(({ orderId }) => orderId)) });
  const orders = new Map(found.map((order) => [order.id, order]));
  return invoices.map((invoice) => ({
    invoice,
    lines: lines.filter(({ invoiceId }) => invoiceId === invoice.id),
    redLetters: redLetters.filter(({ invoiceId }) => invoiceId === invoice.id),
    orders,
  }));
}
