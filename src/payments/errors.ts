import { AppError } from '../platform/errors.ts';

export const paymentNotFound = () => new AppError(404, 'payment.not_found');

export const alreadyPaid = () => new AppError(409, 'payment.already_paid');

export const orderNotPayable = (state: string) => new AppError(409, 'order.not_payable', { state });

/** This way of paying needs another place: a mini-program session, a session of the service account. */
export const wrongPlace = (way: string) => new AppError(409, 'payment.wrong_place', { way });

export const stillPending = () => new AppError(409, 'payment.pending');
/** @param dueFen what is due of the order */
export const amountDiffers = (dueFen: number) => new AppError(409, 'disputed.amount_differs', { dueFen });
