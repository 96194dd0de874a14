import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { Transaction } from '../platform/work.ts';
import { end, lockDelivery } from './outcomes.ts';

/** How WeChat says that a message ended. */
export interface Finish {
  appid: string;
  msgid: string;
  outcome: 'delivered' | 'blocked' | 'failed';
  status: string;
}

/**
 * Joins a finish event to its message. The event may come before the answer to the sending was written down: then the caller
 * looks again later.
 * @returns false when no message has this id (yet)
 */
export async function finishDelivery(work: Transaction, { appid, msgid, outcome, status }: Finish): Promise<boolean> {
  const found = await work.db.findOneBy(MessageDelivery, { appid, msgid });
  if (!found) return false;
  const delivery = await lockDelivery(work, found.id);
  // A repeat, or the message ended before.
  if (delivery.endedAt) return true;
  await end(work, delivery, outcome, outcome === 'delivered' ? null : status.slice(0, 64));
  await work.db.save(MessageDelivery, delivery);
  return true;
}
