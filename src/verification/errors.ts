import { AppError } from '../platform/errors.ts';

export const accountNotFound = () => new AppError(404, 'account.not_found');
/** The same for a code that never was and for one that was switched off. */
export const badgeNotFound = () => new AppError(404, 'account.badge_not_found');
export const badgeUnfit = () => new AppError(409, 'account.badge_unfit');
export const customerNotFound = () => new AppError(404, 'customer.not_found');
export const memberNotFound = () => new AppError(404, 'staff.member_not_found');
export const appidTaken = () => new AppError(409, 'account.appid_taken');
export const appidFixed = () => new AppError(409, 'account.appid_fixed');
export const authorisationUnavailable = () => new AppError(409, 'account.authorisation_unavailable');
export const entryNotFound = () => new AppError(404, 'account.entry_not_found');
export const secondPersonNeeded = () => new AppError(403, 'account.second_person');
export const proofMissing = () => new AppError(409, 'account.proof_missing');
export const proofUnfit = () => new AppError(415, 'account.proof_unfit');
/** @param field what is strange about it */
export const entryStrange = (why: string) => new AppError(409, 'account.entry_strange', { why });
