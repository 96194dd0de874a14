import { AppError } from '../platform/errors.ts';
import type { Lapse } from './rights.ts';

export const messageNotFound = () => new AppError(404, 'message.not_found');
export const notBound = () => new AppError(404, 'message.not_bound');
export const rightsLapsed = ({ day, why }: Lapse) => new AppError(409, 'message.rights_lapsed', { day, why });
