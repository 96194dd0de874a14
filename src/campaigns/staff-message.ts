import type { MessageDelivery } from '../../entities/message-delivery.ts';
import type { MessageName } from '../../templates/messages/index.ts';
import type { StaffMessageBody } from '../contracts/campaigns.ts';
import { canServe, findAddressee } from '../identity/index.ts';
import { assertFacts, getTemplate, marketingIn, say } from '../messages/index.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import { sha256 } from '../platform/crypto.ts';
import type { Transaction } from '../platform/work.ts';
import { marketingRefused } from './errors.ts';
import { factsFor } from './evaluate.ts';

/**
 * Says one thing to one customer, or about an order. The same to the same on one day is said once, however often it is asked for.
 * @throws {AppError} message.not_found, customer.not_found, order.not_found, staff.not_allowed for another team's customer,
 * request.invalid naming the facts, message.marketing_refused
 */
export async function sayByStaff(
  work: Transaction,
  who: StaffActor,
  { message, to, facts: given }: StaffMessageBody,
): Promise<MessageDelivery> {
  const template = getTemplate(message);
  const { customer, order } = await findAddressee(work, to);
  if (!canServe(who, customer)) throw notAllowed();
  const own = order ? { orderNumber: order.number, serviceName: order.serviceName } : {};
  const facts = assertFacts(template, factsFor(template, given, own));
  const marketing = marketingIn(given);
  if (marketing.length > 0)
    throw marketingRefused(marketing.map(({ field, ...fault }) => ({ field: `facts.${field}`, ...fault })));
  const about = `staff:${shanghaiDay(work.now())}:${sha256(JSON.stringify(facts)).slice(0, 32)}`;
  const { delivery, isNew } = await say(work, message as MessageName, {
    customerId: customer.id,
    about,
    facts: facts as never,
    sentBy: who.id,
  });
  if (isNew)
    work.audit({
      deed: 'message-sent',
      subject: { kind: 'customer', id: customer.id },
      after: { message, delivery: delivery.id },
    });
  else work.unchanged();
  return delivery;
}
