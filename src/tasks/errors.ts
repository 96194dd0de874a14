import { AppError } from '../platform/errors.ts';

export const taskNotFound = () => new AppError(404, 'task.not_found');
export const taskEnded = () => new AppError(409, 'task.ended');
