import { followChanged, personalDataRevoked, recordIdentity } from '../identity/index.ts';
import { enqueue, NotYet } from '../platform/jobs/index.ts';
import type { Push, TradePush, VerificationNote, VerificationPush } from '../platform/wechat-api/push.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { consentAnswered, consentWithdrawn } from './consents.ts';
import { finishDelivery, type Finish } from './finish-delivery.ts';
import { markPushHandled, takeUnhandledPush } from './receive-push.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat said something of a paid order of the mini-program. */
    'trade.told': TradePush;
    /** WeChat said something of the verification of one of our apps. */
    'verification.told': VerificationTold;
  }
}

/** What WeChat pushed of an account's verification, proved to be WeChat's. */
export interface VerificationTold {
  appid: string;
  /** The same for every repeat of one push. */
  dedupeKey: string;
  /** As WeChat spells it. */
  event: string;
  /** ISO; CreateTime. */
  at: string;
  content: VerificationPush | VerificationNote;
}

/** A finish event waits so long for its message: the answer to the sending may still be on its way. */
const WAIT_FOR_MESSAGE_MS = 10 * 60_000;
const LOOK_AGAIN_MS = { least: 2000, most: 2 * 60_000 };

/** What follows from a push, in one transaction with the mark that it was done. */
export async function handlePush(desk: Desk, { pushId }: { pushId: string }): Promise<void> {
  await desk.transaction(
    async (work) => {
      const push = await takeUnhandledPush(work, pushId);
      if (!push) return;
      await act(work, push);
      await markPushHandled(work, pushId);
    },
    { retryDuplicates: true },
  );
}

async function act(work: Transaction, push: Push): Promise<void> {
  const { content, appid, openid, createdAt: at } = push;
  switch (content.type) {
    case 'subscribe':
    case 'unsubscribe':
      return followChanged(work, { appid, openid, follows: content.type === 'subscribe', at });
    case 'authorisation_revoked':
      return personalDataRevoked(work, { appid, openid });
    case 'template_finished': {
      const outcome = content.outcome === 'blocked_by_user' ? 'blocked' : content.outcome;
      return joinFinish(work, push, { appid, msgid: content.msgid, outcome, status: content.status });
    }
    case 'subscribe_messages_sent':
      for (const { msgid, isDelivered, errorStatus } of content.results) {
        await joinFinish(work, push, {
          appid,
          msgid,
          outcome: isDelivered ? 'delivered' : 'failed',
          status: errorStatus,
        });
      }
      return;
    case 'consents_answered':
    case 'consents_changed':
      return changeConsents(work, push, content);
    case 'trade_settlement':
    case 'trade_reminded':
      return enqueue(work, 'trade.told', content);
    case 'verification':
    case 'verification_note':
      return enqueue(work, 'verification.told', {
        appid,
        dedupeKey: push.dedupeKey,
        event: push.kind,
        at: at.toISOString(),
        content,
      });
    default:
  }
}

/** @throws {NotYet} while the message may still appear: looked for ever more rarely, as other systems may send messages too */
async function joinFinish(work: Transaction, push: Push, finish: Finish): Promise<void> {
  if (await finishDelivery(work, finish)) return;
  const ageMs = work.now().getTime() - push.createdAt.getTime();
  if (ageMs >= WAIT_FOR_MESSAGE_MS) return work.log.warn({ kind: push.kind }, 'a finish event has no message of ours');
  const waitMs = Math.min(Math.max(ageMs, LOOK_AGAIN_MS.least), LOOK_AGAIN_MS.most);
  throw new NotYet(new Date(work.now().getTime() + waitMs));
}

async function changeConsents(
  work: Transaction,
  { appid, openid, dedupeKey, createdAt: at }: Push,
  content: Extract<Push['content'], { type: 'consents_answered' | 'consents_changed' }>,
): Promise<void> {
  const { customerId } = await recordIdentity(work, { appKind: 'mini-program', appid, openid });
  for (const { templateId, isAccepted } of content.answers) {
    const who = { customerId, appid, openid, templateId };
    // One push may speak of several templates.
    const source = `${dedupeKey}:${templateId}`.slice(-118);
    if (content.type === 'consents_answered')
      await consentAnswered(work, who, { isAccepted, witness: 'push', source, at });
    else if (!isAccepted) await consentWithdrawn(work, who, source, at);
  }
}
