import { randomBytes } from 'node:crypto';

export type OpenTokenState = 'valid' | 'expired' | 'superseded';

interface KeptToken {
  owner: string;
  expiresAt: number;
  /** Set when something newer has taken its place: it works until then. */
  supersededAt?: number;
}

const LIFETIME_MS = 7200_000;
const OVERLAP_MS = 300_000;
/** The documentation asks to reserve as many. */
const TOKEN_LENGTH = 512;
export const TOKEN_SECONDS = LIFETIME_MS / 1000;

/** Tokens of one kind: of the component, or of the accounts that are authorised to it. */
export class OpenTokens {
  private readonly tokens = new Map<string, KeptToken>();
  private readonly latest = new Map<string, string>();
  private readonly now: () => number;
  private readonly formerLives: () => boolean;

  /** @param formerLives whether a token lives on when there is a newer one */
  constructor(now: () => number, formerLives: () => boolean) {
    this.now = now;
    this.formerLives = formerLives;
  }

  /** @param owner the appid that the token speaks for */
  issue(owner: string): string {
    const former = this.tokens.get(this.latest.get(owner) ?? '');
    if (former && !this.formerLives()) former.supersededAt = Math.min(former.supersededAt ?? Infinity, this.overlapEnd);
    const value = `98_${randomBytes(TOKEN_LENGTH)
      .toString('base64url')
      .slice(0, TOKEN_LENGTH - 3)}`;
    this.tokens.set(value, { owner, expiresAt: this.now() + LIFETIME_MS });
    this.latest.set(owner, value);
    return value;
  }

  find(value: string): { owner: string; state: OpenTokenState } | null {
    const kept = this.tokens.get(value);
    if (!kept) return null;
    const at = this.now();
    if (kept.supersededAt !== undefined && at >= kept.supersededAt) return { owner: kept.owner, state: 'superseded' };
    return { owner: kept.owner, state: at >= kept.expiresAt ? 'expired' : 'valid' };
  }

  /** Lever: ends every token as if it had been issued long ago. */
  expireAll(owner?: string): void {
    for (const kept of this.tokens.values())
      if (owner === undefined || kept.owner === owner) kept.expiresAt = Math.min(kept.expiresAt, this.now());
  }

  private get overlapEnd(): number {
    return this.now() + OVERLAP_MS;
  }
}
