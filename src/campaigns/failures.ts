import { MessageDelivery } from '../../entities/message-delivery.ts';
import { end, isLapse, lockDelivery, markExhausted, RIGHTS_LAPSED } from '../messages/index.ts';
import { needsOperator, UpstreamError } from '../platform/errors.ts';
import { NotYet } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';
import { haltCampaign, restCampaign, restOfDay } from './course.ts';

const MINUTE_MS = 60_000;
const AGAIN_MS = { least: 2000, most: 20_000 };

/** What is wrong with this one message, not with the account: it ends, the others go on. */
const OF_THIS_MESSAGE = new Set([
  'field_wrong',
  'content_irregular',
  'content_too_long',
  'word_forbidden',
  'marketing_refused',
  'link_wrong',
  'page_unknown',
  'unknown_code',
]);

/**
 * What follows when a message of a campaign did not go out.
 * @param nextWay tries what is left, when this way is closed for this person
 */
export async function whatOfFailure(
  desk: Desk,
  { id, campaignId, channel }: MessageDelivery,
  error: unknown,
  nextWay?: () => Promise<void>,
): Promise<void> {
  if (error instanceof NotYet) return postpone(desk, id, error.at);
  if (!(error instanceof UpstreamError)) throw error;
  const { action, code } = error;
  if (action === 'wait_day') {
    const app = error.upstream === 'mini-program' ? 'mini-program' : 'official-account';
    await markExhausted(desk, app);
    await postpone(desk, id, desk.now(), { channel: null });
    if (app === 'official-account') await restOfDay(desk, campaignId!);
    return;
  }
  if (action === 'wait_minute') {
    const until = new Date(desk.now().getTime() + MINUTE_MS);
    await postpone(desk, id, until);
    return restCampaign(desk, campaignId!, until, 'minute_quota');
  }
  if (OF_THIS_MESSAGE.has(code)) {
    await refuse(desk, id, code);
    if (code === 'marketing_refused') await haltCampaign(desk, campaignId!, code);
    return;
  }
  if (needsOperator(error)) {
    // Nobody's fault but ours: all ways are open again.
    await postpone(desk, id, desk.now(), { channel: null });
    return haltCampaign(desk, campaignId!, isLapse(error) ? RIGHTS_LAPSED : code);
  }
  if (!error.retryable && error.kind === 'refused' && nextWay) {
    try {
      return await nextWay();
    } catch (next) {
      return whatOfFailure(desk, { id, campaignId, channel } as MessageDelivery, next);
    }
  }
  const waitMs = AGAIN_MS.least + Math.random() * (AGAIN_MS.most - AGAIN_MS.least);
  await postpone(desk, id, new Date(desk.now().getTime() + waitMs));
}

/** One that waits is not looked at before; one that may have been sent is left to be picked up. */
async function postpone(desk: Desk, id: string, retryAt: Date, more: { channel?: null } = {}): Promise<void> {
  await desk.transaction((work) => work.db.update(MessageDelivery, { id, state: 'waiting' }, { retryAt, ...more }));
}

async function refuse(desk: Desk, id: string, reason: string): Promise<void> {
  await desk.transaction(async (work) => {
    const delivery = await lockDelivery(work, id);
    if (delivery.state !== 'waiting') return;
    await end(work, delivery, 'refused', reason);
    await work.db.save(MessageDelivery, delivery);
  });
}
