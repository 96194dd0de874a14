import { InvoiceTitle } from '../../entities/invoice.ts';
import type { InvoiceTitleBody, InvoiceTitleView, TitleOnInvoice } from '../contracts/invoices.ts';
import { invalid } from '../platform/http/accept.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { titleNotFound, tooManyTitles } from './errors.ts';
import { faultsOfTitle, openTitle, titleColumns } from './title-parts.ts';

const MOST_TITLES = 50;

/** The default first, then the newest first. */
export async function listTitles(work: Work, customerId: string): Promise<InvoiceTitleView[]> {
  const titles = await work.db.find(InvoiceTitle, { where: { customerId }, order: { id: 'DESC' } });
  const chosen = titles
    .filter(({ defaultAt }) => defaultAt !== null)
    .toSorted((one, other) => other.defaultAt!.getTime() - one.defaultAt!.getTime())[0];
  const views = titles.map((title) => ({
    id: title.id,
    ...openTitle(work, title),
    isDefault: title.id === chosen?.id,
  }));
  return views.toSorted((one, other) => Number(other.isDefault) - Number(one.isDefault));
}

/** @throws {AppError} invoice.title_not_found, also for another customer's title */
export async function getOwnTitle({ db }: Work, customerId: string, id: string): Promise<InvoiceTitle> {
  const title = await db.findOneBy(InvoiceTitle, { id, customerId });
  if (!title) throw titleNotFound();
  return title;
}

/** @throws {AppError} request.invalid, invoice.too_many_titles */
export async function saveTitle(work: Transaction, customerId: string, body: InvoiceTitleBody): Promise<string> {
  const known = await work.db.countBy(InvoiceTitle, { customerId });
  if (known >= MOST_TITLES) throw tooManyTitles();
  const id = newId();
  const createdAt = work.now();
  const title = Object.assign(new InvoiceTitle(), {
    id,
    customerId,
    ...titleColumns(work, id, fit({ ...NOTHING, ...body })),
    defaultAt: known === 0 || body.isDefault ? createdAt : null,
    createdAt,
  });
  await work.db.insert(InvoiceTitle, title);
  return id;
}

/** @throws {AppError} request.invalid, invoice.title_not_found */
export async function changeTitle(
  work: Transaction,
  customerId: string,
  id: string,
  news: InvoiceTitleBody,
): Promise<void> {
  const title = await getOwnTitle(work, customerId, id);
  Object.assign(title, titleColumns(work, id, fit({ ...openTitle(work, title), ...news })));
  if (news.isDefault !== undefined) title.defaultAt = news.isDefault ? work.now() : null;
  await work.db.save(InvoiceTitle, title);
}

/** Invoices that were asked for keep what they say. @throws {AppError} invoice.title_not_found */
export async function removeTitle(work: Transaction, customerId: string, id: string): Promise<void> {
  await getOwnTitle(work, customerId, id);
  await work.db.delete(InvoiceTitle, { id });
}

const NOTHING = { taxNumber: null, address: null, phone: null, bankName: null, bankAccount: null };

/** What is left empty is not there. @throws {AppError} request.invalid */
function fit(wanted: InvoiceTitleBody): TitleOnInvoice {
  const { kind, name } = wanted;
  const title = {
    kind,
    name,
    taxNumber: wanted.taxNumber || null,
    address: wanted.address || null,
    phone: wanted.phone || null,
    bankName: wanted.bankName || null,
    bankAccount: wanted.bankAccount || null,
  };
  const faults = faultsOfTitle(title);
  if (faults.length > 0) throw invalid(faults);
  return title;
}
