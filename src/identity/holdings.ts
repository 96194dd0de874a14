import type { EntityTarget } from 'typeorm';
import { Account } from '../../entities/account.ts';
import { AccountContact } from '../../entities/account-reminder.ts';
import { AuthorisationStart } from '../../entities/authorisation-start.ts';
import { ListedPerson } from '../../entities/audience-list.ts';
import { ConsentEntry } from '../../entities/consent-entry.ts';
import { CustomerSession } from '../../entities/customer-session.ts';
import { CustomerTag } from '../../entities/customer-tag.ts';
import { IdempotencyRecord } from '../../entities/idempotency-record.ts';
import { Invoice, InvoiceTitle } from '../../entities/invoice.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { Order } from '../../entities/order.ts';
import { Task } from '../../entities/task.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';

/** A row that belongs to a customer. */
export interface HeldRow {
  id: string;
  customerId: string;
}

/** A table whose rows belong to customers, and move with them. */
export interface Holding {
  entity: EntityTarget<HeldRow>;
  /** Columns that are unique together with the customer. */
  uniqueWith?: readonly string[];
}

/** Every table with a `customerId`; a test compares. */
export const holdings: readonly Holding[] = [
  { entity: WechatIdentity },
  { entity: CustomerSession },
  { entity: Order },
  { entity: InvoiceTitle },
  { entity: Invoice },
  { entity: ConsentEntry },
  { entity: MessageDelivery, uniqueWith: ['about', 'message'] },
  { entity: CustomerTag, uniqueWith: ['tag'] },
  { entity: Task },
  { entity: Account },
  { entity: AccountContact, uniqueWith: ['accountId'] },
  { entity: AuthorisationStart },
  { entity: ListedPerson, uniqueWith: ['listId'] },
  { entity: IdempotencyRecord, uniqueWith: ['requestKey'] },
];
