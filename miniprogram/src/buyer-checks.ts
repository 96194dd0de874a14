import type { BuyerBody, FieldFault } from '../../src/contracts/index.ts';
import { t } from './words.ts';

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** Shape and check digit of a unified social credit code, GB 32100-2015. */
export function isCreditCode(code: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * ALPHABET.indexOf(code.charAt(at)), 0);
  return ALPHABET.charAt((31 - (sum % 31)) % 31) === code.charAt(17);
}

/** A credit code, or a number of 15 or 20 characters of before there were any. */
export const isTaxNumber = (code: string): boolean => isCreditCode(code) || /^([0-9A-Z]{15}|[0-9A-Z]{20})$/.test(code);

/** A mobile number, or a landline with its area code. */
export const isPhone = (phone: string): boolean => /^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$/.test(phone);

/** How people type codes: small letters, blanks between groups. */
export const tidyCode = (typed: string): string => typed.replace(/\s/g, '').toUpperCase();

/** What is plainly wrong with the buyer before the server is asked; the server checks again and has the last word. */
export function buyerFaults(buyer: BuyerBody): FieldFault[] {
  const faults: FieldFault[] = [];
  if (buyer.kind === 'company') {
    if (buyer.companyName === '') faults.push({ field: 'buyer.companyName', message: t('confirm.companyNameMissing') });
    if (buyer.creditCode === '') faults.push({ field: 'buyer.creditCode', message: t('confirm.creditCodeMissing') });
    else if (!isCreditCode(buyer.creditCode))
      faults.push({ field: 'buyer.creditCode', message: t('confirm.creditCodeWrong') });
  }
  if (buyer.contactName === '') faults.push({ field: 'buyer.contactName', message: t('confirm.contactNameMissing') });
  if (buyer.contactPhone === '')
    faults.push({ field: 'buyer.contactPhone', message: t('confirm.contactPhoneMissing') });
  else if (!isPhone(buyer.contactPhone))
    faults.push({ field: 'buyer.contactPhone', message: t('confirm.contactPhoneWrong') });
  return faults;
}
