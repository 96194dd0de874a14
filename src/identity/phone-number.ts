import { Customer } from '../../entities/customer.ts';
import type { Vault } from '../platform/crypto.ts';
import type { SignedIn } from '../platform/http/routes.ts';
import type { Desk } from '../platform/work.ts';
import { phoneOnlyInMiniProgram, phoneRefusal } from './errors.ts';
import { lockSurvivor } from './survivor.ts';

/**
 * Asks WeChat for the number that the person confirmed with the phone button, and keeps it sealed.
 * @param code of the button; works once
 * @throws {AppError} phone.mini_program_only, phone.code_refused, upstream.unavailable, upstream.refused
 */
export async function learnPhoneNumber(desk: Desk, signedIn: SignedIn, code: string): Promise<void> {
  if (signedIn.appKind !== 'mini-program') throw phoneOnlyInMiniProgram();
  const phone = await askForPhone(desk, code);
  await desk.transaction(async (work) => {
    const { id } = await lockSurvivor(work, signedIn.customerId);
    await work.db.update(Customer, { id }, { phoneSealed: sealPhone(work.vault, id, phone) });
  });
}

async function askForPhone(desk: Desk, code: string): Promise<string> {
  try {
    const { phone, countryCode } = await desk.miniProgram.phoneNumber(code);
    return countryCode === '86' ? phone : `+${countryCode} ${phone}`;
  } catch (error) {
    throw phoneRefusal(error);
  }
}

const place = (customerId: string) => `customer.phone:${customerId}`;

export const sealPhone = (vault: Vault, customerId: string, phone: string): string =>
  vault.seal(phone, place(customerId));

/** The customer's phone number in full; never to be shown or logged as it is. Null when it was not given. */
export const openPhone = (vault: Vault, { id, phoneSealed }: Customer): string | null =>
  phoneSealed === null ? null : vault.open(phoneSealed, place(id));
