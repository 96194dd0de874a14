import { AppError } from '../platform/errors.ts';

export const complaintNotFound = () => new AppError(404, 'complaint.not_found');
export const complaintOver = () => new AppError(409, 'complaint.over');
export const deedUnderWay = () => new AppError(409, 'complaint.deed_under_way');
/** @param failure WeChat's code */
export const refusedByWechat = (failure: string) => new AppError(409, 'complaint.refused_by_wechat', { failure });
export const imageNotFound = () => new AppError(404, 'complaint.image_not_found');
export const imageUnfit = () => new AppError(422, 'complaint.image_unfit');
export const noRefundAsked = () => new AppError(409, 'complaint.no_refund_asked');
export const refundNotApproved = () => new AppError(409, 'complaint.refund_not_approved');
export const orderNotFound = () => new AppError(404, 'order.not_found');
