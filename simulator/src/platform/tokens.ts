import { randomBytes } from 'node:crypto';
import { shanghaiDay } from './quotas.ts';

/** The two families live side by side and do not touch each other. */
export type TokenFamily = 'plain' | 'stable';

export interface IssuedToken {
  token: string;
  expiresIn: number;
}

/** `superseded`: a newer or a forced token has taken its place; `malformed`: never looked like a token. */
export type TokenState = 'valid' | 'expired' | 'superseded' | 'unknown' | 'malformed';

interface KeptToken {
  appid: string;
  family: TokenFamily;
  value: string;
  /** End of the promised lifetime. */
  expiresAt: number;
  /** Set when something newer has taken its place: it works until then. */
  supersededAt?: number;
}

const LIFETIME_MS = 7200_000;
const OVERLAP_MS = 300_000;
const FORCED_APART_MS = 30_000;
const FORCED_A_DAY = 20;
/** The documentation asks to reserve at least 512 characters, so every token here has as many: a narrow column shows at once. */
const TOKEN_LENGTH = 512;
const TOKEN_FORM = /^\d{2,3}_[A-Za-z0-9_-]{100,}$/;

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** Access tokens of all accounts (official documentation, interface call credentials and their stable version). */
export class TokenEngine {
  private readonly tokens = new Map<string, KeptToken>();
  private readonly latest = new Map<string, KeptToken>();
  private readonly forced = new Map<string, number[]>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** `/cgi-bin/token`: always a new token; the earlier one works for five more minutes. */
  issuePlain(appid: string): IssuedToken {
    return this.replace(appid, 'plain', this.now() + OVERLAP_MS);
  }

  /** `/cgi-bin/stable_token`, normal mode: the same token with what is left of its life, a new one in its last five minutes. */
  issueStable(appid: string): IssuedToken {
    const current = this.latest.get(`stable ${appid}`);
    const leftMs = current && this.isAlive(current) ? current.expiresAt - this.now() : 0;
    if (current && leftMs > OVERLAP_MS) return { token: current.value, expiresIn: seconds(leftMs) };
    return this.replace(appid, 'stable', Infinity);
  }

  /** `force_refresh`: kills the earlier tokens at once. Two calls within 30 s refresh nothing; null when the twenty of the day are used. */
  forceStable(appid: string): IssuedToken | null {
    const at = this.now();
    const today = (this.forced.get(appid) ?? []).filter((earlier) => shanghaiDay(earlier) === shanghaiDay(at));
    const last = this.forced.get(appid)?.at(-1);
    if (last !== undefined && at - last < FORCED_APART_MS) return this.issueStable(appid);
    if (today.length >= FORCED_A_DAY) return null;
    this.forced.set(appid, [...today, at]);
    for (const token of this.tokens.values()) {
      if (token.appid === appid && token.family === 'stable')
        token.supersededAt = Math.min(token.supersededAt ?? at, at);
    }
    return this.replace(appid, 'stable', at);
  }

  /** What a token given with a call is worth, and whose it is. */
  check(value: string): { state: TokenState; appid?: string } {
    const kept = this.tokens.get(value);
    if (!kept) return { state: TOKEN_FORM.test(value) ? 'unknown' : 'malformed' };
    const at = this.now();
    // Superseded first: whoever kept an old token for hours learns both, and either sends him for a new one.
    if (kept.supersededAt !== undefined && at >= kept.supersededAt) return { state: 'superseded', appid: kept.appid };
    return { state: at >= kept.expiresAt ? 'expired' : 'valid', appid: kept.appid };
  }

  /** Lever: ends every token of an account as if it had been issued long ago. */
  expireAll(appid: string): void {
    for (const token of this.tokens.values()) {
      if (token.appid === appid) token.expiresAt = Math.min(token.expiresAt, this.now());
    }
  }

  private isAlive(token: KeptToken): boolean {
    return this.now() < Math.min(token.expiresAt, token.supersededAt ?? Infinity);
  }

  private replace(appid: string, family: TokenFamily, formerEndsAt: number): IssuedToken {
    const former = this.latest.get(`${family} ${appid}`);
    if (former) former.supersededAt = Math.min(former.supersededAt ?? Infinity, formerEndsAt);
    const value = `98_${randomBytes(TOKEN_LENGTH)
      .toString('base64url')
      .slice(0, TOKEN_LENGTH - 3)}`;
    const token: KeptToken = { appid, family, value, expiresAt: this.now() + LIFETIME_MS };
    this.tokens.set(value, token);
    this.latest.set(`${family} ${appid}`, token);
    return { token: value, expiresIn: LIFETIME_MS / 1000 };
  }
}
