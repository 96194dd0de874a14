import { setTimeout as pause } from 'node:timers/promises';
import { In } from 'typeorm';
import { WechatNotice } from '../../entities/wechat-notice.ts';
import { insertAll } from '../platform/database/index.ts';
import { enqueueAll } from '../platform/jobs/index.ts';
import { isPaid, type Notice } from '../platform/wechat-pay/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { settlePayments } from './settle-payment.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat is to be asked how a refund stands. */
    'refund.look': { number: string };
    /** WeChat is to be asked how a complaint stands. */
    'complaint.look': { complaintId: string };
    /** WeChat is to be asked how the fapiao of an application stand. */
    'fapiao.look': { applyId: string };
  }
}

/** How many notices may share one transaction. */
const MAX_TOGETHER = 64;
/** How many transactions may be under way at once: while the database works on one, the notices of the next are proved. */
const AT_ONCE = 2;
/** With so many waiting another transaction is worth beginning beside the one under way; fewer wait for its end. */
const ENOUGH = 32;
/** Notices come in bursts: what arrives within this of the first shares its transaction. */
const GATHER_MS = 4;

/**
 * Settles genuine notices. Those that arrive while transactions are under way share the next one; each caller waits until its
 * own notice is committed. When a shared transaction fails, each of its notices is tried alone, so that one cannot hold up the rest.
 */
export function createNoticeSettler(desk: Desk): { settle(notice: Notice): Promise<void> } {
  type Waiting = { notice: Notice; done: () => void; failed: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let underWay = 0;

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

  async function settleNext(): Promise<void> {
    if (waiting.length < ENOUGH) await pause(GATHER_MS);
    const batch = waiting.slice(0, MAX_TOGETHER);
    waiting = waiting.slice(MAX_TOGETHER);
    if (batch.length > 0) await settleBatch(batch);
  }

  /** Begins a transaction when there is room for one and it is worth it; whoever ends one comes by here again. */
  function go(): void {
    const isWorthIt = underWay === 0 ? waiting.length > 0 : waiting.length >= ENOUGH;
    if (!isWorthIt || underWay === AT_ONCE) return;
    underWay += 1;
    void settleNext().finally(() => {
      underWay -= 1;
      go();
    });
  }

  return {
    settle: (notice) =>
      new Promise((done, failed) => {
        waiting.push({ notice, done, failed });
        go();
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
  // What a notice says of a refund, a complaint or a fapiao is asked for again: the newest word counts, in whatever order they come.
  const refunds = fresh.flatMap(({ refund }) => refund ?? []);
  await enqueueAll(
    work,
    'refund.look',
    refunds.map(({ outRefundNo: number }) => ({ payload: { number } })),
  );
  const complaints = fresh.flatMap(({ complaint }) => complaint ?? []);
  await enqueueAll(
    work,
    'complaint.look',
    complaints.map(({ complaintId }) => ({ payload: { complaintId } })),
  );
  const fapiaos = fresh.flatMap(({ fapiao }) => fapiao ?? []);
  await enqueueAll(
    work,
    'fapiao.look',
    fapiaos.map((payload) => ({ payload })),
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
