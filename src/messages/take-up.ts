import { MessageDelivery } from '../../entities/message-delivery.ts';
import { needsOperator, type UpstreamError } from '../platform/errors.ts';
import { NotYet } from '../platform/jobs/index.ts';
import { countOne } from './meter.ts';
import type { Transaction } from '../platform/work.ts';
import { chooseChannel } from './choose-channel.ts';
import { leaseEnd } from './sending-lease.ts';
import { end, findPersonsRefusal, leaveUnknown, lockDelivery } from './outcomes.ts';
import { RIGHTS_LAPSED } from './rights.ts';

/** WeChat holds a repeat of one `client_msg_id` back for ten minutes; inside them a lost answer may be asked for again. */
const REPEAT_SAFE_MS = 8 * 60_000;
const WAIT_FOR_TEMPLATE_MS = 3 * 24 * 3600_000;
const LOOK_AGAIN_MS = 30 * 60_000;

/** A message that this worker, and no other, is to send now, to where its row says. */
export interface Ready {
  delivery: MessageDelivery;
  /** An earlier attempt may have reached the person. */
  isRepeat: boolean;
}

/**
 * Marks a message as being sent, or ends it when there is no way (left). Null when there is nothing to send.
 * @param refusals of the ways that were tried just before
 * @returns when to look again, where somebody must mend something first; why is written down
 * @throws {NotYet} while somebody else is sending it, or may be
 */
export async function takeUp(
  work: Transaction,
  deliveryId: string,
  refusals: readonly UpstreamError[],
): Promise<Ready | NotYet | null> {
  const delivery = await lockDelivery(work, deliveryId);
  let ready: Ready | NotYet | null = null;
  if (delivery.state === 'sending') ready = await takeUpAgain(work, delivery);
  if (delivery.state === 'waiting') ready = await takeUpFirst(work, delivery, refusals);
  await work.db.save(MessageDelivery, delivery);
  return ready;
}

async function takeUpFirst(
  work: Transaction,
  delivery: MessageDelivery,
  refusals: readonly UpstreamError[],
): Promise<Ready | NotYet | null> {
  const way = await chooseChannel(work, delivery, delivery.channel);
  if (typeof way !== 'string') {
    await countOne(work, way.channel);
    Object.assign(delivery, way, { sentAt: work.now(), sendingUntil: leaseEnd(work) });
    delivery.moveTo('sending');
    return { delivery, isRepeat: false };
  }
  const last = refusals.at(-1);
  const unwanted = last && findPersonsRefusal(last);
  const isHeld = way === 'template_blocked' || way === RIGHTS_LAPSED;
  if (isHeld) delivery.reason = way;
  // What we can mend ourselves is no end: the message waits, and all ways are open again.
  if (refusals.some(needsOperator)) delivery.channel = null;
  else if (isHeld && isWorthWaiting(work, delivery)) return new NotYet(lookAgainAt(work));
  else if (unwanted) await end(work, delivery, 'blocked', unwanted);
  else await end(work, delivery, 'unreachable', last?.code ?? way);
  return null;
}

/** The worker that sent it ended before it wrote down how it went, or the answer was lost. */
async function takeUpAgain(work: Transaction, delivery: MessageDelivery): Promise<Ready | null> {
  const { sendingUntil, sentAt, channel } = delivery;
  if (sendingUntil && sendingUntil > work.now()) throw new NotYet(sendingUntil);
  const isRepeatSafe = channel === 'official-account' && work.now().getTime() - sentAt!.getTime() < REPEAT_SAFE_MS;
  if (!isRepeatSafe) {
    await leaveUnknown(work, delivery);
    delivery.reason ??= 'answer_lost';
    return null;
  }
  delivery.sendingUntil = leaseEnd(work);
  return { delivery, isRepeat: true };
}

/** Somebody may mend the template; after some days nobody wants to read the message any more. */
const isWorthWaiting = (work: Transaction, { createdAt }: MessageDelivery): boolean =>
  work.now().getTime() - createdAt.getTime() < WAIT_FOR_TEMPLATE_MS;

const lookAgainAt = (work: Transaction) => new Date(work.now().getTime() + LOOK_AGAIN_MS);
