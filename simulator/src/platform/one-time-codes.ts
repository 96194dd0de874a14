import { randomBytes } from 'node:crypto';

export type CodeState = 'fresh' | 'used' | 'expired' | 'unknown';

export interface TakenCode<Meaning> {
  state: CodeState;
  /** What the code stands for; absent only when it is unknown. */
  meaning?: Meaning;
}

interface KeptCode<Meaning> {
  meaning: Meaning;
  expiresAt: number;
  isUsed: boolean;
}

/** Codes that work once and for a short time: OAuth codes, login codes, phone-number codes. */
export class OneTimeCodes<Meaning> {
  private readonly codes = new Map<string, KeptCode<Meaning>>();
  private readonly now: () => number;
  private readonly lifetimeMs: () => number;

  constructor(now: () => number, lifetimeMs = () => 5 * 60_000) {
    this.now = now;
    this.lifetimeMs = lifetimeMs;
  }

  issue(meaning: Meaning): string {
    const code = `0${randomBytes(24).toString('base64url').slice(0, 31)}`;
    this.codes.set(code, { meaning, expiresAt: this.now() + this.lifetimeMs(), isUsed: false });
    return code;
  }

  /** Looks without using the code up. */
  look(code: string): TakenCode<Meaning> {
    const kept = this.codes.get(code);
    if (!kept) return { state: 'unknown' };
    if (kept.isUsed) return { state: 'used', meaning: kept.meaning };
    return { state: this.now() >= kept.expiresAt ? 'expired' : 'fresh', meaning: kept.meaning };
  }

  /** Uses the code up; only the first call inside its lifetime is answered with `fresh`. */
  take(code: string): TakenCode<Meaning> {
    const taken = this.look(code);
    if (taken.state === 'fresh') this.codes.get(code)!.isUsed = true;
    return taken;
  }
}
