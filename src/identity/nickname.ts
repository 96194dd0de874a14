import { Customer } from '../../entities/customer.ts';
import type { Transaction } from '../platform/work.ts';
import { lockSurvivor } from './survivor.ts';

const MAX_CHARACTERS = 64;
/** Control characters, halves of pictures, and those that turn the direction of writing for what is printed after the name. */
const UNFIT = /[\p{Cc}\p{Cs}\u2028-\u202E\u2066-\u2069]/gu;

/** Keeps the name that the person goes by in WeChat; an empty one changes nothing. */
export async function keepNickname(work: Transaction, customerId: string, told: string): Promise<void> {
  const nickname = cleanNickname(told);
  if (nickname === '') return;
  const { id } = await lockSurvivor(work, customerId);
  await work.db.update(Customer, { id }, { nickname });
}

/** At most 64 characters; a picture made of several is not cut in the middle of one. */
export const cleanNickname = (told: string): string =>
  [...told.replace(UNFIT, '').trim()].slice(0, MAX_CHARACTERS).join('').trim();
