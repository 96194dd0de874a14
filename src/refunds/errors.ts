import { AppError } from '../platform/errors.ts';

export const orderNotFound = () => new AppError(404, 'order.not_found');
export const proposalNotFound = () => new AppError(404, 'refund.proposal_not_found');
/** @param leftFen the most that can still be given back */
export const moreThanLeft = (leftFen: number) => new AppError(409, 'refund.more_than_left', { leftFen });
export const nothingToRefund = () => new AppError(409, 'refund.nothing_to_refund');
/** @param amountFen what the rule gives now */
export const amountChanged = (amountFen: number) => new AppError(409, 'refund.amount_changed', { amountFen });
export const alreadyAsked = () => new AppError(409, 'refund.already_asked');
export const ownProposal = () => new AppError(403, 'refund.own_proposal');
export const refundNotFound = () => new AppError(404, 'refund.not_found');
export const notAbnormal = () => new AppError(409, 'refund.not_abnormal');
export const reroutingNotFound = () => new AppError(404, 'refund.rerouting_not_found');
export const reroutingOpen = () => new AppError(409, 'refund.rerouting_open');
export const ownRerouting = () => new AppError(403, 'refund.own_rerouting');
export const disputedNotFound = () => new AppError(404, 'disputed.not_found');
export const notRefundable = () => new AppError(409, 'disputed.not_refundable');
/** @param limitFen what this person may approve */
export const aboveLimit = (limitFen: number) => new AppError(403, 'refund.above_limit', { limitFen });
