import { AppError } from '../platform/errors.ts';

export const shipmentNotFound = () => new AppError(404, 'shipment.not_found');
export const orderNotFound = () => new AppError(404, 'order.not_found');
export const notAtWechat = () => new AppError(409, 'shipment.not_at_wechat');
export const notUploaded = () => new AppError(409, 'shipment.not_uploaded');
export const correctionUsed = () => new AppError(409, 'shipment.correction_used');
export const receivedAlready = () => new AppError(409, 'shipment.received_already');
export const nothingChanged = () => new AppError(409, 'shipment.nothing_changed');
