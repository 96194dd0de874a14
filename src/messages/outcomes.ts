import { In } from 'typeorm';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { locked, updateAll } from '../platform/database/index.ts';
import type { UpstreamError } from '../platform/errors.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Transaction } from '../platform/work.ts';
import { consentDenied, consentUsed } from './consents.ts';
import { leaseEnd } from './sending-lease.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** A message that staff sent did not arrive, or nobody knows whether it did. */
    'message.unreached': { deliveryId: string };
  }
}

const LOST_ANSWER_WAIT_MS = 2000;
const WAS_NOT_SENT = new Set<UpstreamError['kind']>(['refused', 'rate_limited', 'not_sent']);
const REFUSED_BY_PERSON = new Set(['user_refuses', 'user_blacklisted', 'user_blocked']);

/** The reason when it is the person who does not want our messages. */
export function findPersonsRefusal({ code, upstream }: UpstreamError): string | null {
  // The service account needs no consent, so there this code means that the person turned its messages off.
  if (upstream === 'official-account' && code === 'consent_used_up') return 'user_refuses';
  return REFUSED_BY_PERSON.has(code) ? code : null;
}

export const lockDelivery = (work: Transaction, id: string): Promise<MessageDelivery> =>
  work.db.findOneOrFail(MessageDelivery, { where: { id }, ...locked(work.db) });

/** Ends a message; what staff said and did not arrive is announced. The caller saves it. */
export async function end(
  work: Transaction,
  delivery: MessageDelivery,
  state: 'unreachable' | 'delivered' | 'blocked' | 'failed' | 'refused',
  reason: string | null,
): Promise<void> {
  delivery.moveTo(state);
  delivery.reason = reason;
  delivery.endedAt = work.now();
  if (state !== 'delivered') await announceUnreached(work, delivery);
}

/** Nobody knows whether the person got it, and it is not sent again by itself. The caller saves it. */
export async function leaveUnknown(work: Transaction, delivery: MessageDelivery): Promise<void> {
  delivery.moveTo('unknown');
  await announceUnreached(work, delivery);
}

async function announceUnreached(work: Transaction, { id, sentBy }: MessageDelivery): Promise<void> {
  if (sentBy) await enqueue(work, 'message.unreached', { deliveryId: id });
}

/** WeChat took the message. @param msgid null where WeChat did not say it: then no finish event can be joined */
export async function writeAccepted(work: Transaction, deliveryId: string, msgid: string | null): Promise<void> {
  const delivery = await lockDelivery(work, deliveryId);
  // A worker that was slow, or slept, may find that the message was given up meanwhile; its news is better.
  if (delivery.state !== 'sending' && delivery.state !== 'unknown') return;
  delivery.moveTo('accepted');
  Object.assign(delivery, { msgid, reason: null, sendingUntil: null });
  await work.db.save(MessageDelivery, delivery);
  if (delivery.channel === 'mini-program') await consentUsed(work, consentOf(delivery), delivery.id);
}

/** The same for many at once, of the service account; what was decided otherwise meanwhile is left alone. */
export async function writeManyAccepted(
  work: Transaction,
  sent: readonly { id: string; msgid: string | null }[],
): Promise<void> {
  const rows = await work.db.find(MessageDelivery, {
    where: { id: In(sent.map(({ id }) => id)), state: In(['sending', 'unknown']) },
    ...locked<MessageDelivery>(work.db),
  });
  const msgids = new Map(sent.map(({ id, msgid }) => [id, msgid]));
  for (const row of rows) {
    row.moveTo('accepted');
    Object.assign(row, { msgid: msgids.get(row.id) ?? null, reason: null, sendingUntil: null });
  }
  await updateAll(work.db, MessageDelivery, rows, ['state', 'msgid', 'reason', 'sendingUntil']);
}

/**
 * WeChat refused the message, or said nothing. It waits again when it is sure that nothing was sent; else it stays as sending,
 * to be repeated where WeChat holds repeats back, or ends as unknown.
 */
export async function writeRefused(
  work: Transaction,
  deliveryId: string,
  error: UpstreamError,
  { isRepeat }: { isRepeat: boolean },
): Promise<void> {
  const delivery = await lockDelivery(work, deliveryId);
  if (delivery.state !== 'sending') return;
  const isFinal = error.kind === 'refused' && !error.retryable;
  // Only the service account may be asked again; of the other way it is known at once that nobody knows.
  delivery.sendingUntil = delivery.channel === 'official-account' ? askAgainAt(work, delivery) : null;
  delivery.reason = error.code.slice(0, 64);
  if (!isRepeat && WAS_NOT_SENT.has(error.kind)) {
    delivery.moveTo('waiting');
    delivery.sendingUntil = null;
    // Later all ways are open again; after a final refusal, the next one.
    if (!isFinal) delivery.channel = null;
    // Whoever was refused tries the next way at once; meanwhile nobody else does.
    delivery.retryAt = isFinal ? leaseEnd(work) : null;
  } else if (isFinal) {
    await leaveUnknown(work, delivery);
  }
  await work.db.save(MessageDelivery, delivery);
  const isDenied = error.upstream === 'mini-program' && error.code === 'consent_used_up';
  if (isDenied) await consentDenied(work, consentOf(delivery), delivery.id);
}

/** After a lost answer: as long again as the message has been under way, so repeats of a WeChat in trouble become rare. */
function askAgainAt(work: Transaction, { sentAt }: MessageDelivery): Date {
  const now = work.now().getTime();
  return new Date(now + Math.max(LOST_ANSWER_WAIT_MS, now - sentAt!.getTime()));
}

const consentOf = ({ customerId, appid, openid, templateId }: MessageDelivery) => ({
  customerId,
  appid: appid!,
  openid: openid!,
  templateId: templateId!,
});
