import { IsNull } from 'typeorm';
import { Account } from '../../entities/account.ts';
import { MessageBinding } from '../../entities/message-binding.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import { locked } from '../platform/database/index.ts';
import type { UpstreamError } from '../platform/errors.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat does not let our service account send any more. */
    'account.refused': { appid: string; at: string };
  }
}

/** Why templates of the service account are stopped, campaigns paused and messages held, until its right is back. */
export const RIGHTS_LAPSED = 'rights_lapsed';

/** Global table of return codes: the account has no right to this call. */
const UNAUTHORISED = 48001;

export const isLapse = ({ upstream, wechatCode }: UpstreamError): boolean =>
  upstream === 'official-account' && wechatCode === UNAUTHORISED;

/** The right to send by the service account is not there. */
export interface Lapse {
  /** Shanghai day: the last one with the right; null where there is none to name. */
  day: string | null;
  /** For people. */
  why: string;
}

const ownAccount = ({ config }: Work) => ({ appid: config.OFFICIAL_ACCOUNT_APPID, customerId: IsNull() });

/**
 * Whether the agency's service account will have no right to send template messages at this time, as far as is known; what is not
 * known stands in nobody's way. Subscribe messages of the mini-program do not depend on its verification.
 */
export async function findLapse(work: Work, at: Date): Promise<Lapse | null> {
  const account = await work.db.findOneBy(Account, ownAccount(work));
  if (account?.hasRightsAt(at) !== false) return null;
  const { expiresAt } = account;
  if (!expiresAt || expiresAt >= at) return { day: null, why: '服务号没有接口权限：未通过微信认证，或权限已被收回' };
  const day = shanghaiDay(expiresAt);
  return { day, why: `服务号认证有效期至 ${day}，之后不能发送模板消息，请先完成年审` };
}

/** Stops or frees what is sent by the service account, as its right is known now. @returns null: not known */
export async function followOwnRights(work: Transaction): Promise<boolean | null> {
  // Held meanwhile, so that what is known now is not overtaken by what was known before.
  const account = await work.db.findOne(Account, { where: ownAccount(work), ...locked<Account>(work.db) });
  const hasRights = account?.hasRightsAt(work.now()) ?? null;
  if (hasRights === false) await stopAll(work);
  if (hasRights === true)
    await work.db.update(
      MessageBinding,
      { appKind: 'official-account', stopReason: RIGHTS_LAPSED },
      { stoppedAt: null, stopReason: null },
    );
  return hasRights;
}

/** WeChat refuses the account itself: nothing more is sent by it, whatever the template, and WeChat is asked how it stands. */
export async function stopAccount(desk: Desk): Promise<void> {
  const isNews = await desk.transaction(async (work) => {
    const stopped = await stopAll(work);
    if (stopped)
      await enqueue(work, 'account.refused', {
        appid: work.config.OFFICIAL_ACCOUNT_APPID,
        at: work.now().toISOString(),
      });
    return stopped;
  });
  if (isNews) desk.log.error('the service account may not send any more: WeChat refuses it');
}

/** @returns false when all were stopped before */
async function stopAll(work: Transaction): Promise<boolean> {
  const { affected } = await work.db.update(
    MessageBinding,
    { appKind: 'official-account', stoppedAt: IsNull() },
    { stoppedAt: work.now(), stopReason: RIGHTS_LAPSED },
  );
  return Boolean(affected);
}

/** Nothing is sent by the service account at present. */
export const isHeldNow = ({ db }: Work): Promise<boolean> =>
  db.existsBy(MessageBinding, { appKind: 'official-account', stopReason: RIGHTS_LAPSED });

/** Nothing but the account's right stands in its way. */
export const isHeldForRights = ({ stopReason, faults }: MessageBinding): boolean =>
  stopReason === RIGHTS_LAPSED && faults.length === 0;
