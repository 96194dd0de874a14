import { z } from 'zod';
import { flag, textual, wholeNumber } from './answer.ts';
import type { AppApi } from './app-api.ts';
import type { Call } from './exchange.ts';
import { isUpstream } from './failure.ts';

/** What WeChat says of an account and its verification. Source: official documentation, getaccountbasicinfo («获取基本信息»). */
export interface BasicInfo {
  appid: string;
  /** Null: a kind that is none of these. */
  kind: 'subscription' | 'service' | 'mini_program' | null;
  nickname: string | null;
  principalName: string | null;
  /** Unified social credit code; null for persons. */
  credential: string | null;
  realName: 'passed' | 'in_progress' | 'failed' | null;
  /** 0: not verified; null: not told. */
  customerType: number | null;
  isQualified: boolean;
  isNamed: boolean;
  /** Annual review window; null while not qualified. */
  reviewFrom: Date | null;
  /** The same instant is the end of the verification. */
  reviewUntil: Date | null;
}

const PATH = '/cgi-bin/account/getaccountbasicinfo';
const MUST_GET = 43001;
const UNAUTHORISED = 48001;
/** Twelve digits are no time in seconds. */
const TOO_LATE_SECONDS = 1e11;

const KINDS: Readonly<Record<number, BasicInfo['kind']>> = { 1: 'subscription', 2: 'service', 3: 'mini_program' };
// One public SDK has -1, 0, 1; the documentation has these.
const REAL_NAME: Readonly<Record<number, BasicInfo['realName']>> = { 1: 'passed', 2: 'in_progress', 3: 'failed' };

/** Nothing is concluded from a field that is absent, empty or strange, so it does no harm. */
const maybeText = textual.nullish().catch(null);
const maybeNumber = wholeNumber.nullish().catch(null);

const verification = z.object({
  qualification_verify: flag,
  naming_verify: flag.nullish(),
  annual_review_begin_time: maybeNumber,
  annual_review_end_time: maybeNumber,
});

const answer = z
  .object({
    appid: z.string().min(1),
    account_type: maybeNumber,
    nickname: maybeText,
    principal_name: maybeText,
    credential: maybeText,
    realname_status: maybeNumber,
    customer_type: maybeNumber,
    wx_verify_info: verification.nullish(),
  })
  // Silence is no proof: an account must not seem to have lapsed because an answer says nothing of its verification.
  .refine(({ wx_verify_info: told, customer_type: type }) => told || type === 0, { path: ['wx_verify_info'] })
  .transform(({ wx_verify_info: told, ...more }): BasicInfo => {
    const isQualified = told?.qualification_verify ?? false;
    return {
      appid: more.appid,
      kind: KINDS[more.account_type ?? 0] ?? null,
      nickname: more.nickname || null,
      principalName: more.principal_name || null,
      credential: more.credential || null,
      realName: REAL_NAME[more.realname_status ?? 0] ?? null,
      customerType: more.customer_type ?? null,
      isQualified,
      isNamed: told?.naming_verify ?? false,
      reviewFrom: isQualified ? instantOf(told?.annual_review_begin_time) : null,
      reviewUntil: isQualified ? instantOf(told?.annual_review_end_time) : null,
    };
  });

/**
 * Asks WeChat for the state of an account under that account's own token.
 * @param appid an answer about another account is not believed
 * @returns `not_available` where WeChat does not let us ask (48001, as users report of self-developed accounts)
 * @throws {UpstreamError}
 */
export async function askBasicInfo(caller: Pick<AppApi, 'call'>, appid: string): Promise<BasicInfo | 'not_available'> {
  const shape = answer.refine((told) => told.appid === appid, { path: ['appid'] });
  const ask = (method: Call['method']) => caller.call({ method, path: PATH, isHarmless: true }, shape);
  try {
    // POST by the current page, GET by older ones.
    return await ask('POST').catch((error: unknown) => {
      if (isRefusal(error, MUST_GET)) return ask('GET');
      throw error;
    });
  } catch (error) {
    if (isRefusal(error, UNAUTHORISED)) return 'not_available';
    throw error;
  }
}

const instantOf = (seconds: number | null | undefined): Date | null =>
  seconds && seconds > 0 && seconds < TOO_LATE_SECONDS ? new Date(seconds * 1000) : null;

const isRefusal = (error: unknown, errcode: number): boolean => isUpstream(error) && error.wechatCode === errcode;
