import type { z } from 'zod';
import type { FieldName } from './fields.ts';

/** One message: typed facts in, WeChat’s fields out. */
export interface MessageTemplate<Facts = Record<string, unknown>> {
  /** By which it is bound to WeChat template ids, for example `order-paid`. */
  name: string;
  /** What the customer reads above the card. */
  title: string;
  /** The service event that it tells; a push must be about one. */
  event: string;
  facts: z.ZodObject & z.ZodType<Facts>;
  /** Fields of the template at WeChat, of both apps, by name without `.DATA`: what the customer reads before the value, and the value. */
  fields: Record<FieldName, Field<Facts>>;
  /** Page of the mini-program that the card opens; the same page of the web build. */
  page(facts: Facts): string;
}

type Field<Facts> = readonly [label: string, value: (facts: Facts) => string];

/** Ties the fields to the facts that the shape describes. */
export const message = <Shape extends z.ZodObject>(
  template: Omit<MessageTemplate<z.output<Shape>>, 'facts'> & { facts: Shape },
): MessageTemplate<z.output<Shape>> => template as never;

export const orderPage = ({ orderNumber }: { orderNumber: string }): string => `desk/order/index?number=${orderNumber}`;
export const ordersPage = (): string => 'pages/orders/index';

/** Where the renewal of a verification is ordered. */
export const VERIFICATION_SERVICE = 'service-account-verification';
export const servicePage = (code: string): string => `desk/service/index?code=${code}`;
