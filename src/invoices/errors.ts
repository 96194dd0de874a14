import { type NotInvoiceable, type UnfitForWechat, unfitForWechat as unfitWords } from '../contracts/states.ts';
import { AppError } from '../platform/errors.ts';

export const invoiceNotFound = () => new AppError(404, 'invoice.not_found');
export const titleNotFound = () => new AppError(404, 'invoice.title_not_found');
export const tooManyTitles = () => new AppError(409, 'invoice.too_many_titles');
export const titleUnfit = () => new AppError(409, 'invoice.title_unfit');
export const nothingToInvoice = (orders: { number: string; whyNot: NotInvoiceable; whyNotWords: string }[]) =>
  new AppError(409, 'invoice.nothing_to_invoice', { orders });
export const refundUnderWay = (orderNumbers: string[]) =>
  new AppError(409, 'invoice.refund_under_way', { orderNumbers });
export const wechatOff = () => new AppError(409, 'invoice.wechat_off');
export const unfitForWechat = (why: UnfitForWechat) =>
  new AppError(409, 'invoice.unfit_for_wechat', { why, whyWords: unfitWords[why] });
export const underWayAtWechat = () => new AppError(409, 'invoice.under_way_at_wechat');
export const fileMissing = () => new AppError(409, 'invoice.file_missing');
export const fileUnfit = () => new AppError(422, 'invoice.file_unfit');
export const fileNotFound = () => new AppError(404, 'invoice.file_not_found');
export const linkInvalid = () => new AppError(410, 'invoice.link_invalid');
export const numberTaken = () => new AppError(409, 'invoice.number_taken');
export const redMoreThanWanted = (wantedFen: number, leftFen: number) =>
  new AppError(409, 'invoice.red_more_than_wanted', { wantedFen, leftFen });
export const orderNotFound = () => new AppError(404, 'order.not_found');
