import type { TableFault } from '../platform/files/read-table.ts';
import { AppError } from '../platform/errors.ts';

export const segmentNotFound = () => new AppError(404, 'audience.segment_not_found');
export const segmentNameTaken = () => new AppError(409, 'audience.segment_name_taken');
export const listNotFound = () => new AppError(404, 'audience.list_not_found');
export const listInUse = () => new AppError(409, 'audience.list_in_use');
export const listEmpty = () => new AppError(422, 'audience.list_empty');
export const listTooLong = (most: number) => new AppError(422, 'audience.list_too_long', { most });
export const listUnreadable = (fault: TableFault, line: number | null) =>
  new AppError(422, 'audience.list_unreadable', { fault, ...(line === null ? {} : { line }) });
