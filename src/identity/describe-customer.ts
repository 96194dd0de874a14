import type { Customer } from '../../entities/customer.ts';
import type { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { Work } from '../platform/work.ts';
import { findWechatContacts } from './find-contact.ts';
import { openPhone } from './phone-number.ts';
import { getSurvivor } from './survivor.ts';

/** What a customer is shown about themselves. */
export interface CustomerPortrait {
  nickname: string | null;
  /** In full. */
  phone: string | null;
  /** Of the service account; null: not known. */
  follows: boolean | null;
}

/** @throws {Error} when there is no such customer */
export async function describeCustomer(work: Work, customerId: string): Promise<CustomerPortrait> {
  const customer: Customer = await getSurvivor(work.db, customerId);
  const contacts = await findWechatContacts(work, customer.id);
  return { nickname: customer.nickname, phone: openPhone(work.vault, customer), follows: followOf(contacts) };
}

function followOf(contacts: WechatIdentity[]): boolean | null {
  const known = contacts.find((contact) => contact.appKind === 'official-account' && contact.follow !== null);
  return known ? known.follow === 'following' : null;
}
