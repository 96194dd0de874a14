import type { MessageTemplate } from './message.ts';
import { orderPaid, type OrderPaidFacts } from './order-paid.ts';

export type { MessageTemplate } from './message.ts';

/** Facts by message name. */
export interface MessageFacts {
  'order-paid': OrderPaidFacts;
}

export type MessageName = keyof MessageFacts;

/** Every message that the product can say. */
export const messageTemplates: { [Name in MessageName]: MessageTemplate<MessageFacts[Name]> } = {
  'order-paid': orderPaid,
};
