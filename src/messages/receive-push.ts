import { WechatPush } from '../../entities/wechat-push.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Push } from '../platform/wechat-api/push.ts';
import type { Transaction } from '../platform/work.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat pushed something; it is kept and waits to be worked on. */
    'wechat.pushed': { pushId: string };
  }
}

const place = (pushId: string) => `push:${pushId}:content`;

/** Keeps a genuine push before anything follows from it. A repeat changes nothing. */
export async function receivePush(work: Transaction, push: Push): Promise<void> {
  if (await work.db.existsBy(WechatPush, { dedupeKey: push.dedupeKey })) return;
  const id = newId();
  await work.db.insert(WechatPush, {
    id,
    appid: push.appid,
    dedupeKey: push.dedupeKey,
    kind: push.kind.slice(0, 64),
    contentSealed: work.vault.seal(JSON.stringify(push), place(id)),
    receivedAt: work.now(),
  });
  await enqueue(work, 'wechat.pushed', { pushId: id });
}

/** A kept push as it was, locked until the transaction ends; null when it was worked on already. */
export async function takeUnhandledPush(work: Transaction, pushId: string): Promise<Push | null> {
  const row = await work.db.findOne(WechatPush, { where: { id: pushId }, ...locked(work.db) });
  if (!row || row.handledAt) return null;
  const push = JSON.parse(work.vault.open(row.contentSealed, place(pushId))) as Push;
  return { ...push, createdAt: new Date(push.createdAt) };
}

export async function markPushHandled(work: Transaction, pushId: string): Promise<void> {
  await work.db.update(WechatPush, { id: pushId }, { handledAt: work.now() });
}
