import { AppError } from '../platform/errors.ts';
import type { UnusableBill } from './check-bill.ts';

/** @param day the last one that is closed, or the one that was meant */
export const periodClosed = (day: string) => new AppError(409, 'period.closed', { day });
export const notClosed = () => new AppError(409, 'period.not_closed');
export const cannotClose = (obstacles: readonly string[]) =>
  new AppError(409, 'period.cannot_close', { obstacles: [...obstacles] });
export const notNext = (next: string | null) => new AppError(409, 'period.not_next', { next });
export const reopenNotAsked = () => new AppError(404, 'period.reopening_not_asked');
export const reopenAsked = () => new AppError(409, 'period.reopening_asked');
export const ownReopening = () => new AppError(403, 'period.own_reopening');
export const dayNotFound = () => new AppError(404, 'reconciliation.day_not_found');
export const billsMissing = () => new AppError(409, 'reconciliation.bills_missing');
export const differenceNotFound = () => new AppError(404, 'reconciliation.difference_not_found');
export const ownResolution = () => new AppError(403, 'reconciliation.own_proposal');
export const nothingToBook = () => new AppError(409, 'reconciliation.nothing_to_book');
export const notAdoptable = () => new AppError(409, 'reconciliation.not_adoptable');
export const orderNotFound = () => new AppError(404, 'order.not_found');
export const governmentPaymentNotFound = () => new AppError(404, 'government.not_found');
/** @param leftFen what was with us on that day, and still is */
export const moreThanCollected = (leftFen: number) => new AppError(409, 'government.more_than_collected', { leftFen });
export const receiptKnown = () => new AppError(409, 'government.receipt_known');
export const attachmentNotFound = () => new AppError(404, 'reconciliation.attachment_not_found');
export const billNotFound = () => new AppError(404, 'bill.not_found');
/** Says what is wrong and where, never what stands there. */
export const billUnusable = ({ fault, line, column }: UnusableBill) =>
  new AppError(422, 'bill.unusable', { fault, line, column });
