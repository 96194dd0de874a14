import type { Invoice } from '../../entities/invoice.ts';
import type { FileLinkView } from '../contracts/invoices.ts';
import { isSame } from '../platform/crypto.ts';
import type { Work } from '../platform/work.ts';
import { linkInvalid } from './errors.ts';
import { getIssuedFile } from './files.ts';
import { getInvoice } from './find-invoice.ts';

const GOOD_MS = 10 * 60_000;

/**
 * An address of the PDF that needs no session, because WeChat's own viewer and other programs send none. Whoever has it can open the
 * file for some minutes; it names one file, and cannot be changed into another one's.
 * @throws {AppError} invoice.file_not_found
 */
export async function linkToFile(work: Work, invoice: Invoice): Promise<FileLinkView> {
  const file = await getIssuedFile(work, invoice);
  const expires = work.now().getTime() + GOOD_MS;
  const url = new URL(`/app/invoice-files/${invoice.id}`, work.config.PUBLIC_ORIGIN);
  url.searchParams.set('expires', String(expires));
  url.searchParams.set('signature', sign(work, file.id, expires));
  return { url: url.href, expiresAt: new Date(expires).toISOString() };
}

/** @throws {AppError} invoice.link_invalid: over, altered, or of a file that was replaced */
export async function openLink(
  work: Work,
  { id, expires, signature }: { id: string; expires: number; signature: string },
): Promise<Invoice> {
  if (expires <= work.now().getTime()) throw linkInvalid();
  const invoice = await getInvoice(work, id).catch(() => null);
  if (!invoice?.fileId || !isSame(signature, sign(work, invoice.fileId, expires))) throw linkInvalid();
  return invoice;
}

const sign = ({ vault }: Work, fileId: string, expires: number): string =>
  vault.fingerprint(`${fileId}\n${expires}`, 'invoice-file-link');
