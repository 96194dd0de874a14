import { In } from 'typeorm';
import { WechatNotice } from '../../entities/wechat-notice.ts';
import { insertAll } from '../platform/database/index.ts';
import { isPaid, type Notice } from '../platform/wechat-pay/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { settlePayments } from './settle-payment.ts';

/** How many notices may share one transaction. */
const MAX_TOGETHER = 64;

/**
 * Settles genuine notices. Those that arrive while a transaction is under way share the next one; each caller waits until its
 * own notice is committed. When a shared transaction fails, each of its notices is tried alone, so that one cannot hold up the rest.
 */
export function createNoticeSettler(desk: Desk): { settle(notice: Notice): Promise<void> } {
  type Waiting = { notice: Notice; done: () => void; failed: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let isBusy = false;

  const settleTogether = (batch: readonly Waiting[]) =>
    desk.transaction(
      (work) =>
        keepNotices(
          work,
          batch.map(({ notice }) => notice),
        ),
      { retryDuplicates: true },
    );

  async function settleBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      await settleTogether(batch);
      for (const { done } of batch) done();
    } catch (error) {
      if (batch.length === 1) batch[0]!.failed(error);
      else for (const one of batch) await settleBatch([one]);
    }
  }

  async function work(): Promise<void> {
    isBusy = true;
    // What arrived in the same turn of the event loop belongs together.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_TOGETHER);
      waiting = waiting.slice(MAX_TOGETHER);
      await settleBatch(batch);
    }
    isBusy = false;
  }

  return {
    settle: (notice) =>
      new Promise((done, failed) => {
        waiting.push({ notice, done, failed });
        if (!isBusy) void work();
      }),
  };
}

/** One transaction: the notices' rows, and all that follows from them. A notice that is known already changes nothing. */
async function keepNotices(work: Transaction, notices: readonly Notice[]): Promise<void> {
  const byId = new Map(notices.map((notice) => [notice.id, notice]));
  const known = await work.db.find(WechatNotice, { select: { id: true }, where: { id: In([...byId.keys()]) } });
  for (const { id } of known) byId.delete(id);
  const fresh = [...byId.values()];
  if (fresh.length === 0) return;

  const paid = fresh.flatMap(({ id, transaction }) =>
    transaction && isPaid(transaction) ? [{ id, fact: transaction }] : [],
  );
  const outcomes = await settlePayments(
    work,
    paid.map(({ fact }) => fact),
  );
  const outcomeOf = new Map(paid.map(({ id }, at) => [id, outcomes[at]!]));
  const receivedAt = work.now();
  await insertAll(
    work.db,
    WechatNotice,
    fresh.map(({ id, eventType, transaction }) => ({
      id,
      eventType,
      paymentNumber: transaction?.outTradeNo ?? null,
      outcome: outcomeOf.get(id) ?? 'ignored',
      receivedAt,
    })),
  );
}
