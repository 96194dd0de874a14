import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { IsNull } from 'typeorm';
import { WebSignIn } from '../../entities/web-sign-in.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import { isSame, newToken, sha256 } from '../platform/crypto.ts';
import { AppError, UpstreamError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { WebAuthorisation, WebScope } from '../platform/official-account/index.ts';
import type { Desk } from '../platform/work.ts';
import { backPath } from './back-path.ts';
import { consentRefused, signInRefusal, snapshotUser, stateInvalid } from './errors.ts';
import { findSession } from './find-session.ts';
import { askAboutFollower } from './follow-state.ts';
import { keepNickname } from './nickname.ts';
import { openSession, type OpenedSession } from './open-session.ts';
import { recordIdentity } from './record-identity.ts';
import { dropSession } from './revoke-session.ts';

/** How long the trip to WeChat may take. */
const TRIP_MS = 15 * 60_000;
/** A second load of the same callback so soon after the first is a double click or a prefetch. */
const REPEAT_MS = 60_000;
const BROWSER = /^[A-Za-z0-9_-]{43}$/;

/** What the browser must be given, and where it is sent. */
export interface StartedTrip {
  address: string;
  /** For the browser's own cookie. */
  browser: string;
}

/** Begins a sign-in: the way back will be open to this browser only, and once. @param browser its cookie from an earlier start */
export async function startWebSignIn(
  desk: Desk,
  { scope, back, browser: known }: { scope: WebScope; back: string | undefined; browser: string | null },
): Promise<StartedTrip> {
  // Two pages of one browser may be signing in at once.
  const browser = known && BROWSER.test(known) ? known : newToken();
  // WeChat takes letters and digits only, 128 at most.
  const state = randomBytes(32).toString('hex');
  const trip = Object.assign(new WebSignIn(), {
    id: newId(),
    stateHash: sha256(state),
    browserHash: sha256(browser),
    scope,
    backTo: backPath(back),
    startedAt: desk.now(),
  });
  await desk.transaction(async (work) => void (await work.db.insert(WebSignIn, trip)));
  const redirectUri = `${desk.config.PUBLIC_ORIGIN}/app/oauth/callback`;
  return { address: desk.officialAccount.authoriseUrl({ redirectUri, scope, state }), browser };
}

/** What a browser brings when it comes back. */
export interface Return {
  /** Absent when the person refused. */
  code?: string | undefined;
  state?: string | undefined;
  /** Its own cookie. */
  browser: string | null;
  /** The session it has already, if any. */
  token: string | null;
  device: string;
}

export interface EndedTrip {
  backTo: string;
  /** Why nobody was signed in. */
  refusal?: ErrorCode;
  /** Absent when the browser is signed in already. */
  opened?: OpenedSession;
}

/** Ends a sign-in. A refusal is not thrown: the person goes back to where they were, and is told there. */
export async function finishWebSignIn(desk: Desk, came: Return): Promise<EndedTrip> {
  const trip = await findTrip(desk, came);
  if (!trip) return { backTo: '/', refusal: 'session.state_invalid' };
  try {
    const opened = (await takeTrip(desk, trip)) ? await complete(desk, trip, came) : await repeat(desk, trip, came);
    return opened ? { backTo: trip.backTo, opened } : { backTo: trip.backTo };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { backTo: trip.backTo, refusal: error.code };
  }
}

/** Somebody else's trip does not exist. */
async function findTrip(desk: Desk, { state, browser }: Return): Promise<WebSignIn | null> {
  if (!state || !browser) return null;
  const trip = await desk.db.findOneBy(WebSignIn, { stateHash: sha256(state) });
  return trip && isSame(trip.browserHash, sha256(browser)) ? trip : null;
}

/** Of several loads one gets true, once. @throws {AppError} session.state_invalid when it took too long */
async function takeTrip(desk: Desk, { id, startedAt }: WebSignIn): Promise<boolean> {
  if (desk.now().getTime() - startedAt.getTime() > TRIP_MS) throw stateInvalid();
  const { affected } = await desk.transaction((work) =>
    work.db.update(WebSignIn, { id, usedAt: IsNull() }, { usedAt: work.now() }),
  );
  return affected === 1;
}

async function complete(desk: Desk, trip: WebSignIn, { code, token, device }: Return): Promise<OpenedSession> {
  if (!code) throw consentRefused();
  const { openid, unionid, nickname } = await authorise(desk, trip.scope, code);
  const { appid } = desk.officialAccount;
  return desk.transaction(
    async (work) => {
      const identity = await recordIdentity(work, { appKind: 'official-account', appid, openid, unionid });
      if (nickname) await keepNickname(work, identity.customerId, nickname);
      await askAboutFollower(work, identity);
      await work.db.update(WebSignIn, { id: trip.id }, { identityId: identity.id });
      if (token) await dropSession(work, token);
      return openSession(work, identity, device);
    },
    { retryDuplicates: true },
  );
}

interface Authorised {
  openid: string;
  unionid: string | undefined;
  nickname?: string;
}

/** @throws {AppError} session.snapshot, session.code_refused, upstream.unavailable, upstream.refused */
async function authorise(desk: Desk, scope: WebScope, code: string): Promise<Authorised> {
  try {
    const user = await desk.officialAccount.exchangeCode(code);
    if (user.isSnapshot) throw snapshotUser();
    const { openid, unionid } = user;
    if (scope === 'snsapi_base') return { openid, unionid };
    const profile = await profileOf(desk, user);
    return { openid, unionid: unionid ?? profile.unionid, nickname: profile.nickname };
  } catch (error) {
    throw signInRefusal(error);
  }
}

/** The flag of a snapshot page can be missing at first; the profile of its virtual user is refused then. */
async function profileOf(desk: Desk, { accessToken, openid }: WebAuthorisation) {
  try {
    return await desk.officialAccount.userInfo(accessToken, openid);
  } catch (error) {
    throw error instanceof UpstreamError && error.code === 'not_authorised' ? snapshotUser() : error;
  }
}

/**
 * The same browser loads the same callback again. The code is used up, but whoever it stood for is known: the browser may
 * have dropped the first answer with its cookie, so it is signed in unless it is already.
 * @throws {AppError} session.state_invalid
 */
async function repeat(desk: Desk, trip: WebSignIn, { token, device }: Return): Promise<OpenedSession | null> {
  const done = await waitForFirstLoad(desk, trip);
  if (!done?.identityId || !isFresh(desk, done, REPEAT_MS)) throw stateInvalid();
  const { identityId } = done;
  const current = token ? await findSession(desk, token) : null;
  if (current?.identityId === identityId) return null;
  return desk.transaction(async (work) =>
    openSession(work, await work.db.findOneByOrFail(WechatIdentity, { id: identityId }), device),
  );
}

/** The first load may still be talking to WeChat. */
async function waitForFirstLoad(desk: Desk, { id }: WebSignIn): Promise<WebSignIn | null> {
  const longestMs = desk.config.WECHAT_API_TIMEOUT_MS;
  for (let waitedMs = 0; ; waitedMs += 100) {
    const trip = await desk.db.findOneBy(WebSignIn, { id });
    if (!trip || trip.identityId || waitedMs >= longestMs || !isFresh(desk, trip, longestMs)) return trip;
    await pause(100);
  }
}

const isFresh = (desk: Desk, { usedAt }: WebSignIn, ms: number): boolean =>
  usedAt !== null && desk.now().getTime() - usedAt.getTime() <= ms;
