import { LessThanOrEqual } from 'typeorm';
import { Account, type Observation, VerificationEntry } from '../../entities/account.ts';
import type { AskFailure } from '../contracts/accounts.ts';
import { sha256 } from '../platform/crypto.ts';
import { UpstreamError } from '../platform/errors.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { BasicInfo } from '../platform/wechat-api/basic-info.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { foldOf, lockAccount, observe, saysTheSame } from './observe.ts';
import { agrees } from './standing.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat is to be asked about an account. */
    'verification.ask': { accountId: string };
  }
}

const HOUR_MS = 3600_000;
/** Delivery of events is at most three tries: once a day WeChat is asked whether one was lost. */
export const ASK_EVERY_MS = 24 * HOUR_MS;
const RETRY_MS = HOUR_MS;
/** Of one turn: ten thousand accounts in a day are 35 every five minutes. */
const MOST_A_TURN = 100;
const AT_ONCE = 8;

/** WeChat is asked about the account now, if it can be. */
export async function askSoon(work: Transaction, { id, nextAskAt }: Account): Promise<void> {
  if (nextAskAt) await enqueue(work, 'verification.ask', { accountId: id }, { key: `verification.ask:${id}` });
}

/** By the clock, every five minutes: accounts whose turn it is. */
export async function askDue(desk: Desk): Promise<void> {
  const due = await desk.db.find(Account, {
    where: { nextAskAt: LessThanOrEqual(desk.now()) },
    order: { nextAskAt: 'ASC' },
    take: MOST_A_TURN,
  });
  for (let from = 0; from < due.length; from += AT_ONCE) {
    const asked = due.slice(from, from + AT_ONCE).map(({ id }) => askAbout(desk, { accountId: id }));
    for (const result of await Promise.allSettled(asked))
      if (result.status === 'rejected')
        desk.log.warn({ err: result.reason as unknown }, 'an account could not be asked about');
  }
}

/** The job `verification.ask`. Whatever WeChat says, or does not, the account's next turn is settled. */
export async function askAbout(desk: Desk, { accountId }: { accountId: string }): Promise<void> {
  const account = await desk.db.findOneBy(Account, { id: accountId });
  if (!account?.nextAskAt || !account.appid) return;
  const askedAt = desk.now();
  const answer = await answerOf(desk, account.appid);
  await desk
    .as({ kind: 'system' })
    .transaction((work) => settleAnswer(work, accountId, { answer, askedAt }), { retryDuplicates: true });
}

type Answer = { info: BasicInfo } | { failure: AskFailure; error?: UpstreamError };

async function answerOf(desk: Desk, appid: string): Promise<Answer> {
  try {
    const info = await basicInfoOf(desk, appid);
    return info === 'not_available' ? { failure: 'not_available' } : { info };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    desk.log.warn({ code: error.code }, 'WeChat did not say how an account stands');
    return { failure: 'unreachable', error };
  }
}

function basicInfoOf(desk: Desk, appid: string): Promise<BasicInfo | 'not_available'> {
  if (appid === desk.officialAccount.appid) return desk.officialAccount.basicInfo();
  if (appid === desk.miniProgram.appid) return desk.miniProgram.basicInfo();
  return Promise.resolve('not_available');
}

async function settleAnswer(
  work: Transaction,
  accountId: string,
  { answer, askedAt }: { answer: Answer; askedAt: Date },
): Promise<void> {
  const account = await lockAccount(work, accountId);
  // An answer that was under way while a later one came says nothing any more.
  if (account.answeredAt && account.answeredAt > askedAt) return;
  if ('info' in answer) await learnOfAnswer(work, account, { info: answer.info, askedAt });
  const askFailure = 'failure' in answer ? answer.failure : null;
  const waitMs = askFailure === 'unreachable' ? RETRY_MS : ASK_EVERY_MS;
  await work.db.update(
    Account,
    { id: accountId },
    {
      askedAt,
      askFailure,
      nextAskAt: new Date(askedAt.getTime() + waitMs),
      ...(askFailure ? {} : { answeredAt: askedAt }),
    },
  );
}

/** What says nothing new, and agrees with what counts, is no entry: ten thousand accounts are asked about every day. */
async function learnOfAnswer(
  work: Transaction,
  account: Account,
  { info, askedAt }: { info: BasicInfo; askedAt: Date },
): Promise<void> {
  const said = saidBy(info);
  const last = await work.db.findOne(VerificationEntry, {
    where: { accountId: account.id, source: 'query' },
    order: { id: 'DESC' },
  });
  if (last && saysTheSame(last.said, said) && agrees((await foldOf(work, account)).standing, said)) return;
  const raw = JSON.stringify(info);
  const mark = `query:${askedAt.getTime()}:${sha256(raw).slice(0, 16)}`;
  await observe(work, account.id, { source: 'query', mark, said, happenedAt: askedAt, raw });
}

/** No application is refused in so many words here: an account that is not qualified may never have asked. */
function saidBy(info: BasicInfo): Observation {
  return {
    isQualified: info.isQualified,
    isNamed: info.isNamed,
    ...(info.realName ? { realName: info.realName } : {}),
    ...(info.isQualified
      ? { expiresAt: info.reviewUntil?.toISOString() ?? null, reviewFrom: info.reviewFrom?.toISOString() ?? null }
      : {}),
    ...(info.principalName ? { subject: info.principalName.slice(0, 128) } : {}),
    ...(info.kind ? { kind: info.kind } : {}),
    ...(info.nickname ? { name: info.nickname.slice(0, 64) } : {}),
  };
}
