import { AppError } from '../platform/errors.ts';

export const messageNotFound = () => new AppError(404, 'message.not_found');
export const notBound = () => new AppError(404, 'message.not_bound');
