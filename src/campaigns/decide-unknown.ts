import { Customer } from '../../entities/customer.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { MessageName } from '../../templates/messages/index.ts';
import type { UnknownDecisionBody } from '../contracts/campaigns.ts';
import { canServe } from '../identity/index.ts';
import { lockDelivery, messageNotFound, say } from '../messages/index.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import type { Transaction } from '../platform/work.ts';
import { mendTask, openTasks } from '../tasks/index.ts';
import { aboutUnknown, callTask } from './call-instead.ts';
import { nothingToDecide } from './errors.ts';

/**
 * Decides about a message of which nobody knows whether it arrived: said once more, the customer called, or left as it is. Decided once.
 * @returns the message said once more, or the one that it was about
 * @throws {AppError} message.not_found, message.nothing_to_decide, staff.not_allowed for another team's customer
 */
export async function decideUnknown(
  work: Transaction,
  who: StaffActor,
  id: string,
  { decision }: UnknownDecisionBody,
): Promise<MessageDelivery> {
  if (!(await work.db.existsBy(MessageDelivery, { id }))) throw messageNotFound();
  const delivery = await lockDelivery(work, id);
  const customer = await work.db.findOneByOrFail(Customer, { id: delivery.customerId });
  if (!canServe(who, customer)) throw notAllowed();
  if (delivery.state !== 'unknown' || delivery.decision) throw nothingToDecide();
  delivery.decision = decision;
  await work.db.save(MessageDelivery, delivery);
  work.audit({ deed: 'message-decided', subject: { kind: 'message', id }, after: { decision } });
  await mendTask(work, who, aboutUnknown(id));
  if (decision === 'call')
    await openTasks(work, [callTask(work, delivery, { ownerId: who.id, teamId: customer.teamId })]);
  return decision === 'resend' ? sayAgain(work, who, delivery) : delivery;
}

async function sayAgain(work: Transaction, who: StaffActor, lost: MessageDelivery): Promise<MessageDelivery> {
  const { delivery } = await say(work, lost.message as MessageName, {
    customerId: lost.customerId,
    about: `resend:${lost.id}`,
    facts: lost.facts as never,
    sentBy: who.id,
  });
  return delivery;
}
