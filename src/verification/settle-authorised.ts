import { Account } from '../../entities/account.ts';
import { AuthorisationStart } from '../../entities/authorisation-start.ts';
import type { AuthorisationOutcome } from '../contracts/accounts.ts';
import { UpstreamError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { AuthorizerInfo } from '../platform/open-platform/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { mendTask, mendTasks, openTasks } from '../tasks/index.ts';
import { askSoon } from './ask-soon.ts';
import { aboutLoss } from './lose-account.ts';
import { lockAccount } from './observe.ts';

const WITHIN_MS = 24 * 3600_000;

/**
 * The owner has let us see an account, and its tokens are kept. It goes to the customer whose link it was; one that is somebody
 * else's stays where it is, and is for a person to decide.
 * @param startId the link; null where none is known
 */
export async function settleAuthorised(
  desk: Desk,
  appid: string,
  startId: string | null,
): Promise<AuthorisationOutcome> {
  const info = await infoOf(desk, appid);
  return desk
    .as({ kind: 'system' })
    .transaction((work) => settle(work, { appid, startId, info }), { retryDuplicates: true });
}

/** What the account is called need not be known to go on. */
async function infoOf(desk: Desk, appid: string): Promise<AuthorizerInfo | null> {
  try {
    return await desk.openPlatform!.authorizerInfo(appid);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    desk.log.warn({ code: error.code }, 'WeChat did not say what account was authorised');
    return null;
  }
}

/** What the task is about that asks whose an account is. */
export const aboutUnclaimed = (appid: string) => `authorisation-unknown:${appid}`;

interface Settling {
  appid: string;
  startId: string | null;
  info: AuthorizerInfo | null;
}

async function settle(work: Transaction, { appid, startId, info }: Settling): Promise<AuthorisationOutcome> {
  const start = startId ? await work.db.findOneByOrFail(AuthorisationStart, { id: startId }) : null;
  const known = await work.db.findOneBy(Account, { appid });
  if (!known && !start) return askWhose(work, appid, info);
  if (start && !start.usedAt) await work.db.update(AuthorisationStart, { id: start.id }, { usedAt: work.now(), appid });
  if (known && start && known.customerId !== start.customerId) return setAside(work, known, start);
  const account = known ? await lockAccount(work, known.id) : newAccount(work, start!, { appid, info });
  Object.assign(account, { nextAskAt: work.now(), askFailure: null });
  await work.db.save(Account, account);
  await mendTask(work, null, aboutUnclaimed(appid));
  await mendTasks(work, null, aboutLoss(account.id));
  await askSoon(work, account);
  return 'granted';
}

const newAccount = (
  work: Transaction,
  { customerId, startedBy }: AuthorisationStart,
  { appid, info }: Pick<Settling, 'appid' | 'info'>,
): Account =>
  Object.assign(new Account(), {
    id: newId(),
    kind: info?.kind ?? 'service',
    appid,
    name: (info?.nickname ?? appid).slice(0, 64),
    subject: info?.principalName?.slice(0, 128) ?? null,
    customerId,
    consultantId: startedBy,
    createdAt: work.now(),
  });

/** Two companies claim one account: the first keeps it until a person has looked. */
async function setAside(work: Transaction, account: Account, start: AuthorisationStart): Promise<AuthorisationOutcome> {
  await openTasks(work, [
    {
      kind: 'attention',
      about: `authorisation-claimed:${account.id}:${start.customerId}`,
      title: `账号归属有争议：${account.name}`,
      note: '另一位客户授权了已登记的账号，归属没有改变。请与双方核实后处理。',
      ownerId: account.consultantId,
      customerId: start.customerId,
      dueAt: new Date(work.now().getTime() + WITHIN_MS),
    },
  ]);
  return 'claimed_elsewhere';
}

/** Authorised from WeChat's side, without a link of ours. */
async function askWhose(work: Transaction, appid: string, info: AuthorizerInfo | null): Promise<AuthorisationOutcome> {
  await openTasks(work, [
    {
      kind: 'attention',
      about: aboutUnclaimed(appid),
      title: `未登记的账号已授权：${info?.nickname ?? appid}`,
      note: `账号标识 ${appid}，主体：${info?.principalName ?? '未知'}。请登记到对应的客户名下，登记后自动查询认证状态。`,
      dueAt: new Date(work.now().getTime() + WITHIN_MS),
    },
  ]);
  return 'granted';
}
