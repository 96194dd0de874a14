import { randomBytes } from 'node:crypto';
import { OneTimeCodes } from '../platform/one-time-codes.ts';

export type Scope = 'snsapi_base' | 'snsapi_userinfo';

/** What a person, or a snapshot's virtual person, gave to the official account. */
export interface Grant {
  personId: string;
  openid: string;
  unionid: string;
  nickname: string;
  scope: Scope;
  isSnapshot: boolean;
}

/** Why a grant ended before its time. */
export const ENDINGS = ['password-changed', 'authorisation-withdrawn'] as const;
export type Ended = (typeof ENDINGS)[number];

interface KeptGrant {
  grant: Grant;
  expiresAt: number;
  ended?: Ended;
}

export type GrantState = 'valid' | 'expired' | 'unknown' | Ended;

const ACCESS_MS = 7200_000;
/** Thirty days; not confirmed by a page that is still there. */
const REFRESH_MS = 30 * 86_400_000;
export const ACCESS_SECONDS = ACCESS_MS / 1000;

/** Web authorisation of the official account (official documentation, web authorisation). */
export class WebState {
  readonly codes: OneTimeCodes<Grant>;
  private readonly accesses = new Map<string, KeptGrant>();
  private readonly refreshes = new Map<string, KeptGrant>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
    this.codes = new OneTimeCodes(now);
  }

  /** A user's access token: not the account's own. */
  openAccess(grant: Grant): string {
    return this.keep(this.accesses, grant, ACCESS_MS);
  }

  openRefresh(grant: Grant): string {
    return this.keep(this.refreshes, grant, REFRESH_MS);
  }

  lookAtAccess(token: string): { state: GrantState; grant?: Grant } {
    return this.look(this.accesses, token);
  }

  lookAtRefresh(token: string): { state: GrantState; grant?: Grant } {
    return this.look(this.refreshes, token);
  }

  /** Lever: everything that a person granted is void from now on. */
  end(personId: string, why: Ended): void {
    for (const kept of [...this.accesses.values(), ...this.refreshes.values()]) {
      if (kept.grant.personId === personId) kept.ended = why;
    }
  }

  private keep(shelf: Map<string, KeptGrant>, grant: Grant, lifetimeMs: number): string {
    const token = `97_${randomBytes(96).toString('base64url')}`;
    shelf.set(token, { grant, expiresAt: this.now() + lifetimeMs });
    return token;
  }

  private look(shelf: Map<string, KeptGrant>, token: string): { state: GrantState; grant?: Grant } {
    const kept = shelf.get(token);
    if (!kept) return { state: 'unknown' };
    if (kept.ended) return { state: kept.ended, grant: kept.grant };
    return { state: this.now() >= kept.expiresAt ? 'expired' : 'valid', grant: kept.grant };
  }
}
