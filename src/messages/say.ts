import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { MessageFacts, MessageName } from '../../templates/messages/index.ts';
import { endOfHours } from '../platform/calendar.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** A message waits to be sent. */
    'message.deliver': { deliveryId: string };
  }
}

/**
 * Decides to say one thing to one customer. The same thing about the same event is said once.
 * @param about the event, for example `payment:ID`
 * @param sentBy the member of staff who says it
 * @param isUrgent false: not in the quiet hours, nobody is woken up by it
 */
export async function say<Name extends MessageName>(
  work: Transaction,
  message: Name,
  {
    customerId,
    about,
    facts,
    sentBy = null,
    isUrgent = true,
  }: {
    customerId: string;
    about: string;
    facts: MessageFacts[Name];
    sentBy?: string | null;
    isUrgent?: boolean;
  },
): Promise<{ delivery: MessageDelivery; isNew: boolean }> {
  const known = await work.db.findOneBy(MessageDelivery, { message, about, customerId });
  if (known) return { delivery: known, isNew: false };
  const delivery = Object.assign(new MessageDelivery(), {
    id: newId(),
    message,
    about,
    customerId,
    facts: { ...facts },
    sentBy,
    createdAt: work.now(),
  });
  await work.db.insert(MessageDelivery, delivery as never);
  const { QUIET_HOURS } = work.config;
  const runAt = isUrgent || !QUIET_HOURS ? null : endOfHours(QUIET_HOURS, work.now());
  await enqueue(work, 'message.deliver', { deliveryId: delivery.id }, runAt ? { runAt } : {});
  return { delivery, isNew: true };
}
