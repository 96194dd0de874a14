import { LessThanOrEqual } from 'typeorm';
import { Account, type Observation, VerificationEntry } from '../../entities/account.ts';
import type { AskFailure } from '../contracts/accounts.ts';
import { sha256 } from '../platform/crypto.ts';
import { UpstreamError } from '../platform/errors.ts';
import { type AuthorizerInfo, isAuthorisationLost } from '../platform/open-platform/index.ts';
import type { BasicInfo } from '../platform/wechat-api/basic-info.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { mendTasks } from '../tasks/index.ts';
import { aboutStrange } from './learn-of-event.ts';
import { loseAccount } from './lose-account.ts';
import { foldOf, lockAccount, observe, saysTheSame } from './observe.ts';
import { agrees } from './standing.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** Between two questions at least; each account has a time of day of its own, so that they are spread however they came. */
const LEAST_WAIT_MS = HOUR_MS;
const RETRY_MS = HOUR_MS;
/** Of one turn: ten thousand accounts in a day are 35 every five minutes. */
const MOST_A_TURN = 100;
const AT_ONCE = 8;

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

type Answer = { info: BasicInfo | AuthorizerInfo } | { failure: AskFailure };

async function answerOf(desk: Desk, appid: string): Promise<Answer> {
  try {
    const info = await infoOf(desk, appid);
    return info === 'not_available' ? { failure: 'not_available' } : { info };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    desk.log.warn({ code: error.code }, 'WeChat did not say how an account stands');
    return { failure: isAuthorisationLost(error) ? 'authorisation_lost' : 'unreachable' };
  }
}

async function infoOf(desk: Desk, appid: string): Promise<BasicInfo | AuthorizerInfo | 'not_available'> {
  const { officialAccount, miniProgram, openPlatform } = desk;
  if (appid === officialAccount.appid) return officialAccount.basicInfo();
  if (appid === miniProgram.appid) return miniProgram.basicInfo();
  if (!openPlatform) return 'not_available';
  const info = await openPlatform.basicInfo(appid);
  // What the platform itself is told has no dates, but is better than nothing.
  return info === 'not_available' ? openPlatform.authorizerInfo(appid) : info;
}

async function settleAnswer(
  work: Transaction,
  accountId: string,
  { answer, askedAt }: { answer: Answer; askedAt: Date },
): Promise<void> {
  const account = await lockAccount(work, accountId);
  // An answer that was under way while a later one came says nothing any more.
  if (account.answeredAt && account.answeredAt > askedAt) return;
  if ('info' in answer) {
    await learnOfAnswer(work, account, { info: answer.info, askedAt });
    // The record itself: an event that contradicted what was known need not be looked into any more.
    if ('isQualified' in answer.info) await mendTasks(work, null, aboutStrange(accountId));
  }
  const askFailure = 'failure' in answer ? answer.failure : null;
  const asked = { askedAt, ...(askFailure ? {} : { answeredAt: askedAt }) };
  await work.db.update(Account, { id: accountId }, asked);
  if (askFailure === 'authorisation_lost') return loseAccount(work, account.appid!);
  const isUnheard = askFailure === 'unreachable';
  const nextAskAt = isUnheard ? new Date(askedAt.getTime() + RETRY_MS) : nextTurnOf(accountId, askedAt);
  await work.db.update(Account, { id: accountId }, { askFailure, nextAskAt });
}

/** Delivery of events is at most three tries: once a day WeChat is asked whether one was lost. */
function nextTurnOf(accountId: string, askedAt: Date): Date {
  const ofDayMs = Number.parseInt(sha256(accountId).slice(0, 8), 16) % DAY_MS;
  const leastMs = askedAt.getTime() + LEAST_WAIT_MS;
  return new Date(leastMs + ((ofDayMs - (leastMs % DAY_MS) + DAY_MS) % DAY_MS));
}

/** What says nothing new, and agrees with what counts, is no entry: ten thousand accounts are asked about every day. */
async function learnOfAnswer(
  work: Transaction,
  account: Account,
  { info, askedAt }: { info: BasicInfo | AuthorizerInfo; askedAt: Date },
): Promise<void> {
  const said = 'isQualified' in info ? saidBy(info) : saidToPlatform(info);
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

/** Users report that a mini-program which verified after it was authorised is still called unverified here: that is no word on it. */
function saidToPlatform({ kind, hasApiPermission, hasTick, principalName, nickname }: AuthorizerInfo): Observation {
  const isWord = hasApiPermission || kind !== 'mini_program';
  return {
    ...(isWord ? { isQualified: hasApiPermission, isNamed: hasTick } : {}),
    ...(principalName ? { subject: principalName.slice(0, 128) } : {}),
    ...(kind ? { kind } : {}),
    ...(nickname ? { name: nickname.slice(0, 64) } : {}),
  };
}
