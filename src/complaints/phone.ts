import type { Complaint } from '../../entities/complaint.ts';
import type { StaffActor } from '../platform/actor.ts';
import type { Vault } from '../platform/crypto.ts';
import type { Transaction } from '../platform/work.ts';
import { getServed } from './find-complaint.ts';

const place = (id: string) => `complaint.phone:${id}`;

export const sealPhone = (vault: Vault, id: string, phone: string): string => vault.seal(phone, place(id));

/** In full; never to be shown or logged as it is. */
export const openPhone = (vault: Vault, { id, phoneSealed }: Complaint): string | null =>
  phoneSealed === null ? null : vault.open(phoneSealed, place(id));

/**
 * The payer's number in full. The reason goes into the trail, the number does not.
 * @throws {AppError} complaint.not_found, staff.not_allowed
 */
export async function unmaskComplainant(
  work: Transaction,
  who: StaffActor,
  id: string,
  reason: string,
): Promise<string | null> {
  const complaint = await getServed(work, who, id);
  work.audit({ deed: 'complaint-unmasked', subject: { kind: 'complaint', id }, after: { field: 'phone', reason } });
  return openPhone(work.vault, complaint);
}
