import { MessageDelivery } from '../../entities/message-delivery.ts';
import { fieldsOf, findTemplate } from '../../templates/messages/index.ts';
import { learnFollowers, notFollowing } from '../identity/index.ts';
import { needsOperator, UpstreamError } from '../platform/errors.ts';
import { NotYet } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';
import { stopTemplate } from './bindings.ts';
import { writeAccepted, writeRefused } from './outcomes.ts';
import { isLapse, stopAccount } from './rights.ts';
import { type Ready, takeUp } from './take-up.ts';

/**
 * Sends a message that waits: chosen and marked as sending, committed, sent, the outcome written; refused one way, the other is
 * tried. A message is never sent twice: after a crash or a lost answer it is only repeated where WeChat itself holds repeats
 * back, else it ends as unknown.
 * @throws {NotYet} while somebody else is sending it
 * @throws {UpstreamError} to be tried again later, perhaps after we have mended something
 */
export async function deliverMessage(desk: Desk, { deliveryId }: { deliveryId: string }): Promise<void> {
  await deliver(desk, deliveryId, []);
}

/** The same, where one way was tried just before and is closed. @param refusals why it is */
export async function deliver(desk: Desk, deliveryId: string, refusals: UpstreamError[]): Promise<void> {
  const waiting = await desk.db.findOneBy(MessageDelivery, { id: deliveryId });
  if (waiting?.state === 'waiting' && refusals.length === 0) await learnWhoFollows(desk, waiting.customerId);
  for (;;) {
    const ready = await desk.transaction((work) => takeUp(work, deliveryId, refusals));
    if (ready instanceof NotYet) throw ready;
    const refusal = ready && (await send(desk, ready));
    if (!refusal) break;
    refusals.push(refusal);
  }
  const ours = refusals.find(needsOperator);
  if (!ours) return;
  const delivery = await desk.db.findOneByOrFail(MessageDelivery, { id: deliveryId });
  desk.log.error(
    { delivery: deliveryId, code: ours.code, upstream: ours.upstream },
    'messages are refused by our fault',
  );
  if (delivery.state === 'waiting') throw ours;
}

/** Not to know whether somebody follows is no reason to say nothing: there may be another way. */
async function learnWhoFollows(desk: Desk, customerId: string): Promise<void> {
  try {
    await learnFollowers(desk, customerId);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.retryable) throw error;
    desk.log.warn({ code: error.code }, 'it cannot be learnt whether somebody follows the account');
  }
}

/**
 * @param accepted writes down that WeChat took it
 * @returns why this way is closed; null when the message is on its way
 * @throws {UpstreamError} when later may be better, or when WeChat said nothing
 */
export async function send(
  desk: Desk,
  { delivery, isRepeat }: Ready,
  accepted = (id: string, msgid: string | null) => desk.transaction((work) => writeAccepted(work, id, msgid)),
): Promise<UpstreamError | null> {
  try {
    const { msgid } = await call(desk, delivery);
    await accepted(delivery.id, msgid);
    return null;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.action === 'success') {
      await desk.transaction((work) => writeAccepted(work, delivery.id, null));
      return null;
    }
    await desk.transaction((work) => writeRefused(work, delivery.id, error, { isRepeat }));
    if (error.code === 'not_following') await notFollowing(desk, delivery.appid!, delivery.openid!);
    if (isLapse(error)) await stopAccount(desk);
    else if (error.action === 'stop_template') await stopTemplate(desk, bindingOf(delivery), error.code);
    if (error.kind !== 'refused' || error.retryable) throw error;
    return error;
  }
}

const bindingOf = ({ message, channel, templateId }: MessageDelivery) => ({
  message,
  appKind: channel!,
  templateId: templateId!,
});

function call(
  desk: Desk,
  { id, channel, message, openid, templateId, facts, link }: MessageDelivery,
): Promise<{ msgid: string | null }> {
  const template = findTemplate(message)!;
  const page = template.page(facts);
  const fields = fieldsOf(template, facts);
  const to = { openid: openid!, templateId: templateId!, fields };
  if (channel === 'mini-program') return desk.miniProgram.sendSubscribe({ ...to, page });
  return desk.officialAccount.sendTemplate({
    ...to,
    url: link ?? `${desk.config.PUBLIC_ORIGIN}/#/${page}`,
    clientMsgId: id,
  });
}
