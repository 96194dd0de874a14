import { AppError } from '../platform/errors.ts';
import { invalid } from '../platform/http/accept.ts';

export const serviceNotFound = () => new AppError(404, 'catalogue.service_not_found');

export const packageNotOnSale = (packageCode: string) =>
  new AppError(409, 'catalogue.package_not_on_sale', { packageCode });

/** @param version the one that is sold now */
export const versionChanged = (version: number) => new AppError(409, 'catalogue.version_changed', { version });

export const planNotOffered = () => invalid([{ field: 'planCode', message: '该套餐没有这种付款方式' }]);

export const questionsUnknown = (codes: readonly string[]) =>
  invalid(codes.map((code) => ({ field: `answers.${code}`, message: '没有这个预检问题' })));
