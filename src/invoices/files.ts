import { Readable } from 'node:stream';
import { Invoice, InvoiceRedLetter } from '../../entities/invoice.ts';
import { IllegalMove } from '../../entities/illegal-move.ts';
import { KeptFile } from '../../entities/kept-file.ts';
import { keepFile } from '../platform/files/keep-file.ts';
import { isPdf, PDF } from '../platform/files/pdf.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { fileNotFound, fileUnfit, invoiceNotFound } from './errors.ts';
import { type LockedInvoice, lockInvoice } from './find-invoice.ts';

export const MOST_FILE_BYTES = 5 * 1024 * 1024;

/**
 * Keeps the PDF of an invoice, before it is issued or instead of a wrong one. What was kept before is not thrown away: the trail
 * names it.
 * @throws {AppError} invoice.not_found, invoice.file_unfit, invoice.illegal_move
 */
export async function putFile(work: Transaction, id: string, bytes: Buffer): Promise<void> {
  const held = await lockInvoice(work, id);
  const { state } = held.invoice;
  if (state !== 'asked' && state !== 'issued') throw new IllegalMove('invoice', state, 'file');
  await keepPdf(work, held, bytes);
}

/** The same of an invoice that is locked, whatever its state. @throws {AppError} invoice.file_unfit */
export async function keepPdf(work: Transaction, { invoice, orders }: LockedInvoice, bytes: Buffer): Promise<void> {
  const kept = await keep(work, `发票-${orders[0]!.number}.pdf`, bytes);
  auditFile(work, invoice.id, kept, invoice.fileId);
  invoice.fileId = kept.id;
  await work.db.save(Invoice, invoice);
}

/** @throws {AppError} invoice.not_found, invoice.file_unfit */
export async function putRedLetterFile(
  work: Transaction,
  { id, redLetterId }: { id: string; redLetterId: string },
  bytes: Buffer,
): Promise<void> {
  await lockInvoice(work, id);
  const redLetter = await getRedLetter(work, id, redLetterId);
  const kept = await keep(work, `红字发票-${redLetter.number}.pdf`, bytes);
  auditFile(work, id, kept, redLetter.fileId);
  redLetter.fileId = kept.id;
  await work.db.save(InvoiceRedLetter, redLetter);
}

/** @throws {AppError} invoice.file_unfit */
function keep(work: Transaction, name: string, bytes: Buffer): Promise<KeptFile> {
  if (!isPdf(bytes)) throw fileUnfit();
  return keepFile(work, { name, contentType: PDF }, Readable.from([bytes]));
}

const auditFile = (work: Transaction, id: string, { id: fileId, sha256 }: KeptFile, before: string | null): void =>
  work.audit({
    deed: 'invoice-file-kept',
    subject: { kind: 'invoice', id },
    ...(before ? { before: { fileId: before } } : {}),
    after: { fileId, sha256 },
  });

/** @throws {AppError} invoice.not_found */
export async function getRedLetter({ db }: Work, invoiceId: string, id: string): Promise<InvoiceRedLetter> {
  const redLetter = await db.findOneBy(InvoiceRedLetter, { id, invoiceId });
  if (!redLetter) throw invoiceNotFound();
  return redLetter;
}

/** @throws {AppError} invoice.file_not_found */
export async function getFile({ db }: Work, fileId: string | null): Promise<KeptFile> {
  const file = fileId ? await db.findOneBy(KeptFile, { id: fileId }) : null;
  if (!file) throw fileNotFound();
  return file;
}

/** What a customer can open: the file of what was issued. @throws {AppError} invoice.file_not_found */
export async function getIssuedFile(work: Work, invoice: Invoice): Promise<KeptFile> {
  if (invoice.number === null) throw fileNotFound();
  return getFile(work, invoice.fileId);
}

export const fileNameOf = ({ number }: Pick<Invoice, 'number'>): string => `发票${number}.pdf`;
