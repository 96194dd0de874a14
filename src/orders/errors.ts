import { AppError } from '../platform/errors.ts';

export const orderNotFound = () => new AppError(404, 'order.not_found');

export const orderNotCancellable = (state: string) => new AppError(409, 'order.not_cancellable', { state });

export const preCheckFailed = (codes: string[]) => new AppError(409, 'order.pre_check_failed', { questions: codes });

export const milestoneNotFound = (code: string) => new AppError(404, 'order.milestone_not_found', { milestone: code });

/** @param names of the customer's own accounts */
export const accountNotVerified = (names: string[]) =>
  new AppError(409, 'order.account_not_verified', { accounts: names });
